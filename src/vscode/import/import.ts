// Import…: a file of claude-code-router or LiteLLM becomes part of the user's own configuration.
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { foreignNames } from '../../core/config/foreign/shape.ts';
import { type ImportPlan, planImport, wholeText, writeImport } from '../../node/config/import-file.ts';
import { type Choice, pickOne } from '../pickers/inputs.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { saveOpenFiles } from '../unsaved.ts';
import { findFiles } from './find-files.ts';
import { withPreview } from './preview.ts';

/** Asks which file, shows what becomes of it, and writes only then. */
export async function importConfig(shell: Shell): Promise<void> {
  const file = await whichFile(shell);
  if (file === undefined) return;
  // The file that runs as it is can't be its own import: then the usual place gets it.
  const foreign = await shell.foreignProgram();
  const configFile = foreign === undefined ? shell.configFile : join(shell.home, 'config.yaml');
  if (!(await saveOpenFiles([file, configFile]))) return;
  const plan = await planImport({
    file,
    configFile,
    env: process.env,
    secretTaken: (name) => shell.hasKey(`secret:${name}`),
  });
  const text = plan.include === undefined ? wholeText(plan) : plan.text;
  if (!(await withPreview(plan.target, text, () => confirm(plan)))) return;
  await write(shell, plan);
  if (foreign !== undefined) await offerSwitch(shell, configFile);
}

async function whichFile(shell: Shell): Promise<string | undefined> {
  const found = await findFiles(shell.configFile);
  const choices = found.map(
    ({ file, kind }): Choice<string> => ({
      label: foreignNames[kind],
      description: file.startsWith(homedir()) ? `~${file.slice(homedir().length)}` : file,
      value: file,
    }),
  );
  if (choices.length > 0) {
    const other: Choice<string> = { label: t('Another file…'), value: '' };
    const frame = {
      title: t('Import'),
      placeholder: t('Which file? It is read only, and goes on working where it is.'),
    };
    const answer = await pickOne(frame, [...choices, other]);
    if (answer === undefined || answer === 'back') return undefined;
    if (answer.value !== '') return answer.value;
  }
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: t('A config.json of claude-code-router, or a config.yaml of LiteLLM'),
      filters: { JSON: ['json', 'json5'], YAML: ['yaml', 'yml'] },
    })) ?? [];
  return uri?.fsPath;
}

async function confirm(plan: ImportPlan): Promise<boolean> {
  const hosts = [...new Set(plan.keys.flatMap((key) => key.hosts))];
  const keys =
    plan.keys.length === 0
      ? t('No keys stand in the file.')
      : t('Keys to be kept by the editor: {0} ({1}).', plan.keys.length, hosts.join(', ') || t('clients'));
  const variables = plan.variables.map(({ name, hosts }) =>
    t('The variable {0} goes to {1}.', name, hosts.join(', ')),
  );
  const remarks = plan.report.length === 0 ? '' : t('Remarks at the top: {0}.', plan.report.length);
  const answer = await pickOne(
    {
      title: t('Import from {0}', plan.program),
      placeholder: t('Look at the preview: nothing is written yet.'),
      notice: [keys, ...variables, remarks].join(' ').trim(),
      stay: true,
    },
    [
      { label: t('Write {0}', basename(plan.target)), description: plan.target, value: true },
      { label: t('Cancel'), value: false },
    ],
  );
  return answer !== undefined && answer !== 'back' && answer.value;
}

/** Keys first: a configuration without its keys would show every provider as failing. */
async function write(shell: Shell, plan: ImportPlan): Promise<void> {
  for (const { name, value, hosts } of plan.keys) await shell.storeSecret(name, value, hosts);
  await writeImport(plan);
  await shell.call('reloadConfig', {}).catch(() => undefined);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(plan.target));
  await vscode.window.showTextDocument(document);
  void vscode.window.showInformationMessage(t('Imported from {0}.', plan.program));
}

/** As long as the setting names the other program's file, the import is not in force. */
async function offerSwitch(shell: Shell, configFile: string): Promise<void> {
  if (process.env.SWITCHYARD_CONFIG?.trim()) {
    void vscode.window.showWarningMessage(
      t(
        'The variable SWITCHYARD_CONFIG still names {0}; without it {1} comes into force.',
        shell.configFile,
        configFile,
      ),
    );
    return;
  }
  const use = t('Use {0}', configFile);
  const message = t('The setting switchyard.configFile still names {0}.', shell.configFile);
  if ((await vscode.window.showInformationMessage(message, use)) !== use) return;
  const settings = () => vscode.workspace.getConfiguration('switchyard');
  await settings().update('configFile', undefined, vscode.ConfigurationTarget.Global);
  // In a remote window the old value may stand where only the user's own machine can remove it.
  if (settings().get('configFile', '').trim() !== '')
    await settings().update('configFile', configFile, vscode.ConfigurationTarget.Global);
}
