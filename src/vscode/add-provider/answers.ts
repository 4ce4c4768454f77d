import { normaliseBaseUrl } from '../../core/config/base-url.ts';
import type { Preset } from '../../core/config/preset.ts';
import type { ProbeTarget } from '../../node/host-link.ts';
import type { ChosenModel, KeySource } from './plan.ts';

/** The answers of Add Provider… so far. */
export interface Answers {
  /** Names of providers and groups that exist already. */
  taken: ReadonlySet<string>;
  presetId: string;
  preset: Preset | undefined;
  name: string;
  url: string;
  key: KeySource;
  /** The key itself, until it is stored. */
  keyValue: string;
  /** What the provider said it has; undefined until it was asked, or when asking again is due. */
  offered: ChosenModel[] | undefined;
  models: ChosenModel[];
  /** The model that is tested and that routes and groups get. */
  mainModel: string;
  newGroup: string | undefined;
  addToGroups: string[];
  makeDefault: boolean;
}

export function noAnswers(taken: ReadonlySet<string>): Answers {
  return {
    taken,
    presetId: '',
    preset: undefined,
    name: '',
    url: '',
    key: { kind: 'secret', name: '' },
    keyValue: '',
    offered: undefined,
    models: [],
    mainModel: '',
    newGroup: undefined,
    addToGroups: [],
    makeDefault: false,
  };
}

/** What the router's thread needs in order to call a provider that is not configured yet. */
export function probeTarget(answers: Answers, preset: Preset): ProbeTarget {
  const key = answers.key.kind === 'env' ? (process.env[answers.key.name] ?? '') : answers.keyValue;
  return {
    preset: answers.presetId,
    dialect: preset.dialect,
    baseUrl: normaliseBaseUrl(answers.url, preset.dialect),
    ...(answers.key.kind === 'none' || key === '' ? {} : { key }),
  };
}
