import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readErrorFrame } from '../../../src/core/dialects/anthropic/error-frame.ts';
import type { Failure } from '../../../src/core/failure.ts';
import { classifyAnswer, classifyStreamError } from '../../../src/core/resilience/classify.ts';
import { limitEnd } from '../../../src/core/resilience/retry-after.ts';

const cases: [
  status: number,
  message: string,
  kind: Failure['kind'],
  scope: Failure['scope'],
  retry: Failure['retry'],
][] = [
  [408, 'timeout', 'server', 'deployment', 'next'],
  [500, 'Internal error', 'server', 'deployment', 'next'],
  [502, 'Bad gateway', 'server', 'deployment', 'next'],
  [503, 'unavailable', 'overloaded', 'deployment', 'next'],
  [529, 'Overloaded', 'overloaded', 'deployment', 'next'],
  [524, 'A timeout occurred', 'server', 'deployment', 'next'],
  [500, 'No available Claude accounts support the requested model', 'rate-limit', 'deployment', 'next'],
  [429, 'Rate limit reached for gpt-4o', 'rate-limit', 'deployment', 'next'],
  [
    429,
    'You exceeded your current quota, please check your plan and billing details.',
    'quota',
    'key',
    'next',
  ],
  [402, 'Insufficient Balance', 'quota', 'key', 'next'],
  [403, 'upstream_rate_limited', 'quota', 'key', 'next'],
  [403, 'opus_weekly_limit', 'quota', 'family', 'next'],
  [401, 'invalid x-api-key', 'auth', 'key', 'next'],
  [403, 'Forbidden', 'auth', 'key', 'next'],
  [400, 'API key not valid. Please pass a valid API key.', 'auth', 'key', 'next'],
  [400, 'User location is not supported for the API use.', 'auth', 'key', 'next'],
  [404, 'model not found', 'model-not-found', 'deployment', 'next'],
  [400, 'prompt is too long: 250000 tokens > 200000 maximum', 'context-length', 'request', 'never'],
  [
    400,
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
    'context-length',
    'request',
    'never',
  ],
  [400, 'Range of input length should be [1, 129024]', 'context-length', 'request', 'never'],
  [400, 'tools.0.name: too long', 'invalid-request', 'request', 'never'],
  [422, 'unprocessable', 'invalid-request', 'request', 'never'],
  [413, 'Request too large', 'invalid-request', 'request', 'never'],
  [307, '', 'server', 'provider', 'next'],
];

for (const [status, message, kind, scope, retry] of cases) {
  test(`${status} "${message.slice(0, 40)}" is ${kind} of the ${scope}, retry ${retry}`, () => {
    const failure = classifyAnswer(status, { type: 'error', message });
    assert.deepEqual([failure.kind, failure.scope, failure.retry], [kind, scope, retry]);
    assert.notEqual(failure.message, '');
  });
}

test('an error inside a stream takes its status, or the one that its type implies', () => {
  assert.equal(classifyStreamError({ type: 'overloaded_error', message: 'Overloaded' }).kind, 'overloaded');
  assert.equal(classifyStreamError({ type: 'whatever', message: 'x' }, 429).kind, 'rate-limit');
  assert.equal(classifyStreamError({ type: 'whatever', message: 'x' }).kind, 'bad-stream');
});

test('the end of a limit is read from headers and body', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(limitEnd({ 'retry-after': '7' }, now), now + 7000);
  assert.equal(limitEnd({ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, now), now + 60_000);
  assert.equal(limitEnd({ 'retry-after-ms': '1500', 'retry-after': '9' }, now), now + 1500);
  assert.equal(
    limitEnd({ 'anthropic-ratelimit-unified-reset': String(now / 1000 + 3600) }, now),
    now + 3_600_000,
  );
  assert.equal(limitEnd({ 'anthropic-ratelimit-unified-reset': String(now / 1000 - 3600) }, now), undefined);
  assert.equal(limitEnd({}, now, { retryAfter: 30 }), now + 30_000);
  assert.equal(limitEnd({ 'retry-after': 'soon' }, now), undefined);
  assert.equal(limitEnd({}, now), undefined);
});

test('inside a stream a code stands for the status that is missing', () => {
  const frames: [data: object, kind: Failure['kind'], scope: Failure['scope']][] = [
    [{ error: { code: 'E012', message: 'Service overloaded' } }, 'overloaded', 'deployment'],
    [{ error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } }, 'quota', 'key'],
    [{ error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } }, 'quota', 'key'],
    [
      { error: 'Claude API error', status: 529, details: '{"error":{"message":"Overloaded"}}' },
      'overloaded',
      'deployment',
    ],
    [
      { error: { type: 'invalid_request_error', message: 'prompt is too long: 3 tokens > 2 maximum' } },
      'context-length',
      'request',
    ],
  ];
  for (const [data, kind, scope] of frames) {
    const { error, status } = readErrorFrame(JSON.stringify(data));
    const failure = classifyStreamError(error, status);
    assert.deepEqual([failure.kind, failure.scope], [kind, scope], JSON.stringify(data));
  }
});
