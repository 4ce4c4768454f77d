// The official SDKs through the running router to an upstream of their own dialect: what the hub has no place for arrives,
// and comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { serveForTest, startTestRouter } from '../tools/router-harness.ts';

interface Seen {
  path: string;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** An upstream that gives one answer; `seen` gets what it was asked. */
async function set(t: import('node:test').TestContext, dialect: string, answer: object, seen: Seen[]) {
  const url = await serveForTest(t, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  const router = await startTestRouter(t, {
    config: `providers:
  p: { dialect: ${dialect}, base_url: "${url}/v1", keys: [secret:p], models: [m] }
routes: { default: p/m }
`,
    secrets: { p: 'key-of-p' },
  });
  return { url: `http://127.0.0.1:${router.port}`, token: router.token };
}

test("OpenAI's chat completions: several choices, log probabilities, unknown fields", async (t) => {
  const seen: Seen[] = [];
  const choices = ['a', 'b'].map((content, index) => ({
    index,
    message: { role: 'assistant', content, refusal: null },
    logprobs: { content: [{ token: content, logprob: -0.1, bytes: null, top_logprobs: [] }], refusal: null },
    finish_reason: 'stop',
  }));
  const answer = {
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm-1',
    choices,
    system_fingerprint: 'fp',
  };
  const { url, token } = await set(t, 'openai-chat', answer, seen);
  const client = new OpenAI({
    baseURL: `${url}/v1`,
    apiKey: token,
    organization: 'org-of-the-client',
    maxRetries: 0,
    defaultHeaders: { 'OpenAI-Beta': 'x=1' },
  });
  const params = {
    model: 'any-name',
    messages: [{ role: 'user' as const, content: 'hello' }],
    n: 2,
    logprobs: true,
    store: true,
    metadata: { a: 'b' },
    x_unknown: { deep: [1] },
  };
  const told = await client.chat.completions.create(params);
  assert.deepEqual(JSON.parse(JSON.stringify(told)), { ...answer, model: 'any-name' });
  assert.deepEqual(seen[0]?.body, { ...params, model: 'm' });
  assert.equal(seen[0]?.path, '/v1/chat/completions');
  const { authorization, 'openai-beta': beta, 'openai-organization': organization } = seen[0]?.headers ?? {};
  assert.deepEqual([authorization, beta, organization], ['Bearer key-of-p', 'x=1', undefined]);
});

test("OpenAI's Responses: stored conversations, unknown fields", async (t) => {
  const seen: Seen[] = [];
  const answer = {
    id: 'r',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'm-1',
    output: [],
    x_own: 1,
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  };
  const { url, token } = await set(t, 'openai-responses', answer, seen);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
  const params = {
    model: 'any-name',
    previous_response_id: 'resp_1',
    store: true,
    x_unknown: 1,
    input: 'hello',
  };
  const told = await client.responses.create(params);
  assert.deepEqual(
    { model: told.model, own: (told as unknown as typeof answer).x_own },
    { model: 'any-name', own: 1 },
  );
  assert.deepEqual(seen[0]?.body, { ...params, model: 'm' });
});

test("Google's generateContent: several candidates, log probabilities, unknown fields", async (t) => {
  const seen: Seen[] = [];
  const candidates = ['a', 'b'].map((text, index) => ({
    index,
    content: { role: 'model', parts: [{ text }] },
    finishReason: 'STOP',
    avgLogprobs: -0.1,
  }));
  const { url, token } = await set(t, 'gemini', { candidates, modelVersion: 'm-1' }, seen);
  const client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: url } });
  const told = await client.models.generateContent({
    model: 'any-name',
    contents: 'hello',
    config: { candidateCount: 2, responseLogprobs: true, httpOptions: { extraBody: { x_unknown: 1 } } },
  });
  assert.deepEqual(
    told.candidates?.map(({ avgLogprobs, content }) => [avgLogprobs, content?.parts?.[0]?.text]),
    [
      [-0.1, 'a'],
      [-0.1, 'b'],
    ],
  );
  assert.equal(told.modelVersion, 'any-name');
  assert.match(seen[0]?.path ?? '', /\/models\/m:generateContent$/);
  assert.equal(seen[0]?.headers['x-goog-api-key'], 'key-of-p');
  const { generationConfig, x_unknown, model } = seen[0]?.body ?? {};
  assert.deepEqual(generationConfig, { candidateCount: 2, responseLogprobs: true });
  assert.deepEqual([x_unknown, model], [1, undefined]);
});
