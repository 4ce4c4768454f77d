// Everything else: addresses that only the user knows, and the answers without any network.
import { demoModel, demoUrl } from '../../demo/demo-address.ts';
import type { Preset } from '../preset.ts';
import { readsText, seesAll, seesImages } from './assumed.ts';

export const custom = {
  // No source: what can be assumed of any such server.
  'custom-openai': {
    label: 'Custom, OpenAI-compatible',
    dialect: 'openai-chat',
    baseUrl: '',
    quirks: {},
    modelsPath: '/models',
    needsKey: false,
    models: seesImages,
  },
  // No source: what can be assumed of any such server.
  'custom-anthropic': {
    label: 'Custom, Anthropic-compatible',
    dialect: 'anthropic',
    baseUrl: '',
    quirks: {},
    modelsPath: '/v1/models',
    needsKey: false,
    models: seesAll,
  },
  // src/core/demo answers in process.
  demo: {
    label: 'Demo (built in, no network)',
    dialect: 'anthropic',
    baseUrl: demoUrl,
    quirks: {},
    needsKey: false,
    models: readsText,
    suggestedModels: [{ id: demoModel, context: 200_000, maxOutput: 8192 }],
  },
} as const satisfies Readonly<Record<string, Preset>>;
