// Hosts of other makers' models.
import type { Preset } from '../preset.ts';
import { bearer, readsText, seesAll, seesImages } from './assumed.ts';

export const hosts = {
  // openrouter.ai/docs: Claude Code guide (ANTHROPIC_BASE_URL https://openrouter.ai/api), reasoning, prompt caching,
  // guides/features/server-tools/web-search (the plugin before it is deprecated)
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
          webSearch: 'openrouter_tool',
        },
      },
      // openrouter.ai/docs/api_reference/responses/overview: in beta, nothing is stored
      'openai-responses': {
        baseUrl: 'https://openrouter.ai/api/v1',
        modelsPath: '/models',
        quirks: { webSearch: 'openrouter_tool' },
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
        // github.com/apecloud/ApeRAG/pull/724: 64 texts for embeddings, and fewer for some models
        quirks: { reasoning: 'enable_thinking', jsonSchema: 'json_object', embeddingBatch: 32 },
      },
    },
    regions: [
      { label: 'China', baseUrl: 'https://api.siliconflow.cn' },
      { label: 'International', baseUrl: 'https://api.siliconflow.com' },
    ],
  },
  // console.groq.com/docs/openai: refused fields; /docs/reasoning: reasoning_effort is a 400 for most models;
  // /docs/tool-use/built-in-tools: search by compound systems and, as browser_search, by gpt-oss
  groq: {
    label: 'Groq',
    dialect: 'openai-chat',
    baseUrl: 'https://api.groq.com/openai/v1',
    quirks: {
      maxTokensField: 'max_completion_tokens',
      reasoning: 'none',
      webSearch: 'groq',
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
  // docs.together.ai/docs/inference/responses-api (base URL; only some models answer there), /docs/openai-api-compatibility
  together: {
    label: 'Together AI',
    dialect: 'openai-chat',
    baseUrl: 'https://api.together.ai/v1',
    quirks: {},
    keyPage: 'https://api.together.ai/settings/api-keys',
    docs: 'https://docs.together.ai',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'TOGETHER_API_KEY',
    models: readsText,
    alternatives: {
      'openai-responses': { baseUrl: 'https://api.together.ai/v1', modelsPath: '/models', quirks: {} },
    },
  },
  // docs.fireworks.ai/tools-sdks/anthropic-compatibility: POST https://api.fireworks.ai/inference/v1/messages, bearer
  fireworks: {
    label: 'Fireworks AI',
    dialect: 'anthropic',
    baseUrl: 'https://api.fireworks.ai/inference',
    quirks: bearer,
    keyPage: 'https://app.fireworks.ai/settings/users/api-keys',
    docs: 'https://docs.fireworks.ai',
    modelsPath: '/v1/models',
    needsKey: true,
    keyVariable: 'FIREWORKS_API_KEY',
    models: readsText,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://api.fireworks.ai/inference/v1',
        modelsPath: '/models',
        quirks: {},
      },
    },
  },
  // inference-docs.cerebras.ai/resources/openai: fields that are a 400; reasoning_effort is known to few models
  cerebras: {
    label: 'Cerebras',
    dialect: 'openai-chat',
    baseUrl: 'https://api.cerebras.ai/v1',
    quirks: {
      maxTokensField: 'max_completion_tokens',
      reasoning: 'none',
      parallelToolCalls: false,
      refuses: ['frequency_penalty', 'presence_penalty', 'logit_bias'],
    },
    keyPage: 'https://cloud.cerebras.ai/platform',
    docs: 'https://inference-docs.cerebras.ai',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'CEREBRAS_API_KEY',
    models: readsText,
  },
  // docs.aws.amazon.com/bedrock/latest/userguide/inference-messages-api.html (Claude by Anthropic's Messages, with an Amazon
  // Bedrock API key), inference-responses-api.html (OpenAI's dialects on bedrock-runtime, by bearer), api-keys-use.html
  bedrock: {
    label: 'Amazon Bedrock (API key)',
    dialect: 'anthropic',
    baseUrl: 'https://bedrock-mantle.us-east-1.api.aws/anthropic',
    quirks: bearer,
    keyPage: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
    docs: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-messages-api.html',
    modelsPath: 'https://bedrock-mantle.us-east-1.api.aws/v1/models',
    needsKey: true,
    keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
    models: seesAll,
    alternatives: {
      'openai-chat': { baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1', quirks: {} },
      'openai-responses': {
        baseUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1',
        quirks: {},
      },
    },
    regions: [
      { label: 'us-east-1', baseUrl: 'https://bedrock-mantle.us-east-1.api.aws/anthropic' },
      { label: 'us-west-2', baseUrl: 'https://bedrock-mantle.us-west-2.api.aws/anthropic' },
      { label: 'eu-west-1', baseUrl: 'https://bedrock-mantle.eu-west-1.api.aws/anthropic' },
      { label: 'ap-northeast-1', baseUrl: 'https://bedrock-mantle.ap-northeast-1.api.aws/anthropic' },
    ],
  },
  // huggingface.co/docs/inference-providers: one address for many hosts, MODEL:HOST picks one
  huggingface: {
    label: 'Hugging Face Inference Providers',
    dialect: 'openai-chat',
    baseUrl: 'https://router.huggingface.co/v1',
    quirks: {},
    keyPage: 'https://huggingface.co/settings/tokens',
    docs: 'https://huggingface.co/docs/inference-providers',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'HF_TOKEN',
    models: readsText,
    alternatives: {
      // huggingface.co/docs/inference-providers/guides/responses-api: in beta
      'openai-responses': { baseUrl: 'https://router.huggingface.co/v1', modelsPath: '/models', quirks: {} },
    },
  },
  // build.nvidia.com: https://integrate.api.nvidia.com/v1, OpenAI's chat completions, bearer
  nvidia: {
    label: 'NVIDIA NIM',
    dialect: 'openai-chat',
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    quirks: {},
    keyPage: 'https://build.nvidia.com/settings/api-keys',
    docs: 'https://docs.api.nvidia.com',
    modelsPath: '/models',
    needsKey: true,
    keyVariable: 'NVIDIA_API_KEY',
    models: readsText,
  },
  // vercel.com/docs/ai-gateway/anthropic-compat, /openai-compat/advanced (`reasoning: { effort }`)
  vercel: {
    label: 'Vercel AI Gateway',
    dialect: 'anthropic',
    baseUrl: 'https://ai-gateway.vercel.sh',
    quirks: bearer,
    keyPage: 'https://vercel.com/dashboard',
    docs: 'https://vercel.com/docs/ai-gateway',
    modelsPath: '/v1/models',
    needsKey: true,
    keyVariable: 'AI_GATEWAY_API_KEY',
    models: seesImages,
    alternatives: {
      'openai-chat': {
        baseUrl: 'https://ai-gateway.vercel.sh/v1',
        modelsPath: '/models',
        quirks: { reasoning: 'openrouter' },
      },
    },
  },
} as const satisfies Readonly<Record<string, Preset>>;
