import * as vscode from 'vscode';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { t } from './translate.ts';

/** The few things that are worth a notification; everything else is told by status bar, trees and log. */
export class Notices {
  #told: string | undefined;

  /** Says once why the router does not run. */
  show(snapshot: RouterSnapshot | undefined): void {
    if (snapshot === undefined || snapshot.phase === 'starting') return;
    const reason =
      snapshot.phase === 'down' ? (snapshot.downReason ?? t('The router is not running.')) : undefined;
    if (reason === this.#told) return;
    this.#told = reason;
    if (reason !== undefined) void tell(reason, snapshot.takenPort !== undefined);
  }
}

async function tell(reason: string, portTaken: boolean): Promise<void> {
  // A restart would find the same program on the same port.
  const first = portTaken ? t('Use Another Port…') : t('Restart Router');
  const open = t('Open Config');
  const choice = await vscode.window.showErrorMessage(
    t('Switchyard: {0}', reason),
    first,
    open,
    t('Show Log'),
  );
  if (choice === undefined) return;
  const deed = portTaken ? 'useAnotherPort' : 'restartRouter';
  const command = choice === first ? deed : choice === open ? 'openConfig' : 'showLog';
  await vscode.commands.executeCommand(`switchyard.${command}`);
}

/** Asks whether new terminals get what the changed routes call for. */
export async function confirmNewEnvironment(): Promise<boolean> {
  const use = t('Use in New Terminals');
  const message = t(
    'The default route now leads to a model that Claude Code should be told about differently. Open terminals keep their settings.',
  );
  return (await vscode.window.showInformationMessage(message, use, t('Not Now'))) === use;
}
