// Asking the new provider: which models it has, and whether one answers. Each failure can be mended without starting over.
import { type Choice, type Frame, pickOne } from '../pickers/inputs.ts';
import { withProgress } from '../pickers/progress.ts';
import type { Outcome } from '../pickers/steps.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { type Answers, probeTarget } from './answers.ts';

/** Fetches the list of models into `answers.offered`. */
export async function fetchModels(answers: Answers, frame: Frame, shell: Shell): Promise<Outcome> {
  const { preset } = answers;
  if (preset === undefined) return 'cancel';
  const result = await attempt(t('Asking {0} for its models…', answers.name), () =>
    shell.call('listModels', probeTarget(answers, preset)),
  );
  const suggested = preset.suggestedModels ?? [];
  if (result.ok) {
    // The list rarely tells the window; the preset may know it.
    answers.offered = result.value.models.map((model) => {
      const context = model.context ?? suggested.find((known) => known.id === model.id)?.context;
      return context === undefined ? { id: model.id } : { id: model.id, context };
    });
    return 'next';
  }
  const next = await afterFailure(answers, frame, t('No list of models: {0}', result.message), [
    { label: t('Name the models by hand'), value: 'go-on' },
  ]);
  if (next !== 'go-on') return next;
  answers.offered = suggested.map(({ id, context }) => (context === undefined ? { id } : { id, context }));
  return 'next';
}

/** Sends one small request with the main model. 'again' stands for choosing the models once more. */
export async function testModel(answers: Answers, frame: Frame, shell: Shell): Promise<Outcome> {
  const { preset } = answers;
  if (preset === undefined) return 'cancel';
  for (;;) {
    const result = await attempt(t('Testing {0}/{1}…', answers.name, answers.mainModel), () =>
      shell.call('testProvider', { ...probeTarget(answers, preset), model: answers.mainModel }),
    );
    if (result.ok) return 'next';
    const next = await afterFailure(answers, frame, t('The test failed: {0}', result.message), [
      { label: t('Choose other models'), value: 'models' },
      { label: t('Save anyway'), value: 'go-on' },
    ]);
    if (next === 'go-on') return 'next';
    // The models were asked for before the test.
    if (next === 'back') return 'again';
    if (next !== 'again') return next;
  }
}

async function afterFailure(
  answers: Answers,
  frame: Frame,
  message: string,
  further: Choice<string>[],
): Promise<Outcome | 'go-on'> {
  const choices: Choice<string>[] = [
    { label: t('Try again'), value: 'again' },
    { label: t('Change the address'), value: 'url' },
    { label: t('Change the key'), value: answers.key.kind === 'none' ? 'key-source' : 'key' },
    ...further,
  ];
  const answer = await pickOne({ ...frame, placeholder: t('What now?'), notice: message }, choices);
  if (answer === undefined) return 'cancel';
  if (answer === 'back' || answer.value === 'go-on' || answer.value === 'again') {
    return answer === 'back' ? 'back' : (answer.value as 'go-on' | 'again');
  }
  return { goTo: answer.value };
}

type Outcomes<T> = { ok: true; value: T } | { ok: false; message: string };

/** Runs a call of the router's thread. */
async function attempt<T>(title: string, work: () => Promise<T>): Promise<Outcomes<T>> {
  try {
    const value = await withProgress(title, work);
    return value === undefined ? { ok: false, message: t('cancelled') } : { ok: true, value };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
