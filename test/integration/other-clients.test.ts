// Clients of other dialects through the running router: the official SDKs, whole and streamed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { startTestRouter } from '../tools/router-harness.ts';
import { startScriptedUpstream, text, toolCalls } from '../tools/scripted-upstream.ts';

const dialects = ['anthropic', 'openai-chat'] as const;

async function set(t: import('node:test').TestContext, dialect: (typeof dialects)[number]) {
  const upstream = await startScriptedUpstream({ dialect, keys: ['key-of-p'], models: ['m'] });
  t.after(() => upstream.close());
  const router = await startTestRouter(t, {
    config: `providers:
  p: { dialect: ${dialect}, base_url: "${upstream.url}", keys: [secret:p], models: [m] }
routes: { default: p/m }
`,
    secrets: { p: 'key-of-p' },
  });
  return { upstream, url: `http://127.0.0.1:${router.port}`, token: router.token };
}

const lookUp = {
  type: 'function' as const,
  name: 'look_up',
  description: 'Looks a word up',
  strict: false,
  parameters: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
};

for (const dialect of dialects) {
  test(`${dialect}: OpenAI's Responses, whole, streamed and with a tool`, async (t) => {
    const { upstream, url, token } = await set(t, dialect);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
    upstream.answer(
      text('whole answer'),
      text('streamed answer'),
      toolCalls({ tool: 'look_up', input: { word: 'points' } }),
    );
    const whole = await client.responses.create({ model: 'any-name', input: 'hello' });
    assert.equal(whole.output_text, 'whole answer');
    assert.equal(whole.model, 'any-name');
    let streamed = '';
    const stream = await client.responses.create({ model: 'any-name', input: 'hello', stream: true });
    let last = '';
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') streamed += event.delta;
      last = event.type;
    }
    assert.deepEqual([streamed, last], ['streamed answer', 'response.completed']);
    const called = await client.responses.create({ model: 'any-name', input: 'look it up', tools: [lookUp] });
    const call = called.output.find((item) => item.type === 'function_call');
    assert.deepEqual(call && [call.name, JSON.parse(call.arguments)], ['look_up', { word: 'points' }]);
  });

  test(`${dialect}: Gemini's generateContent, whole, streamed and counted`, async (t) => {
    const { upstream, url, token } = await set(t, dialect);
    const client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: url } });
    upstream.answer(text('whole answer'), text('streamed answer'));
    const whole = await client.models.generateContent({ model: 'any-name', contents: 'hello' });
    assert.equal(whole.text, 'whole answer');
    let streamed = '';
    for await (const part of await client.models.generateContentStream({
      model: 'any-name',
      contents: 'hello',
    }))
      streamed += part.text ?? '';
    assert.equal(streamed, 'streamed answer');
    const counted = await client.models.countTokens({ model: 'any-name', contents: 'hello' });
    assert.ok((counted.totalTokens ?? 0) > 0);
  });
}

test('errors come in the shape of the client', async (t) => {
  const { url, token } = await set(t, 'anthropic');
  const post = async (path: string, body: string) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, Record<string, unknown>>,
    };
  };
  const responses = await post('/v1/responses', '{"model":');
  assert.equal(responses.status, 400);
  assert.equal(typeof responses.body.error?.message, 'string');
  assert.equal(responses.body.type, undefined);
  const gemini = await post('/v1beta/models/m:generateContent', '{}');
  assert.equal(gemini.status, 400);
  assert.equal(gemini.body.error?.code, 400);
  const verb = await post('/v1beta/models/m:predict', '{}');
  assert.equal(verb.status, 404);
});
