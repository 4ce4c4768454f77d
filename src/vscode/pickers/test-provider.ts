import * as vscode from 'vscode';
import type { Subject } from '../present/row.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { pickProvider } from './pick-provider.ts';
import { withProgress } from './progress.ts';

/** Test Provider…: one small request with each key. */
export async function testProvider(shell: Shell, subject?: Subject): Promise<void> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return;
  const wanted = subject !== undefined && 'provider' in subject ? subject.provider : undefined;
  const name =
    wanted ?? (await pickProvider(t('Test Provider'), snapshot, (provider) => provider.enabled))?.name;
  if (name !== undefined) await testConfigured(shell, name);
}

/** Tests a configured provider and tells the result. Working keys come back from their cooldowns. */
export async function testConfigured(shell: Shell, provider: string): Promise<void> {
  try {
    const results = await withProgress(t('Testing {0}…', provider), () =>
      shell.call('testConfigured', { provider }),
    );
    if (results === undefined) return;
    const failed = results.filter((result) => !result.ok);
    if (failed.length === 0) {
      const fastest = Math.min(...results.map((result) => result.milliseconds));
      void vscode.window.showInformationMessage(t('{0} works ({1} ms).', provider, Math.round(fastest)));
      return;
    }
    const words = failed.map((result) => `${result.key}: ${result.message}`).join(' ');
    const some = failed.length < results.length;
    const message = some
      ? t('{0} works with some of its keys only. {1}', provider, words)
      : t('{0} does not work. {1}', provider, words);
    const change = t('Set Key');
    const choice = await vscode.window.showWarningMessage(message, change, t('Show Log'));
    if (choice === change) {
      await vscode.commands.executeCommand('switchyard.setKey', { kind: 'provider', provider });
    } else if (choice !== undefined) await vscode.commands.executeCommand('switchyard.showLog');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showWarningMessage(t('{0} could not be tested: {1}', provider, reason));
  }
}
