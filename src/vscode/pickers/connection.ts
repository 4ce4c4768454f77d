import * as vscode from 'vscode';
import { clientChoices, connectionText } from '../connection-settings.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { pickOne } from './inputs.ts';

/** Copy Connection Settings…: the token reaches the clipboard only after a client was chosen. */
export async function copyConnectionSettings(shell: Shell): Promise<void> {
  if (shell.ready() === undefined) return;
  if (shell.environment() === undefined) {
    void vscode.window.showWarningMessage(shell.snapshot?.downReason ?? t('The router is not running.'));
    return;
  }
  const answer = await pickOne(
    {
      title: t('Copy Connection Settings'),
      placeholder: t('For which client? The copied text holds the router’s token.'),
    },
    clientChoices().map(({ client, label, description }) => ({ label, description, value: client })),
  );
  if (answer === undefined || answer === 'back') return;
  const environment = shell.environment();
  const port = shell.snapshot?.port;
  if (environment === undefined || port === undefined || shell.token === undefined) return;
  const variables = { ...environment.fixed, ...environment.routed };
  await vscode.env.clipboard.writeText(
    connectionText(answer.value, port, shell.token, variables, process.platform),
  );
  void vscode.window.setStatusBarMessage(`$(check) ${t('Connection settings copied')}`, 4000);
}
