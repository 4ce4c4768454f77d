// Gateways that people run themselves: the addresses are those of a fresh installation.
import type { Preset } from '../preset.ts';
import { bearer, seesAll, seesImages } from './assumed.ts';

export const gateways = {
  // docs.litellm.ai/docs/proxy/client_setup/claude_code
  litellm: {
    label: 'LiteLLM proxy',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:4000',
    quirks: bearer,
    docs: 'https://docs.litellm.ai/docs/proxy/client_setup/claude_code',
    modelsPath: '/v1/models',
    needsKey: false,
    models: seesImages,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:4000/v1', quirks: {}, modelsPath: '/models' },
      'openai-responses': { baseUrl: 'http://localhost:4000/v1', quirks: {}, modelsPath: '/models' },
    },
  },
  // github.com/Wei-Shaw/claude-relay-service README.md and src/routes; the Gemini side answers 500 to every error unless streamed
  crs: {
    label: 'claude-relay-service',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:3000/api',
    quirks: {},
    docs: 'https://github.com/Wei-Shaw/claude-relay-service',
    modelsPath: '/v1/models',
    needsKey: true,
    models: seesAll,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:3000/openai/v1', quirks: {} },
      'openai-responses': { baseUrl: 'http://localhost:3000/openai/v1', quirks: {} },
      gemini: {
        baseUrl: 'http://localhost:3000/gemini/v1beta',
        // Its handler passes on the contents alone.
        quirks: { tokenCount: 'none' },
        modelsPath: '/models',
      },
    },
  },
  // github.com/musistudio/claude-code-router README.md: port 3456, APIKEY optional; version 2 has no list of models
  ccr: {
    label: 'claude-code-router',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:3456',
    quirks: {},
    docs: 'https://github.com/musistudio/claude-code-router',
    needsKey: false,
    models: seesImages,
  },
  // github.com/QuantumNous/new-api router/relay-router.go: the four dialects, lists of models by the kind of key header
  'new-api': {
    label: 'new-api',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:3000',
    quirks: {},
    docs: 'https://github.com/QuantumNous/new-api',
    modelsPath: '/v1/models',
    needsKey: true,
    models: seesImages,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:3000/v1', quirks: {}, modelsPath: '/models' },
      'openai-responses': { baseUrl: 'http://localhost:3000/v1', quirks: {}, modelsPath: '/models' },
      gemini: { baseUrl: 'http://localhost:3000/v1beta', quirks: {}, modelsPath: '/models' },
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
