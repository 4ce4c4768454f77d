// Remove Traces From Claude Code Settings…: what an earlier router, or a copied set-up, left in Claude Code's own files.
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import {
  claudeSettingsFiles,
  findTraces,
  removeTraces,
  type SettingsChange,
  type Trace,
  undoChange,
} from '../../node/claude-settings-files.ts';
import { t } from '../translate.ts';
import { saveOpenFiles } from '../unsaved.ts';
import { type Choice, separator, tickSome } from './inputs.ts';

/** Asks which; those that lead to a router on this machine are ticked. The change can be undone. */
export async function removeClaudeTraces(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const traces = findTraces(claudeSettingsFiles(homedir(), folder, process.env));
  if (traces.length === 0) {
    void vscode.window.showInformationMessage(t('No settings file of Claude Code leads it anywhere.'));
    return;
  }
  const answer = await tickSome(
    {
      title: t('Remove Traces From Claude Code Settings'),
      placeholder: t('What is ticked is removed. All else in the files stays.'),
    },
    traceChoices(traces),
  );
  if (answer === undefined || answer === 'back' || answer.value.length === 0) return;
  const byFile = Map.groupBy(answer.value, (trace) => trace.file);
  if (!(await saveOpenFiles([...byFile.keys()]))) return;
  const changes: SettingsChange[] = [];
  for (const [file, chosen] of byFile)
    changes.push(
      await removeTraces(
        file,
        chosen.map((trace) => trace.name),
      ),
    );
  const undo = t('Undo');
  const message = t('Removed from the settings of Claude Code. It counts from the next start of claude on.');
  if ((await vscode.window.showInformationMessage(message, undo)) !== undo) return;
  for (const change of changes) await undoChange(change);
}

/** Under a heading for each file. */
export function traceChoices(traces: readonly Trace[]): Choice<Trace>[] {
  return [...Map.groupBy(traces, (trace) => trace.file)].flatMap(([file, found]) => [
    separator<Trace>(file),
    ...found.map(
      (trace): Choice<Trace> => ({
        label: trace.name,
        description: trace.ofRouter ? t('of a router on this machine') : '',
        picked: trace.ofRouter,
        value: trace,
      }),
    ),
  ]);
}
