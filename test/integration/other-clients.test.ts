// Clients of other dialects through the running router: the official SDKs, whole and streamed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { type DialectId, dialectIds } from '../../src/core/dialects/dialect.ts';
import { startTestRouter } from '../tools/router-harness.ts';
import { startScriptedUpstream, text, toolCalls } from '../tools/scripted-upstream.ts';

async function set(t: import('node:test').TestContext, dialect: DialectId) {
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

for (const dialect of dialectIds) {
  test(`${dialect}: OpenAI's chat completions, whole, streamed and with the list of models`, async (t) => {
    const { upstream, url, token } = await set(t, dialect);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'hello' }];
    upstream.answer(text('whole answer'), text('streamed answer'), text('unasked'));
    const whole = await client.chat.completions.create({ model: 'any-name', messages });
    assert.equal(whole.choices[0]?.message.content, 'whole answer');
    assert.equal(whole.model, 'any-name');
    assert.ok((whole.usage?.prompt_tokens ?? 0) > 0);
    const options = { stream_options: { include_usage: true } };
    const stream = client.chat.completions.stream({ model: 'any-name', messages, ...options });
    const { choices, usage } = await stream.finalChatCompletion();
    assert.equal(choices[0]?.message.content, 'streamed answer');
    assert.equal(choices[0]?.finish_reason, 'stop');
    assert.ok((usage?.completion_tokens ?? 0) > 0);
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ model: 'x', messages, stream: true }))
      chunks.push(chunk);
    assert.ok(chunks.length > 2 && chunks.every((chunk) => !chunk.usage));
    const models: string[] = [];
    for await (const model of client.models.list()) models.push(model.id);
    assert.ok(models.includes('p/m'));
    assert.equal((await client.models.retrieve('p/m')).id, 'p/m');
    assert.deepEqual(upstream.refusals, []);
  });

  test(`${dialect}: a tool loop of the official chat helper`, async (t) => {
    const { upstream, url, token } = await set(t, dialect);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
    const asked: unknown[] = [];
    const { name, description, parameters } = lookUp;
    const define = (args: { word: string }) => {
      asked.push(args);
      return `${args.word}: what a switchyard has`;
    };
    const run = async (stream: boolean) => {
      upstream.answer(
        toolCalls(
          { tool: 'look_up', input: { word: 'points' } },
          { tool: 'look_up', input: { word: 'ladder' } },
        ),
        text('Both are known.'),
      );
      const runner = client.chat.completions.runTools({
        model: 'any-name',
        stream: stream as false,
        messages: [{ role: 'user', content: 'Look up points and ladder.' }],
        tools: [
          {
            type: 'function',
            function: { name, description, parameters, parse: JSON.parse, function: define },
          },
        ],
      });
      return runner.finalContent();
    };
    assert.equal(await run(false), 'Both are known.');
    assert.equal(await run(true), 'Both are known.');
    const words = [{ word: 'points' }, { word: 'ladder' }];
    assert.deepEqual(asked, [...words, ...words]);
    assert.match(upstream.messages[3]?.text ?? '', /ladder: what a switchyard has/);
    assert.deepEqual(upstream.refusals, []);
  });

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
  const chat = await post('/v1/chat/completions', '{"model":"m","messages":[{"role":"robot"}]}');
  assert.equal(chat.status, 400);
  assert.deepEqual([chat.body.error?.type, chat.body.type], ['invalid_request_error', undefined]);
  assert.match(String(chat.body.error?.message), /'messages\[0\]\.role'/);
  const unknown = await post('/v1/chat', '{}');
  assert.deepEqual([unknown.status, unknown.body.type], [404, 'error']);
  const gemini = await post('/v1beta/models/m:generateContent', '{}');
  assert.equal(gemini.status, 400);
  assert.equal(gemini.body.error?.code, 400);
  const verb = await post('/v1beta/models/m:predict', '{}');
  assert.equal(verb.status, 404);
});
