// Servers that people run themselves.
import type { Preset } from '../preset.ts';
import { bearer, readsText } from './assumed.ts';

/** The model may have to be read from disk first. */
const firstToken = 300;

export const local = {
  // docs.ollama.com/api/anthropic-compatibility (since 0.14), docs.ollama.com/api/openai-compatibility
  ollama: {
    label: 'Ollama (this machine)',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:11434',
    quirks: bearer,
    docs: 'https://docs.ollama.com',
    modelsPath: '/v1/models',
    needsKey: false,
    models: readsText,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:11434/v1', quirks: {}, modelsPath: '/models' },
    },
    firstToken,
  },
  // lmstudio.ai/docs/developer/anthropic-compat, /docs/developer/openai-compat
  lmstudio: {
    label: 'LM Studio (this machine)',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:1234',
    quirks: bearer,
    docs: 'https://lmstudio.ai/docs/developer',
    modelsPath: '/v1/models',
    needsKey: false,
    models: readsText,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:1234/v1', quirks: {}, modelsPath: '/models' },
      'openai-responses': { baseUrl: 'http://localhost:1234/v1', quirks: {}, modelsPath: '/models' },
    },
    firstToken,
  },
  // docs.vllm.ai/en/stable/serving/integrations/claude_code, /serving/openai_compatible_server
  vllm: {
    label: 'vLLM',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:8000',
    quirks: bearer,
    docs: 'https://docs.vllm.ai',
    modelsPath: '/v1/models',
    needsKey: false,
    models: readsText,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:8000/v1', quirks: {}, modelsPath: '/models' },
      'openai-responses': { baseUrl: 'http://localhost:8000/v1', quirks: {}, modelsPath: '/models' },
    },
    firstToken,
  },
  // github.com/ggml-org/llama.cpp tools/server/README.md: POST /v1/messages (since pull 17570), /v1/chat/completions
  llamacpp: {
    label: 'llama.cpp server (this machine)',
    dialect: 'anthropic',
    baseUrl: 'http://localhost:8080',
    quirks: bearer,
    docs: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
    modelsPath: '/v1/models',
    needsKey: false,
    models: readsText,
    alternatives: {
      'openai-chat': { baseUrl: 'http://localhost:8080/v1', quirks: {}, modelsPath: '/models' },
    },
    firstToken,
  },
} as const satisfies Readonly<Record<string, Preset>>;
