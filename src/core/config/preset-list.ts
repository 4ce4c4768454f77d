// The presets' data, in the order of the picker: the best known, other makers, other hosts, then what runs nearby. Native
// Anthropic endpoints are preferred: nothing has to be converted. The comment before each entry names its source.

import type { Preset } from './preset.ts';
import { custom } from './preset-list/custom.ts';
import { firstParty } from './preset-list/first-party.ts';
import { firstPartyChina } from './preset-list/first-party-china.ts';
import { gateways } from './preset-list/gateways.ts';
import { hosts } from './preset-list/hosts.ts';
import { local } from './preset-list/local.ts';

const { anthropic, openai, gemini, ...otherMakers } = firstParty;
const { openrouter, ...otherHosts } = hosts;

export const presetList = {
  anthropic,
  openai,
  gemini,
  openrouter,
  ...firstPartyChina,
  ...otherMakers,
  ...otherHosts,
  ...local,
  ...gateways,
  ...custom,
} as const satisfies Readonly<Record<string, Preset>>;
