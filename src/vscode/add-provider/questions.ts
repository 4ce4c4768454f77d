// The questions of Add Provider…, in order. Each writes its answer into the state.
import { presetOf, presets } from '../../core/config/presets.ts';
import {
  type Answer,
  askText,
  type Choice,
  type Frame,
  pickMany,
  pickOne,
  tickSome,
} from '../pickers/inputs.ts';
import { type Outcome, outcome, type Step } from '../pickers/steps.ts';
import { tokensWords } from '../present/health.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import type { Answers } from './answers.ts';
import { askKey, askKeySource } from './key-questions.ts';
import { type ChosenModel, checkName, checkUrl, proposeGroup, proposeName } from './plan.ts';
import { fetchModels, testModel } from './probe.ts';

export function steps(shell: Shell): Step<Answers>[] {
  return [
    { name: 'preset', ask: askPreset },
    { name: 'name', ask: askName },
    { name: 'url', ask: askUrl },
    { name: 'key-source', ask: (answers, frame) => askKeySource(answers, frame, shell) },
    { name: 'key', ask: askKey, applies: (answers) => answers.key.kind !== 'none' },
    { name: 'models', ask: (answers, frame) => askModels(answers, frame, shell) },
    { name: 'use', ask: (answers, frame) => askUse(answers, frame, shell) },
  ];
}

async function askPreset(answers: Answers, frame: Frame): Promise<Outcome> {
  const choices = Object.entries(presets)
    .filter(([id]) => id !== 'demo')
    .map(([id, preset]): Choice<string> => {
      const detail = preset.baseUrl === '' ? t('at an address of your choice') : preset.baseUrl;
      return { label: preset.label, description: detail, value: id };
    });
  const answer = await pickOne(
    { ...frame, placeholder: t('Which provider?') },
    choices,
    answers.presetId || undefined,
  );
  return outcome(answer, (id) => {
    if (id === answers.presetId) return;
    answers.presetId = id;
    answers.preset = presetOf(id);
    answers.name = '';
    answers.url = '';
    answers.offered = undefined;
    answers.models = [];
  });
}

async function askName(answers: Answers, frame: Frame): Promise<Outcome> {
  const answer = await askText({
    ...frame,
    value: answers.name || proposeName(answers.presetId, answers.taken),
    prompt: t('A name for this provider. Models are called NAME/model.'),
    check: (name) => checkName(name, answers.taken),
  });
  return outcome(answer, (name) => {
    answers.name = name;
  });
}

async function askUrl(answers: Answers, frame: Frame): Promise<Outcome> {
  const preset = answers.preset;
  if (preset === undefined) return 'cancel';
  if (preset.regions !== undefined && answers.url === '') {
    const region = await askRegion(frame, preset.regions);
    if (region === undefined || region === 'back') return region ?? 'cancel';
    if (region.value !== '') {
      answers.url = region.value;
      return 'next';
    }
  }
  const answer = await askText({
    ...frame,
    value: answers.url || preset.baseUrl,
    placeholder: 'https://api.example.com/v1',
    prompt: t('The address of the API: its root, the part up to /v1, or a whole endpoint address.'),
    check: (url) => checkUrl(url, preset),
  });
  return outcome(answer, (url) => {
    if (url !== answers.url) answers.offered = undefined;
    answers.url = url;
  });
}

/** '' stands for another address. */
function askRegion(frame: Frame, regions: readonly { label: string; baseUrl: string }[]) {
  const choices: Choice<string>[] = regions.map((region) => ({
    label: region.label,
    description: region.baseUrl,
    value: region.baseUrl,
  }));
  choices.push({ label: t('Another address…'), value: '' });
  return pickOne(
    { ...frame, placeholder: t('Which address? A key of one does not work at another.') },
    choices,
  );
}

async function askModels(answers: Answers, frame: Frame, shell: Shell): Promise<Outcome> {
  if (answers.offered === undefined) {
    const step = await fetchModels(answers, frame, shell);
    if (step !== 'next') return step;
  }
  const listed = answers.offered ?? [];
  const typed = answers.models.filter((model) => !listed.some((other) => other.id === model.id));
  const offered = [...typed, ...listed];
  const suggested = new Set(answers.preset?.suggestedModels?.map((model) => model.id));
  const chosen = new Set(answers.models.map((model) => model.id));
  const picked = (id: string) =>
    chosen.size > 0 ? chosen.has(id) : suggested.has(id) || (suggested.size === 0 && offered.length <= 3);
  // What is ticked comes first: a provider may offer hundreds.
  const sorted = offered.toSorted((a, b) => Number(picked(b.id)) - Number(picked(a.id)));
  const placeholder =
    offered.length === 0
      ? t('Type the name of a model and press Enter')
      : t('Which models? Tick them, or type another name');
  const answer = await pickMany(
    { ...frame, placeholder },
    sorted.map((model) => modelChoice(model, picked(model.id))),
    (id) => modelChoice({ id }, false),
  );
  if (answer === undefined || answer === 'back') return answer ?? 'cancel';
  answers.models = answer.value;
  answers.mainModel = answers.models[0]?.id ?? '';
  if (answers.models.length > 1) {
    const main = await askMain(answers, frame);
    if (main === 'back') return 'again';
    if (main === undefined) return 'cancel';
    answers.mainModel = main.value;
  }
  return testModel(answers, frame, shell);
}

function modelChoice(model: ChosenModel, picked: boolean): Choice<ChosenModel> {
  const description = model.context === undefined ? '' : t('{0} tokens', tokensWords(model.context));
  return { label: model.id, description, picked, value: model };
}

function askMain(answers: Answers, frame: Frame): Promise<Answer<string>> {
  return pickOne(
    { ...frame, placeholder: t('Which model is the main one? It is tested now.') },
    answers.models.map((model): Choice<string> => ({ label: model.id, value: model.id })),
    answers.mainModel,
  );
}

async function askUse(answers: Answers, frame: Frame, shell: Shell): Promise<Outcome> {
  const snapshot = shell.snapshot;
  const first = snapshot === undefined || snapshot.demo || snapshot.providers.length === 0;
  const current = snapshot?.routes.find((route) => route.name === 'default')?.target;
  const group = proposeGroup(answers.mainModel, new Set([...answers.taken, answers.name]));
  const target = `${answers.name}/${answers.mainModel}`;
  const groups = first ? [] : (snapshot?.groups ?? []);
  const replaces = first || current === undefined ? '' : t('now {0}', current);
  const choices: Choice<string>[] = [
    {
      label: t('Use it for the default route'),
      description: replaces,
      picked: first || current === undefined,
      value: 'default',
    },
    {
      label: t('Make the model group {0}', group),
      description: t('one name for this model, also at other providers'),
      picked: first,
      value: 'group',
    },
    ...groups.map(
      (entry): Choice<string> => ({
        label: t('Add {0} to the model group {1}', target, entry.name),
        description: t('tried after {0}', entry.targets.at(-1)?.target ?? ''),
        value: `add:${entry.name}`,
      }),
    ),
  ];
  const answer = await tickSome(
    { ...frame, placeholder: t('How will it be used? Press Enter to finish') },
    choices,
  );
  return outcome(answer, (values) => {
    answers.makeDefault = values.includes('default');
    answers.newGroup = values.includes('group') ? group : undefined;
    answers.addToGroups = groups.map((entry) => entry.name).filter((name) => values.includes(`add:${name}`));
  });
}
