import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeErrorBody, toldError } from '../../../src/core/dialects/error-body.ts';
import { retryAfterOf } from '../../../src/core/dialects/retry-text.ts';

const bodies: { name: string; status: number; body: string; expected: object }[] = [
  {
    name: 'an empty body',
    status: 502,
    body: '',
    expected: { type: 'api_error', message: 'HTTP 502 with an empty body' },
  },
  {
    name: 'a web page',
    status: 502,
    body: '<!DOCTYPE html><html><head><title> Bad gateway </title></head>',
    expected: { type: 'api_error', message: 'HTTP 502 with a web page: Bad gateway' },
  },
  {
    name: 'plain text',
    status: 503,
    body: 'upstream connect error',
    expected: { type: 'overloaded_error', message: 'upstream connect error' },
  },
  {
    name: "Google's list",
    status: 429,
    body: JSON.stringify([
      {
        error: {
          code: 429,
          status: 'RESOURCE_EXHAUSTED',
          message: 'Quota exceeded',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }],
        },
      },
    ]),
    expected: { type: 'rate_limit_error', message: 'Quota exceeded', code: '429', retryAfter: 34 },
  },
  {
    name: 'a relay that tells what the provider behind it said',
    status: 400,
    body: JSON.stringify({
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { provider_name: 'OpenAI', raw: '{"error":{"message":"too long"}}' },
      },
    }),
    expected: {
      type: 'invalid_request_error',
      message: 'Provider returned error: OpenAI: too long',
      code: '400',
    },
  },
  {
    name: "claude-relay-service's own",
    status: 403,
    body: JSON.stringify({ error: 'upstream_rate_limited', message: 'x' }),
    expected: { type: 'permission_error', message: 'x', code: 'upstream_rate_limited' },
  },
  {
    name: 'an object that says nothing',
    status: 500,
    body: '{"error":{}}',
    expected: { type: 'api_error', message: 'The provider gave no reason' },
  },
  {
    name: 'JSON that is no error',
    status: 418,
    body: '{"a":1}',
    expected: { type: 'invalid_request_error', message: '{"a":1}' },
  },
];

for (const { name, status, body, expected } of bodies)
  test(name, () => assert.deepEqual(decodeErrorBody(status, body), expected));

test('a message is never endless', () => {
  assert.ok(decodeErrorBody(500, 'x'.repeat(100_000)).message.length < 5000);
});

test('answers are not taken for errors', () => {
  assert.equal(toldError({ choices: [], message: 'x' }), undefined);
  assert.equal(toldError({ type: 'message', content: [], message: 'x' }), undefined);
  assert.equal(toldError({ a: 1 }), undefined);
});

const waits: [string, number | undefined][] = [
  ['Rate limit reached. Please try again in 1m30.5s. Visit', 90.5],
  ['Please try again in 250ms.', 0.25],
  ['Please retry after 60 seconds.', 60],
  ['Please retry in 34.07s.', 34.07],
  ['try again in 2 minutes', 120],
  ['try again in 1h2m3s', 3723],
  ['Please try again later.', undefined],
  ['Overloaded', undefined],
];

for (const [message, expected] of waits)
  test(`when to come back: ${message}`, () => assert.equal(retryAfterOf(message, undefined), expected));
