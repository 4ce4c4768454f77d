// Makers of models in China. Native Anthropic endpoints are preferred: nothing has to be converted.
import type { Preset } from '../preset.ts';
import { bearer, million, readsText } from './assumed.ts';

export const firstPartyChina = {
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
          // help.aliyun.com/zh/model-studio/text-embedding-synchronous-api: 10 texts (v3, v4)
          embeddingBatch: 10,
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
        quirks: {
          reasoning: 'thinking',
          reasoningHistory: 'reasoning_content',
          jsonSchema: 'json_object',
          webSearch: 'moonshot_tool',
        },
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
        quirks: {
          reasoning: 'thinking',
          reasoningHistory: 'reasoning_content',
          jsonSchema: 'json_object',
          webSearch: 'zhipu_tool',
        },
      },
    },
    regions: [
      { label: 'China (bigmodel.cn)', baseUrl: 'https://open.bigmodel.cn/api/anthropic' },
      { label: 'International (z.ai)', baseUrl: 'https://api.z.ai/api/anthropic' },
    ],
  },
  // platform.minimax.io/docs/api-reference/text-anthropic-api (thinking comes apart only there),
  // /docs/api-reference/models/anthropic/list-models; platform.minimaxi.com is the same for China
  minimax: {
    label: 'MiniMax',
    dialect: 'anthropic',
    baseUrl: 'https://api.minimax.io/anthropic',
    quirks: bearer,
    keyPage: 'https://platform.minimax.io/user-center/basic-information/interface-key',
    docs: 'https://platform.minimax.io/docs',
    modelsPath: '/v1/models',
    needsKey: true,
    keyVariable: 'MINIMAX_API_KEY',
    models: readsText,
    suggestedModels: [{ id: 'MiniMax-M3' }, { id: 'MiniMax-M2.7', context: 204_800 }],
    alternatives: {
      'openai-chat': { baseUrl: 'https://api.minimax.io/v1', modelsPath: '/models', quirks: {} },
      'openai-responses': { baseUrl: 'https://api.minimax.io/v1', modelsPath: '/models', quirks: {} },
    },
    regions: [
      { label: 'International', baseUrl: 'https://api.minimax.io/anthropic' },
      { label: 'China', baseUrl: 'https://api.minimaxi.com/anthropic' },
    ],
  },
  // volcengine.com/docs/82379 (Ark): chat and the list of models below /api/v3. The Anthropic side, /api/compatible and
  // with a Coding Plan /api/coding, both by bearer: github.com/farion1231/cc-switch, presets for Claude Code
  volcengine: {
    label: 'Volcengine Ark (Doubao)',
    dialect: 'anthropic',
    baseUrl: 'https://ark.cn-beijing.volces.com/api/compatible',
    quirks: bearer,
    keyPage: 'https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey',
    docs: 'https://www.volcengine.com/docs/82379',
    modelsPath: 'https://ark.cn-beijing.volces.com/api/v3/models',
    needsKey: true,
    keyVariable: 'ARK_API_KEY',
    models: readsText,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
        modelsPath: '/models',
        quirks: { reasoning: 'thinking' },
      },
    },
    regions: [
      { label: 'Pay as you go', baseUrl: 'https://ark.cn-beijing.volces.com/api/compatible' },
      { label: 'Coding Plan', baseUrl: 'https://ark.cn-beijing.volces.com/api/coding' },
    ],
  },
} as const satisfies Readonly<Record<string, Preset>>;
