import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchEndpoint } from '../../../src/core/http/endpoints.ts';
import { headerValue } from '../../../src/core/http/header-value.ts';

const cases: [method: string, path: string, kind: string, open?: boolean][] = [
  ['POST', '/v1/messages', 'messages'],
  ['POST', '/messages', 'messages'],
  ['POST', '//v1/messages', 'messages'],
  ['POST', '/api/v1/messages', 'messages'],
  ['POST', '/anthropic/v1/messages', 'messages'],
  ['POST', '/v1/messages/', 'messages'],
  ['POST', '/v1/messages/count_tokens', 'count-tokens'],
  ['POST', '/anthropic/v1/messages/count_tokens', 'count-tokens'],
  ['GET', '/v1/models', 'models'],
  ['GET', '/models', 'models'],
  ['GET', '/v1/models/a%2Fb', 'model'],
  ['GET', '/v1/models/openrouter/qwen/x', 'model'],
  ['POST', '/v1/chat/completions', 'messages'],
  ['POST', '/chat/completions/', 'messages'],
  ['GET', '/v1/chat/completions', 'wrong-method'],
  ['POST', '/v1/responses', 'messages'],
  ['POST', '/openai/v1/responses', 'messages'],
  ['POST', '/v1beta/models/group:streamGenerateContent', 'gemini-verb'],
  ['POST', '/v1/models/a%2Fb:generateContent', 'gemini-verb'],
  ['POST', '/v1/models/a', 'wrong-method'],
  ['GET', '/v1beta/models', 'models'],
  ['POST', '/v1/embeddings', 'embeddings'],
  ['POST', '/v1/completions', 'completions'],
  ['POST', '/v1/fim/completions', 'completions'],
  ['GET', '/v1/model/info', 'model-info'],
  ['POST', '/v1/models/m:batchEmbedContents', 'gemini-verb'],
  ['POST', '/openai/deployments/m/chat/completions', 'messages'],
  ['POST', '/openai/deployments/m/embeddings', 'embeddings'],
  ['POST', '/openai/deployments/m/completions', 'completions'],
  ['GET', '/openai/deployments/m/embeddings', 'wrong-method'],
  ['POST', '/openai/deployments/%E0%A4%A/embeddings', 'unknown'],
  ['POST', '/openai/deployments/m', 'unknown'],
  ['GET', '/', 'root', true],
  ['HEAD', '/', 'root', true],
  ['HEAD', '/api/hello', 'hello', true],
  ['GET', '/anthropic/api/hello', 'hello', true],
  ['GET', '/health', 'health', true],
  ['GET', '/v1/messages', 'wrong-method'],
  ['DELETE', '/v1/models', 'wrong-method'],
  ['OPTIONS', '/v1/messages', 'wrong-method'],
  ['POST', '/v1/chat', 'unknown'],
  ['GET', '/constructor', 'unknown'],
  ['GET', '/v1/models/%E0%A4%A', 'unknown'],
  ['GET', '/v1/messages/../../etc/passwd', 'unknown'],
];

for (const [method, path, kind, open = false] of cases) {
  test(`${method} ${path} is ${kind}`, () => {
    const endpoint = matchEndpoint(method, path);
    assert.equal(endpoint.kind, kind);
    assert.equal(endpoint.public, open);
  });
}

test('a model id keeps its slashes and is decoded', () => {
  const of = (path: string) => {
    const endpoint = matchEndpoint('GET', path);
    return endpoint.kind === 'model' ? endpoint.model : undefined;
  };
  assert.equal(of('/v1/models/a%2Fb'), 'a/b');
  assert.equal(of('/v1/models/openrouter/qwen/x:free'), 'openrouter/qwen/x:free');
});

test('header values hold printable ASCII only, at most 512 bytes, and no half escape', () => {
  assert.equal(headerValue('plain text'), 'plain text');
  assert.equal(headerValue('a\r\nb: c'), 'a%0D%0Ab: c');
  assert.equal(headerValue('魔'), '%E9%AD%94');
  assert.equal(headerValue('\ud800'), '%EF%BF%BD');
  assert.match(headerValue('魔'.repeat(200)), /^(?:%E9%AD%94)+$/);
  assert.ok(headerValue('x'.repeat(2000)).length === 512);
});

test('errors have the shape of the path’s dialect, of Anthropic’s where the path is unknown', () => {
  const dialectOf = (path: string) => matchEndpoint('POST', path).dialect;
  assert.equal(dialectOf('/v1/chat/completions'), 'openai-chat');
  assert.equal(dialectOf('/v1/responses'), 'openai-responses');
  assert.equal(dialectOf('/v1beta/models/m:generateContent'), 'gemini');
  assert.equal(dialectOf('/v1/chat'), 'anthropic');
});

test('Azure’s paths name the model, slashes and escapes included', () => {
  const of = (path: string) => matchEndpoint('POST', path).deployment;
  assert.equal(of('/openai/deployments/gpt-4o/chat/completions'), 'gpt-4o');
  assert.equal(of('/openai/deployments/p%2Fm/embeddings'), 'p/m');
  assert.equal(of('/openai/deployments/p/m/chat/completions'), 'p/m');
  assert.equal(of('/v1/chat/completions'), undefined);
});

test('Google’s clients get errors and lists in their own shape', () => {
  assert.equal(matchEndpoint('GET', '/v1/models').dialect, 'anthropic');
  assert.equal(matchEndpoint('GET', '/v1/models', true).dialect, 'gemini');
  assert.equal(matchEndpoint('GET', '/v1beta/models/x').dialect, 'gemini');
  assert.equal(matchEndpoint('GET', '/v1beta/nowhere').dialect, 'gemini');
  assert.equal(matchEndpoint('POST', '/v1/chat/completions', true).dialect, 'openai-chat');
});
