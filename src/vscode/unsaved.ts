import { basename } from 'node:path';
import * as vscode from 'vscode';
import { t } from './translate.ts';

/**
 * Saves what is being typed in these files, after asking: an edit on disk would otherwise run into a conflict when the
 * user saves.
 * @returns false when the user does not want that, or a file could not be saved
 */
export async function saveOpenFiles(files: readonly string[]): Promise<boolean> {
  const open = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && document.uri.scheme === 'file' && files.includes(document.uri.fsPath),
  );
  if (open.length === 0) return true;
  const save = t('Save and Continue');
  const names = open.map((document) => basename(document.uri.fsPath)).join(', ');
  const message = t('{0} has changes in an editor that are not saved yet.', names);
  if ((await vscode.window.showWarningMessage(message, { modal: true }, save)) !== save) return false;
  const saved = await Promise.all(open.map((document) => document.save()));
  return saved.every(Boolean);
}
