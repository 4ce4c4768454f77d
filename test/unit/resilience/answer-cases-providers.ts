// How providers say no.
import { anthropic, type Case, exhausted, google, now, openAi, retryIn, violation } from './answer-case.ts';

export const providerCases: Case[] = [
  // DashScope, ModelScope
  {
    who: 'DashScope: rate',
    status: 429,
    body: { code: 'Throttling.RateQuota', message: 'Requests rate limit exceeded, please try again later.' },
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'DashScope: tokens per minute',
    status: 429,
    body: {
      code: 'Throttling.AllocationQuota',
      message: 'Allocated quota exceeded, please increase your quota limit.',
    },
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'DashScope: the same, compatible mode',
    status: 429,
    body: openAi(
      `${exhausted} For details, see: https://help.aliyun.com/zh/model-studio/error-code#token-limit`,
      'insufficient_quota',
    ),
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'DashScope: no money',
    status: 400,
    body: { code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' },
    means: ['quota', 'key'],
  },
  {
    who: 'DashScope: content',
    status: 400,
    body: { code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' },
    means: ['invalid-request', 'request'],
  },
  {
    who: 'DashScope: free amount',
    status: 403,
    body: { code: 'AllocationQuota.FreeTierOnly', message: 'The free tier of the model has been exhausted.' },
    means: ['quota', 'deployment'],
  },
  {
    who: 'DashScope: model not bought',
    status: 403,
    body: { code: 'AccessDenied.Unpurchased', message: 'Access to model denied.' },
    means: ['model-not-found', 'deployment'],
  },
  {
    who: 'ModelScope: model per day',
    status: 429,
    body: {
      errors: { message: 'x' },
      message: "You have exceeded today's quota for model Qwen/Qwen3, please try again tomorrow",
    },
    means: ['quota', 'deployment'],
  },
  {
    who: 'ModelScope: account per day',
    status: 429,
    body: { message: "You have exceeded today's quota, please try again tomorrow" },
    means: ['quota', 'key'],
  },
  // Zhipu
  {
    who: 'Zhipu: too many at once',
    status: 429,
    body: { error: { code: '1302', message: '您的账户已达到速率限制，请您控制请求频率' } },
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'Zhipu: model busy',
    status: 429,
    body: { error: { code: '1305', message: '该模型当前访问量过大，请您稍后再试' } },
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'Zhipu: no money',
    status: 429,
    body: { error: { code: '1113', message: '您的账户已欠费，请充值后重试' } },
    means: ['quota', 'key'],
  },
  {
    who: 'Zhipu: five hours',
    status: 429,
    body: {
      error: { code: '1308', message: '已达到 5 小时的使用上限。您的限额将在 2026-03-01 21:00:00 重置。' },
    },
    means: ['quota', 'key'],
    until: 3600,
  },
  {
    who: 'Z.ai: five hours',
    status: 429,
    body: {
      error: {
        code: '1308',
        message: 'Usage limit reached for 5 hour. Your limit will reset at 2026-03-01 21:00:00',
      },
    },
    means: ['quota', 'key'],
    until: 3600,
  },
  {
    who: 'Zhipu: no such model',
    status: 400,
    body: { error: { code: '1211', message: '模型不存在，请检查模型代码。' } },
    means: ['model-not-found', 'deployment'],
  },
  {
    who: 'Zhipu: content',
    status: 400,
    body: { error: { code: '1301', message: '系统检测到输入或生成内容可能包含不安全或敏感内容' } },
    means: ['invalid-request', 'request'],
  },
  // Moonshot
  {
    who: 'Moonshot: no money',
    status: 429,
    body: openAi(
      'Your account org-x is not active, current state: exceeded',
      undefined,
      'exceeded_current_quota_error',
    ),
    means: ['quota', 'key'],
  },
  {
    who: 'Moonshot: engine',
    status: 429,
    body: openAi(
      'The engine is currently overloaded, please try again later',
      undefined,
      'engine_overloaded_error',
    ),
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'Moonshot: rate',
    status: 429,
    body: openAi(
      'Your account org-x request reached max request: 3, please try again after 1 seconds',
      undefined,
      'rate_limit_reached_error',
    ),
    means: ['rate-limit', 'deployment'],
    until: 1,
  },
  // Google
  {
    who: 'Google: per minute',
    status: 429,
    body: google(
      exhausted,
      violation('GenerateContentInputTokensPerModelPerMinute-FreeTier'),
      retryIn('34s'),
    ),
    means: ['rate-limit', 'deployment'],
    until: 34,
  },
  {
    who: 'Google: model per day',
    status: 429,
    body: google(exhausted, violation('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), retryIn('34s')),
    means: ['quota', 'deployment'],
  },
  { who: 'Google: no plan', status: 429, body: google(exhausted), means: ['quota', 'key'] },
  {
    who: 'Vertex: busy',
    status: 429,
    body: google('Resource exhausted. Please try again later.'),
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'Google: key',
    status: 400,
    body: {
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
      },
    },
    means: ['auth', 'key'],
  },
  // Azure
  {
    who: 'Azure: content',
    status: 400,
    body: openAi(
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      'content_filter',
    ),
    means: ['invalid-request', 'request'],
  },
  {
    who: 'Azure: rate',
    status: 429,
    headers: { 'retry-after-ms': '1500', 'retry-after': '2' },
    body: openAi('Requests to the API have exceeded call rate limit', '429'),
    means: ['rate-limit', 'deployment'],
    until: 1.5,
  },
  {
    who: 'Azure: zero beside one second',
    status: 429,
    headers: { 'retry-after-ms': '0', 'retry-after': '1' },
    body: openAi('have exceeded rate limit', 'RateLimitReached'),
    means: ['rate-limit', 'deployment'],
    until: 1,
  },
  // DeepSeek, xAI, Mistral, Cerebras, SiliconFlow, Volcengine
  {
    who: 'DeepSeek: no money',
    status: 402,
    body: openAi('Insufficient Balance', 'invalid_request_error', 'unknown_error'),
    means: ['quota', 'key'],
  },
  {
    who: 'DeepSeek: no such model',
    status: 400,
    body: openAi('Model Not Exist'),
    means: ['model-not-found', 'deployment'],
  },
  {
    who: 'DeepSeek: busy',
    status: 503,
    body: openAi('Service is too busy'),
    means: ['overloaded', 'deployment'],
  },
  {
    who: 'xAI: key',
    status: 400,
    body: {
      code: 'invalid-argument',
      error: 'Incorrect API key provided. You can obtain an API key from https://console.x.ai.',
    },
    means: ['auth', 'key'],
  },
  {
    who: 'xAI: content',
    status: 403,
    body: {
      code: 'x',
      error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_DATA_LEAKAGE',
    },
    means: ['invalid-request', 'request'],
  },
  {
    who: 'Mistral: no such model',
    status: 400,
    body: { object: 'error', message: 'Invalid model: bad model', type: 'invalid_model', code: '1500' },
    means: ['model-not-found', 'deployment'],
  },
  {
    who: 'SiliconFlow: no money',
    status: 403,
    body: { code: 30001, message: 'Sorry, your account balance is insufficient', data: null },
    means: ['quota', 'key'],
  },
  {
    who: 'Volcengine: no money',
    status: 403,
    body: openAi('The request failed because your account has an overdue balance.', 'AccountOverdueError'),
    means: ['quota', 'key'],
  },
  {
    who: 'Volcengine: rate',
    status: 429,
    body: openAi('The rate limit was exceeded', 'ModelAccountRpmRateLimitExceeded'),
    means: ['rate-limit', 'deployment'],
  },
  // Groq
  {
    who: 'Groq: requests',
    status: 429,
    headers: {
      'x-ratelimit-reset-requests': '2m59.56s',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-tokens': '7.66s',
      'x-ratelimit-remaining-tokens': '100',
    },
    body: openAi('Rate limit reached for model'),
    means: ['rate-limit', 'deployment'],
    until: 179.56,
  },
  {
    who: 'Groq: more than a minute takes',
    status: 413,
    body: openAi(
      'Request too large for model `x` in organization `y` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.',
      'rate_limit_exceeded',
      'tokens',
    ),
    means: ['context-length', 'request'],
  },
  {
    who: 'Groq: tokens per day',
    status: 429,
    headers: { 'retry-after': '300' },
    body: openAi(
      'Rate limit reached for model `x` on tokens per day (TPD): Limit 500000',
      'rate_limit_exceeded',
      'tokens',
    ),
    means: ['quota', 'deployment'],
  },
  {
    who: 'Groq: retired model',
    status: 400,
    body: openAi('The model `llama3-70b-8192` has been decommissioned', 'model_decommissioned'),
    means: ['model-not-found', 'deployment'],
  },
  // OpenAI
  {
    who: 'OpenAI: requests',
    status: 429,
    headers: { 'x-ratelimit-reset-requests': '6m0s', 'x-ratelimit-remaining-requests': '0' },
    body: openAi('Rate limit reached for gpt-5', 'rate_limit_exceeded', 'requests'),
    means: ['rate-limit', 'deployment'],
    until: 360,
  },
  {
    who: 'OpenAI: quota',
    status: 429,
    body: openAi(exhausted, 'insufficient_quota', 'insufficient_quota'),
    means: ['quota', 'key'],
  },
  {
    who: 'OpenAI: model not for us',
    status: 403,
    body: openAi('You are not allowed to sample from this model'),
    means: ['model-not-found', 'deployment'],
  },
  {
    who: 'Codex: plan used up',
    status: 429,
    body: {
      error: {
        type: 'usage_limit_reached',
        message: 'The usage limit has been reached',
        resets_in_seconds: 7200,
      },
    },
    means: ['quota', 'key'],
    until: 7200,
  },
  // Anthropic
  {
    who: 'Anthropic: subscription',
    status: 429,
    headers: {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
      'anthropic-ratelimit-unified-reset': String(now / 1000 + 600),
    },
    body: anthropic('rate_limit_error', "This request would exceed your account's rate limit."),
    means: ['quota', 'key'],
    until: 600,
  },
  {
    who: 'Anthropic: weekly Opus',
    status: 429,
    headers: {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-representative-claim': 'seven_day_opus',
      'anthropic-ratelimit-unified-reset': String(now / 1000 + 86_400),
    },
    body: anthropic('rate_limit_error', 'x'),
    means: ['quota', 'family'],
    until: 86_400,
  },
  {
    who: 'Anthropic: tokens',
    status: 429,
    headers: {
      'anthropic-ratelimit-input-tokens-reset': '2026-03-01T12:00:40Z',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-03-01T12:05:00Z',
      'anthropic-ratelimit-requests-remaining': '9',
    },
    body: anthropic('rate_limit_error', 'x'),
    means: ['rate-limit', 'deployment'],
    until: 40,
  },
  {
    who: 'Anthropic: no reset',
    status: 429,
    body: anthropic('rate_limit_error', 'x'),
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'Anthropic: long context',
    status: 429,
    body: anthropic('rate_limit_error', 'Extra usage is required for long context requests.'),
    means: ['rate-limit', 'request'],
  },
  {
    who: 'Anthropic: credit',
    status: 400,
    body: anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    means: ['quota', 'key'],
  },
  {
    who: 'Anthropic: organization',
    status: 400,
    body: anthropic('invalid_request_error', 'This organization has been disabled.'),
    means: ['auth', 'key'],
  },
];
