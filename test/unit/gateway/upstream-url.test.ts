import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upstreamUrl } from '../../../src/core/gateway/upstream-url.ts';

const deployments = 'https://r.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21';

test('the path goes behind the base URL', () => {
  assert.equal(
    upstreamUrl('https://api.openai.com/v1', '/responses', 'm'),
    'https://api.openai.com/v1/responses',
  );
});

test('queries of base URL, path and client are joined behind the path', () => {
  assert.equal(
    upstreamUrl(deployments, '/chat/completions', 'gpt-5'),
    'https://r.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21',
  );
  assert.equal(
    upstreamUrl('https://h/v1beta', '/models/x:y?alt=sse', 'x'),
    'https://h/v1beta/models/x:y?alt=sse',
  );
  assert.equal(
    upstreamUrl('https://h?api-version=1', '/v1/messages', 'm', '?beta=true'),
    'https://h/v1/messages?api-version=1&beta=true',
  );
  assert.equal(
    upstreamUrl('https://h', '/v1/messages', 'm', '?beta=true'),
    'https://h/v1/messages?beta=true',
  );
});

test('dots for a model do not lead to another place', () => {
  for (const model of ['.', '..'])
    assert.throws(() => upstreamUrl(deployments, '/chat/completions', model), { status: 404 });
});

test("a model's id is text, not a part of the address", () => {
  const url = new URL(upstreamUrl(deployments, '/chat/completions', '../a?b#c $&'));
  assert.equal(url.pathname, '/openai/deployments/..%2Fa%3Fb%23c%20%24%26/chat/completions');
  assert.equal(url.search, '?api-version=2024-10-21');
});
