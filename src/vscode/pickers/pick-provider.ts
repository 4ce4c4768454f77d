import * as vscode from 'vscode';
import type { ProviderView, RouterSnapshot } from '../../core/snapshot.ts';
import { joined } from '../present/row.ts';
import { t } from '../translate.ts';
import { type Choice, pickOne } from './inputs.ts';

/** Says why a command can do nothing yet, and offers Add Provider…. */
export async function offerProvider(reason: string): Promise<void> {
  const add = t('Add Provider');
  const choice = await vscode.window.showInformationMessage(reason, add);
  if (choice === add) await vscode.commands.executeCommand('switchyard.addProvider');
}

/**
 * One of the configured providers. Undefined when given up.
 * @param only what to do when just one can be meant
 */
export async function pickProvider(
  title: string,
  snapshot: RouterSnapshot,
  offered: (provider: ProviderView) => boolean,
  only: 'take' | 'ask' = 'take',
): Promise<ProviderView | undefined> {
  const providers = snapshot.providers.filter(offered);
  if (providers.length === 1 && only === 'take') return providers[0];
  const choices = providers.map(
    (provider): Choice<ProviderView> => ({
      label: provider.name,
      description: joined(provider.enabled ? '' : t('switched off'), provider.baseUrl),
      value: provider,
    }),
  );
  const answer = await pickOne({ title, placeholder: t('Which provider?') }, choices);
  return answer === undefined || answer === 'back' ? undefined : answer.value;
}
