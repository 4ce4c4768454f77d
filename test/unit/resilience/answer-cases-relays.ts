// How relays say no.
import { type Case, now, openAi } from './answer-case.ts';

export const relayCases: Case[] = [
  // claude-relay-service
  {
    who: 'CRS: dedicated account limited',
    status: 403,
    body: { error: 'upstream_rate_limited', message: 'limited' },
    means: ['quota', 'key'],
  },
  {
    who: 'CRS: weekly Opus limit',
    status: 403,
    body: { error: 'opus_weekly_limit', message: 'weekly limit' },
    means: ['quota', 'family'],
  },
  {
    who: 'CRS: its own weekly Opus budget',
    status: 402,
    body: {
      error: { type: 'insufficient_quota', message: 'x', code: 'weekly_opus_cost_limit_exceeded' },
      resetAt: '2026-03-02T00:00:00Z',
    },
    means: ['quota', 'family'],
    until: 43_200,
  },
  {
    who: 'CRS: its own daily budget',
    status: 402,
    body: {
      error: 'Daily cost limit',
      message: 'Daily cost limit reached',
      resetAt: '2026-03-01T16:00:00.000Z',
    },
    means: ['quota', 'key'],
    until: 14_400,
  },
  {
    who: 'CRS: its own rate limit',
    status: 429,
    body: { error: 'Rate limit exceeded', message: 'slow', resetAt: '2026-03-01T12:01:00.000Z' },
    means: ['rate-limit', 'deployment'],
    until: 60,
  },
  {
    who: 'CRS: pool exhausted',
    status: 500,
    body: { error: 'Internal', message: 'No available Claude accounts support the requested model: x' },
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'CRS: client not allowed',
    status: 403,
    body: { error: 'Client not allowed' },
    means: ['auth', 'key'],
  },
  // LiteLLM
  {
    who: 'LiteLLM: all cooling',
    status: 429,
    body: openAi(
      'No deployments available for selected model, Try again in 5 seconds. Passed model=x. cooldown_list=[]',
    ),
    means: ['rate-limit', 'deployment'],
    until: 5,
  },
  {
    who: 'LiteLLM: its upstream refuses its key',
    status: 401,
    body: openAi('litellm.AuthenticationError: AnthropicException - invalid x-api-key'),
    means: ['server', 'deployment'],
  },
  ...[401, 403].map(
    (status): Case => ({
      who: 'LiteLLM: our key has other models',
      status,
      body: openAi(
        "key not allowed to access model. This key can only access models=['a']. Tried to access b",
        String(status),
        'key_model_access_denied',
      ),
      means: ['model-not-found', 'deployment'],
    }),
  ),
  {
    who: 'LiteLLM: our key',
    status: 401,
    body: openAi('Authentication Error, Invalid proxy server token passed', '401', 'auth_error'),
    means: ['auth', 'key'],
  },
  {
    who: 'LiteLLM: budget',
    status: 400,
    body: openAi('Budget has been exceeded! Current cost: 2, Max budget: 1', '400', 'budget_exceeded'),
    means: ['quota', 'key'],
  },
  {
    who: 'LiteLLM: wrapped window',
    status: 400,
    body: openAi(
      "litellm.ContextWindowExceededError: litellm.BadRequestError: This model's maximum context length is 8192 tokens",
    ),
    means: ['context-length', 'request'],
  },
  // claude-code-router
  {
    who: 'CCR: wrapped limit',
    status: 429,
    body: openAi(
      'Error from provider(modelscope,qwen: 429): {"errors":{"message":"You have exceeded today\'s quota for model Qwen/Qwen3, please try again tomorrow"}}',
      'provider_response_error',
      'api_error',
    ),
    means: ['quota', 'deployment'],
  },
  // new-api
  {
    who: 'new-api: no channel',
    status: 503,
    body: openAi('当前分组 default 下对于模型 x 无可用渠道', 'model_not_found', 'new_api_error'),
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'new-api: saturated',
    status: 429,
    body: openAi('当前分组上游负载已饱和，请稍后再试'),
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'new-api: no credit',
    status: 403,
    body: openAi('用户额度不足', 'insufficient_user_quota', 'new_api_error'),
    means: ['quota', 'key'],
  },
  {
    who: 'new-api: words',
    status: 400,
    body: openAi('sensitive words detected', 'sensitive_words_detected'),
    means: ['invalid-request', 'request'],
  },
  // OpenRouter
  {
    who: 'OpenRouter: credits',
    status: 402,
    body: {
      error: { code: 402, message: 'Insufficient credits. Add more using https://openrouter.ai/credits' },
    },
    means: ['quota', 'key'],
  },
  {
    who: 'OpenRouter: upstream limited',
    status: 429,
    body: {
      error: {
        code: 429,
        message: 'Provider returned error',
        metadata: {
          provider_name: 'Chutes',
          raw: 'x is temporarily rate-limited upstream. Please retry shortly',
        },
      },
    },
    means: ['rate-limit', 'deployment'],
  },
  {
    who: 'OpenRouter: per minute',
    status: 429,
    headers: { 'x-ratelimit-reset': String(now + 30_000), 'x-ratelimit-remaining': '0' },
    body: { error: { code: 429, message: 'Rate limit exceeded: limit_rpm/x. High demand' } },
    means: ['rate-limit', 'deployment'],
    until: 30,
  },
  {
    who: 'OpenRouter: free per day',
    status: 429,
    body: {
      error: {
        code: 429,
        message: 'Rate limit exceeded: free-models-per-day. Add 10 credits',
        metadata: { headers: { 'X-RateLimit-Reset': String(now + 3_600_000) } },
      },
    },
    means: ['quota', 'deployment'],
  },
  {
    who: 'OpenRouter: moderation',
    status: 403,
    body: {
      error: { code: 403, message: 'x requires moderation on OpenAI. Your input was flagged for "violence"' },
    },
    means: ['invalid-request', 'request'],
  },
  {
    who: 'OpenRouter: no such model',
    status: 400,
    body: { error: { code: 400, message: 'bad/model is not a valid model ID' } },
    means: ['model-not-found', 'deployment'],
  },
];
