import * as vscode from 'vscode';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';

/** Rotate Token…: a new token for all windows; whoever has the old one is refused from now on. */
export async function rotateToken(shell: Shell): Promise<void> {
  if (shell.ready() === undefined) return;
  const rotate = t('Make a New Token');
  const detail = t(
    'Open terminals and every program that holds the present token are refused until they get the new one. New terminals get it by themselves.',
  );
  const options = { modal: true, detail };
  const question = t('Replace the token of the router?');
  if ((await vscode.window.showWarningMessage(question, options, rotate)) !== rotate) return;
  await shell.call('rotateToken', {});
  const copy = t('Copy Connection Settings…');
  const message = t('There is a new token. Open terminals keep the old one: start claude in a new one.');
  if ((await vscode.window.showInformationMessage(message, copy)) !== copy) return;
  await vscode.commands.executeCommand('switchyard.copyConnectionSettings');
}
