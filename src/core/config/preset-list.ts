// The presets' data, in the order of the picker. Native Anthropic endpoints are preferred: nothing has to be converted.
// The comment before each entry names its source.
import { demoModel, demoUrl } from '../demo/demo-address.ts';
import type { Preset } from './presets.ts';

const million = 1_000_000;
const seesAll = { vision: true, pdf: true };
const seesImages = { vision: true, pdf: false };
const readsText = { vision: false, pdf: false };
/** Their guides for Claude Code set ANTHROPIC_AUTH_TOKEN, and their lists of models take nothing else. */
const bearer = { auth: 'bearer' } as const;

export const presetList = {
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
  // platform.openai.com/docs/api-reference/chat: max_tokens is refused by reasoning models
  openai: {
    label: 'OpenAI',
    dialect: 'openai-chat',
    baseUrl: 'https://api.openai.com/v1',
    quirks: { maxTokensField: 'max_completion_tokens', fileParts: true, promptCacheKey: true },
    keyPage: 'https://platform.openai.com/api-keys',
    docs: 'https://platform.openai.com/docs',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'OPENAI_API_KEY',
    models: seesAll,
    alternatives: {
      // platform.openai.com/docs/api-reference/responses, /docs/guides/tools-web-search
      'openai-responses': {
        baseUrl: 'https://api.openai.com/v1',
        modelsPath: '/models',
        quirks: { webSearch: 'web_search_tool', promptCacheKey: true },
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
  // openrouter.ai/docs: Claude Code guide (ANTHROPIC_BASE_URL https://openrouter.ai/api), reasoning, plugins, prompt caching
  openrouter: {
    label: 'OpenRouter',
    dialect: 'anthropic',
    baseUrl: 'https://openrouter.ai/api',
    quirks: bearer,
    keyPage: 'https://openrouter.ai/settings/keys',
    docs: 'https://openrouter.ai/docs',
    modelsPath: '/v1/models',
    needsKey: true,
    keyVariable: 'OPENROUTER_API_KEY',
    models: seesAll,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://openrouter.ai/api/v1',
        modelsPath: '/models',
        quirks: {
          reasoning: 'openrouter',
          reasoningHistory: 'reasoning_details',
          cacheControl: true,
          fileParts: true,
          webSearch: 'openrouter-plugin',
        },
      },
    },
  },
  // api-docs.deepseek.com/guides/anthropic_api, /api/list-models; limits: the V4 announcement (1M in, 384K out)
  deepseek: {
    label: 'DeepSeek',
    dialect: 'anthropic',
    baseUrl: 'https://api.deepseek.com/anthropic',
    quirks: bearer,
    keyPage: 'https://platform.deepseek.com/api_keys',
    docs: 'https://api-docs.deepseek.com',
    modelsPath: 'https://api.deepseek.com/models',
    needsKey: true,
    keyVariable: 'DEEPSEEK_API_KEY',
    models: readsText,
    suggestedModels: [
      { id: 'deepseek-v4-pro', context: million, maxOutput: 384_000 },
      { id: 'deepseek-flash', context: million, maxOutput: 384_000 },
    ],
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://api.deepseek.com/v1',
        modelsPath: '/models',
        // Thinking models answer 400 when their reasoning does not come back with tool results.
        quirks: { reasoning: 'thinking', reasoningHistory: 'reasoning_content', jsonSchema: 'json_object' },
      },
    },
  },
  // modelscope.cn/docs/model-service/API-Inference; the Anthropic side is offered for some models only
  modelscope: {
    label: 'ModelScope',
    dialect: 'openai-chat',
    baseUrl: 'https://api-inference.modelscope.cn/v1',
    quirks: { reasoning: 'enable_thinking' },
    keyPage: 'https://modelscope.cn/my/myaccesstoken',
    docs: 'https://modelscope.cn/docs/model-service/API-Inference/intro',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'MODELSCOPE_SDK_TOKEN',
    models: readsText,
    alternatives: {
      anthropic: { baseUrl: 'https://api-inference.modelscope.cn', quirks: bearer, modelsPath: '/v1/models' },
    },
  },
  // help.aliyun.com/zh/model-studio/anthropic-api-messages (mainland), alibabacloud.com/help/doc-detail/2980295 (abroad)
  dashscope: {
    label: 'DashScope (Alibaba Cloud Model Studio)',
    dialect: 'anthropic',
    baseUrl: 'https://dashscope.aliyuncs.com/apps/anthropic',
    quirks: bearer,
    keyPage: 'https://bailian.console.aliyun.com/?tab=model#/api-key',
    docs: 'https://help.aliyun.com/zh/model-studio/anthropic-api-messages',
    modelsPath: 'https://dashscope.aliyuncs.com/compatible-mode/v1/models',
    needsKey: true,
    keyVariable: 'DASHSCOPE_API_KEY',
    models: readsText,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
        modelsPath: '/models',
        quirks: {
          reasoning: 'enable_thinking',
          cacheControl: true,
          webSearch: 'enable_search',
          jsonSchema: 'json_object',
        },
      },
    },
    regions: [
      { label: 'China', baseUrl: 'https://dashscope.aliyuncs.com/apps/anthropic' },
      { label: 'International', baseUrl: 'https://dashscope-intl.aliyuncs.com/apps/anthropic' },
    ],
  },
  // Moonshot's Claude Code guide (platform.moonshot.ai/docs/guide/agent-support): /anthropic/v1/messages at .ai and .cn
  moonshot: {
    label: 'Moonshot (Kimi)',
    dialect: 'anthropic',
    baseUrl: 'https://api.moonshot.ai/anthropic',
    quirks: bearer,
    keyPage: 'https://platform.moonshot.ai/console/api-keys',
    docs: 'https://platform.moonshot.ai/docs',
    modelsPath: 'https://api.moonshot.ai/v1/models',
    needsKey: true,
    keyVariable: 'MOONSHOT_API_KEY',
    models: readsText,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://api.moonshot.ai/v1',
        modelsPath: '/models',
        quirks: { reasoning: 'thinking', reasoningHistory: 'reasoning_content', jsonSchema: 'json_object' },
      },
    },
    regions: [
      { label: 'International', baseUrl: 'https://api.moonshot.ai/anthropic' },
      { label: 'China', baseUrl: 'https://api.moonshot.cn/anthropic' },
    ],
  },
  // docs.bigmodel.cn (Claude Code guide: open.bigmodel.cn/api/anthropic), docs.z.ai (api.z.ai/api/anthropic)
  zhipu: {
    label: 'Zhipu / Z.ai (GLM)',
    dialect: 'anthropic',
    baseUrl: 'https://open.bigmodel.cn/api/anthropic',
    quirks: bearer,
    keyPage: 'https://bigmodel.cn/usercenter/proj-mgmt/apikeys',
    docs: 'https://docs.bigmodel.cn',
    modelsPath: 'https://open.bigmodel.cn/api/paas/v4/models',
    needsKey: true,
    keyVariable: 'ZHIPU_API_KEY',
    models: readsText,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
        modelsPath: '/models',
        quirks: { reasoning: 'thinking', reasoningHistory: 'reasoning_content', jsonSchema: 'json_object' },
      },
    },
    regions: [
      { label: 'China (bigmodel.cn)', baseUrl: 'https://open.bigmodel.cn/api/anthropic' },
      { label: 'International (z.ai)', baseUrl: 'https://api.z.ai/api/anthropic' },
    ],
  },
  // docs.siliconflow.cn/cn/api-reference/chat-completions/messages: POST https://api.siliconflow.cn/v1/messages
  siliconflow: {
    label: 'SiliconFlow',
    dialect: 'anthropic',
    baseUrl: 'https://api.siliconflow.cn',
    quirks: bearer,
    keyPage: 'https://cloud.siliconflow.cn/account/ak',
    docs: 'https://docs.siliconflow.cn',
    modelsPath: '/v1/models',
    needsKey: true,
    keyVariable: 'SILICONFLOW_API_KEY',
    models: readsText,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://api.siliconflow.cn/v1',
        modelsPath: '/models',
        quirks: { reasoning: 'enable_thinking', jsonSchema: 'json_object' },
      },
    },
    regions: [
      { label: 'China', baseUrl: 'https://api.siliconflow.cn' },
      { label: 'International', baseUrl: 'https://api.siliconflow.com' },
    ],
  },
  // console.groq.com/docs/openai: refused fields; /docs/reasoning: reasoning_effort is a 400 for most models
  groq: {
    label: 'Groq',
    dialect: 'openai-chat',
    baseUrl: 'https://api.groq.com/openai/v1',
    quirks: {
      maxTokensField: 'max_completion_tokens',
      reasoning: 'none',
      // Schemas are taken by a few models only.
      jsonSchema: 'json_object',
      refuses: ['logprobs', 'logit_bias', 'top_logprobs'],
    },
    keyPage: 'https://console.groq.com/keys',
    docs: 'https://console.groq.com/docs',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'GROQ_API_KEY',
    models: readsText,
  },
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
    // The model may have to be read from disk first.
    firstToken: 300,
  },
  'custom-openai': {
    label: 'Custom, OpenAI-compatible',
    dialect: 'openai-chat',
    baseUrl: '',
    quirks: {},
    modelsPath: '/models',
    needsKey: false,
    models: seesImages,
  },
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
