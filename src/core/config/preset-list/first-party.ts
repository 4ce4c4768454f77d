// Makers of models with an API of their own, outside of China.
import type { Preset } from '../preset.ts';
import { million, seesAll, seesImages } from './assumed.ts';

export const firstParty = {
  // platform.claude.com/docs/en/models/overview (ids and limits of 2026-09), /docs/en/api/models-list
  anthropic: {
    label: 'Anthropic',
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    quirks: {},
    keyPage: 'https://platform.claude.com/settings/keys',
    docs: 'https://platform.claude.com/docs',
    modelsPath: '/v1/models',
    needsKey: true,
    keyVariable: 'ANTHROPIC_API_KEY',
    models: seesAll,
    suggestedModels: [
      { id: 'claude-opus-5-5', context: million, maxOutput: 128_000 },
      { id: 'claude-sonnet-5-5', context: million, maxOutput: 128_000 },
      { id: 'claude-haiku-5-5', context: million, maxOutput: 128_000 },
    ],
  },
  // platform.openai.com/docs/api-reference/responses, /docs/guides/tools-web-search. Not chat completions: since GPT-5.4
  // they refuse tools together with reasoning_effort (community.openai.com/t/1386454), and an agent always sends both.
  openai: {
    label: 'OpenAI',
    dialect: 'openai-responses',
    baseUrl: 'https://api.openai.com/v1',
    quirks: { webSearch: 'web_search_tool', promptCacheKey: true },
    keyPage: 'https://platform.openai.com/api-keys',
    docs: 'https://platform.openai.com/docs',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'OPENAI_API_KEY',
    models: seesAll,
    alternatives: {
      // platform.openai.com/docs/api-reference/chat: max_tokens is refused by reasoning models
      'openai-chat': {
        baseUrl: 'https://api.openai.com/v1',
        modelsPath: '/models',
        quirks: {
          maxTokensField: 'max_completion_tokens',
          developerRole: true,
          fileParts: true,
          promptCacheKey: true,
          webSearch: 'search_models',
        },
      },
    },
  },
  // ai.google.dev/api/generate-content, ai.google.dev/gemini-api/docs/openai
  gemini: {
    label: 'Google Gemini',
    dialect: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    quirks: {},
    keyPage: 'https://aistudio.google.com/apikey',
    docs: 'https://ai.google.dev/gemini-api/docs',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'GEMINI_API_KEY',
    models: seesAll,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
        quirks: { parallelToolCalls: false },
      },
    },
  },
  // docs.x.ai/developers/model-capabilities/text/best-practices: chat completions are deprecated, a prompt_cache_key per
  // conversation, encrypted reasoning sent back. The Anthropic endpoint is deprecated too.
  xai: {
    label: 'xAI (Grok)',
    dialect: 'openai-responses',
    baseUrl: 'https://api.x.ai/v1',
    quirks: { promptCacheKey: true, webSearch: 'xai_tool' },
    keyPage: 'https://console.x.ai',
    docs: 'https://docs.x.ai',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'XAI_API_KEY',
    models: seesImages,
    alternatives: {
      'openai-chat': { baseUrl: 'https://api.x.ai/v1', modelsPath: '/models', quirks: {} },
    },
  },
  // docs.mistral.ai/resources/migration-guides (base URL), docs.mistral.ai/inference/conversations/reasoning: only some
  // models know reasoning_effort, and not the same levels. stream_options is a 422 (openai/openai-agents-python#442),
  // max_completion_tokens too (editor-code-assistant/eca#231); ids of calls: mistralai/mistral-vibe#1075.
  mistral: {
    label: 'Mistral',
    dialect: 'openai-chat',
    baseUrl: 'https://api.mistral.ai/v1',
    quirks: { reasoning: 'none', streamUsage: false, toolCallIds: 'nine-alphanumerics' },
    keyPage: 'https://console.mistral.ai/api-keys',
    docs: 'https://docs.mistral.ai',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'MISTRAL_API_KEY',
    models: seesImages,
  },
  // docs.perplexity.ai/docs/agent-api/openai-compatibility (the Agent API takes /v1/responses), /docs/agent-api/tools
  // (web_search). The chat completions of Sonar ended on 2026-09-27 (/docs/agent-api/migrate-from-sonar/overview).
  perplexity: {
    label: 'Perplexity',
    dialect: 'openai-responses',
    baseUrl: 'https://api.perplexity.ai/v1',
    quirks: { webSearch: 'perplexity_tool' },
    keyPage: 'https://www.perplexity.ai/account/api/keys',
    docs: 'https://docs.perplexity.ai',
    needsKey: true,
    keyVariable: 'PERPLEXITY_API_KEY',
    models: seesImages,
  },
  // learn.microsoft.com/azure/foundry/openai/api-version-lifecycle: the v1 API needs no api-version, and the deployment's
  // name is the model. Its list of models names what could be deployed, not what is. Addresses: `azure-url.ts`. Claude:
  // platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry. No `developerRole`: reasoning models take
  // system messages for developer messages (learn.microsoft.com/azure/foundry/openai/how-to/reasoning), others refuse these.
  azure: {
    label: 'Azure OpenAI, Microsoft Foundry',
    dialect: 'openai-responses',
    baseUrl: '',
    quirks: { auth: 'api-key', promptCacheKey: true },
    modelsPath: null,
    keyPage: 'https://ai.azure.com',
    docs: 'https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle',
    needsKey: true,
    keyVariable: 'AZURE_OPENAI_API_KEY',
    models: seesImages,
    alternatives: {
      'openai-chat': {
        baseUrl: '',
        quirks: { auth: 'api-key', maxTokensField: 'max_completion_tokens' },
        modelsPath: null,
      },
      anthropic: { baseUrl: '', quirks: {}, modelsPath: null },
    },
  },
  // cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/vertex-ai-express-mode-api-reference (an API key, no
  // project, no list of models), /docs/start/openai (dialect openai-chat below .../endpoints/openapi, models are called
  // google/…, the key is a token of "gcloud auth print-access-token"). Claude on Vertex takes such tokens only, at
  // addresses of its own: not served yet.
  vertex: {
    label: 'Google Vertex AI (API key)',
    dialect: 'gemini',
    baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
    quirks: { tokenCount: 'contents', webSearch: 'vertex_google_search' },
    modelsPath: null,
    keyPage: 'https://console.cloud.google.com/vertex-ai/studio/settings/api-keys',
    docs: 'https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview',
    needsKey: true,
    keyVariable: 'GOOGLE_API_KEY',
    models: seesAll,
    alternatives: {
      'openai-chat': { baseUrl: '', quirks: { parallelToolCalls: false }, modelsPath: null },
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
