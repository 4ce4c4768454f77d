// Diagnose: what is in the way, as a list in which each entry mends what it tells.
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { claudeSettingsFiles, redirectsIn } from '../../node/claude-settings-files.ts';
import { looseFiles } from '../../node/loose-files.ts';
import type { ClaudeExtension } from '../claude-extension/claude-extension.ts';
import { findProgram } from '../find-program.ts';
import { pickOne, separator } from '../pickers/inputs.ts';
import { claudeProgram, injectsEnvironment, windowProfile } from '../settings.ts';
import type { Shell } from '../shell.ts';
import type { StaleTerminals } from '../stale-terminals.ts';
import { t } from '../translate.ts';
import { findingChoice, reportText } from './choices.ts';
import { type Finding, findingsOf, type Remedy } from './findings.ts';

export interface DiagnoseContext {
  shell: Shell;
  staleTerminals: StaleTerminals;
  claudeExtension: ClaudeExtension;
}

/** Looks, shows, and does what is chosen. */
export async function diagnose(context: DiagnoseContext): Promise<void> {
  const findings = await examine(context);
  if (findings === undefined) return;
  const wrong = findings.filter(({ level }) => level !== 'ok');
  const fine = findings.filter(({ level }) => level === 'ok');
  const answer = await pickOne<Remedy | 'copy'>(
    { title: t('Diagnose'), placeholder: placeholder(wrong.length) },
    [
      ...wrong.map(findingChoice),
      ...(fine.length === 0 ? [] : [separator<Remedy | 'copy'>(t('In order'))]),
      ...fine.map(findingChoice),
      separator(t('More')),
      { label: `$(beaker) ${t('Test Provider…')}`, value: { label: '', command: 'switchyard.testProvider' } },
      { label: `$(output) ${t('Show Log')}`, value: { label: '', command: 'switchyard.showLog' } },
      { label: `$(copy) ${t('Copy Report')}`, description: t('without keys and tokens'), value: 'copy' },
    ],
  );
  if (answer === undefined || answer === 'back') return;
  if (answer.value === 'copy') {
    await vscode.env.clipboard.writeText(reportText(findings));
    void vscode.window.setStatusBarMessage(`$(check) ${t('Report copied')}`, 4000);
    return;
  }
  const { command, argument } = answer.value;
  await vscode.commands.executeCommand(command, ...(argument === undefined ? [] : [argument]));
}

async function examine({
  shell,
  staleTerminals,
  claudeExtension,
}: DiagnoseContext): Promise<Finding[] | undefined> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return undefined;
  const program = claudeProgram();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return findingsOf({
    snapshot,
    secretsAvailable: shell.secretsAvailable,
    hasKey: (reference) => shell.hasKey(reference),
    // A file that can't be read is told of by the router already.
    foreignProgram: await shell.foreignProgram().catch(() => undefined),
    injects: injectsEnvironment(),
    staleTerminals: await staleTerminals.count(),
    windowProfile: windowProfile(),
    claude: { program, found: findProgram(program, process.env) !== undefined },
    claudeExtension: claudeExtension.state,
    redirects: claudeSettingsFiles(homedir(), folder, process.env)
      .map((file) => ({ file, names: redirectsIn(file, snapshot.port) }))
      .filter(({ names }) => names.length > 0),
    looseFiles: looseFiles(shell.home).map(({ file }) => file),
  });
}

function placeholder(count: number): string {
  if (count === 0) return t('Nothing is in the way.');
  const found = count === 1 ? t('1 finding.') : t('{0} findings.', count);
  return `${found} ${t('Choose one to mend it.')}`;
}
