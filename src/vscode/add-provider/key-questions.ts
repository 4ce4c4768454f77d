import { askText, type Choice, type Frame, pickOne } from '../pickers/inputs.ts';
import { type Outcome, outcome } from '../pickers/steps.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import type { Answers } from './answers.ts';
import { checkKey, checkVariable } from './check-key.ts';
import { freeSecretName, type KeySource } from './plan.ts';

/** Where the key comes from. */
export async function askKeySource(answers: Answers, frame: Frame, shell: Shell): Promise<Outcome> {
  const { preset } = answers;
  if (preset === undefined) return 'cancel';
  const enter: Choice<KeySource['kind']> = {
    label: t('Enter a key'),
    description: t('kept in the editor’s secret storage'),
    value: 'secret',
  };
  const variable: Choice<KeySource['kind']> = {
    label: t('Use an environment variable'),
    description: preset.keyVariable ?? '',
    value: 'env',
  };
  const none: Choice<KeySource['kind']> = { label: t('No key'), value: 'none' };
  // A server on this machine rarely wants a key; everybody else does.
  const local = !preset.needsKey && preset.baseUrl !== '';
  const choices = local
    ? [none, enter, variable]
    : preset.needsKey
      ? [enter, variable]
      : [enter, variable, none];
  const answer = await pickOne(
    { ...frame, placeholder: t('How does the router get the key?') },
    choices,
    local && answers.keyValue === '' ? 'none' : answers.key.kind,
  );
  return outcome(answer, (kind) => {
    if (kind !== answers.key.kind) {
      answers.keyValue = '';
      answers.offered = undefined;
    }
    if (kind === 'none') answers.key = { kind };
    else if (kind === 'env')
      answers.key = { kind, name: variableOf(answers.key) ?? preset.keyVariable ?? '' };
    else answers.key = { kind, name: freeSecretName(answers.name, shell.snapshot) };
  });
}

function variableOf(key: KeySource): string | undefined {
  return key.kind === 'env' ? key.name : undefined;
}

/** The key, or the variable's name. Pressing Enter is the consent to send it to the provider's address. */
export async function askKey(answers: Answers, frame: Frame): Promise<Outcome> {
  const host = URL.parse(answers.url)?.host || answers.url;
  if (answers.key.kind === 'env') {
    const answer = await askText({
      ...frame,
      value: answers.key.name,
      placeholder: answers.preset?.keyVariable ?? 'PROVIDER_API_KEY',
      prompt: t('The variable’s name. Enter sends its value to {0} and asks for the models.', host),
      check: checkVariable,
    });
    return outcome(answer, (name) => {
      answers.key = { kind: 'env', name };
      answers.offered = undefined;
    });
  }
  const page = answers.preset?.keyPage;
  const answer = await askText({
    ...frame,
    value: answers.keyValue,
    password: true,
    prompt: t('Enter sends the key to {0} and asks for the models.', host),
    ...(page === undefined ? {} : { page: { title: t('Get a key: {0}', page), url: page } }),
    check: checkKey,
  });
  return outcome(answer, (value) => {
    if (value !== answers.keyValue) answers.offered = undefined;
    answers.keyValue = value;
  });
}
