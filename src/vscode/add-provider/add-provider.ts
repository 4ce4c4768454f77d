// Add Provider…: from a preset to a working route. Nothing is sent anywhere before the user has confirmed address and key.
import * as vscode from 'vscode';
import { normaliseBaseUrl } from '../../core/config/base-url.ts';
import { keyPlace } from '../../core/config/key-place.ts';
import type { Preset } from '../../core/config/preset.ts';
import { runSteps } from '../pickers/steps.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { noAnswers } from './answers.ts';
import { addProviderEdits, takenNames } from './plan.ts';
import { steps } from './questions.ts';

/** Answers that are given already: then the first question is not asked. */
export interface GivenProvider {
  presetId: string;
  preset: Preset;
  name: string;
  baseUrl: string;
  models: readonly string[];
}

/** Asks, tests, and writes the provider into the config file. */
export async function addProvider(shell: Shell, given?: GivenProvider): Promise<void> {
  const answers = noAnswers(await takenInFile(shell));
  const questions = steps(shell).filter(({ name }) => given === undefined || name !== 'preset');
  if (given !== undefined) {
    const { presetId, preset, name, baseUrl, models } = given;
    Object.assign(answers, { presetId, preset, name, url: baseUrl, models: models.map((id) => ({ id })) });
  }
  if (!(await runSteps(t('Add Provider'), answers, questions))) return;
  const { preset, key } = answers;
  if (preset === undefined) return;
  const baseUrl = normaliseBaseUrl(answers.url, preset.dialect);
  // First the secret: a provider without its key would show as failing for a moment.
  if (key.kind === 'secret') await shell.storeSecret(key.name, answers.keyValue, [keyPlace(baseUrl)]);
  const added = await shell.editConfig(async () =>
    addProviderEdits({ ...answers, preset, baseUrl }, await shell.readConfig(['groups'])),
  );
  if (!added) return;
  const message = answers.makeDefault
    ? t('{0} is added and serves the default route.', answers.name)
    : t('{0} is added.', answers.name);
  void vscode.window.showInformationMessage(message);
}

/** Names that a new provider can't have. */
export async function takenInFile(shell: Shell): Promise<Set<string>> {
  return takenNames(shell.snapshot, {
    providers: await shell.readConfig(['providers']),
    groups: await shell.readConfig(['groups']),
  });
}
