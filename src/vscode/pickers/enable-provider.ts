// Enable and Disable Provider…: what the checkbox does, for the keyboard.
import * as vscode from 'vscode';
import { enableEdit } from '../edits.ts';
import type { Subject } from '../present/row.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { pickProvider } from './pick-provider.ts';

/** Asks for the provider when `subject` does not tell it. */
export async function enableProvider(shell: Shell, enabled: boolean, subject?: Subject): Promise<void> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return;
  const known = subject?.kind === 'provider' ? subject.provider : undefined;
  if (known === undefined && !snapshot.providers.some((provider) => provider.enabled !== enabled)) {
    void vscode.window.showInformationMessage(
      enabled ? t('All providers are on already.') : t('All providers are off already.'),
    );
    return;
  }
  const title = enabled ? t('Enable Provider') : t('Disable Provider');
  const name =
    known ?? (await pickProvider(title, snapshot, (provider) => provider.enabled !== enabled, 'ask'))?.name;
  if (name !== undefined) await shell.editConfig(() => [enableEdit(name, enabled)]);
}
