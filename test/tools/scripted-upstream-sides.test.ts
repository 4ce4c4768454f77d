// The scripted upstream's Responses and Gemini sides against the official SDKs: what they write must be what those read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { ask } from './client-readings.ts';
import {
  type Answer,
  failure,
  type ScriptedUpstreamOptions,
  startScriptedUpstream,
  text,
} from './scripted-upstream.ts';

async function set(options?: ScriptedUpstreamOptions) {
  const upstream = await startScriptedUpstream(options);
  const openai = new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'k1', maxRetries: 0 });
  const google = new GoogleGenAI({
    apiKey: 'k1',
    apiVersion: 'v1beta',
    httpOptions: { baseUrl: upstream.url },
  });
  const asked = { url: upstream.url, token: 'k1', model: 'gemini-m' };
  return { upstream, openai, google, asked, [Symbol.asyncDispose]: () => upstream.close() };
}

const everything: Answer = {
  parts: [
    { thinking: 'Let me think about it.', signature: 'c2ln' },
    { text: 'Grüße 👋 to everybody out there.' },
    { tool: 'Bash', input: { command: 'echo hi' } },
    { tool: 'Read', input: {} },
  ],
  usage: { input: 50, output: 20, cacheRead: 30, reasoning: 5 },
};

for (const dialect of ['openai-responses', 'gemini'] as const)
  test(`${dialect}: an answer is the same streamed and whole, and what was scripted`, async () => {
    await using run = await set();
    run.upstream.answer(everything, everything);
    const streamed = await ask(dialect, { ...run.asked, stream: true, version: 'v1beta' });
    const whole = await ask(dialect, { ...run.asked, stream: false, version: 'v1beta' });
    const { turn: _, ...rest } = whole;
    const bare = { ...rest, calls: whole.calls.map(({ name, input }) => ({ name, input })) };
    assert.deepEqual({ ...streamed, calls: bare.calls, turn: [] }, { ...bare, turn: [] });
    assert.deepEqual(bare, {
      model: 'gemini-m',
      text: 'Grüße 👋 to everybody out there.',
      refusal: '',
      thinking: 'Let me think about it.',
      calls: [
        { name: 'Bash', input: { command: 'echo hi' } },
        { name: 'Read', input: {} },
      ],
      finish: 'tool_calls',
      usage: { input: 50, output: 20, cached: 30 },
      sources: [],
    });
    assert.equal(new Set(streamed.calls.map(({ id }) => id)).size, 2);
  });

test('searches', async () => {
  await using run = await set();
  const found = { webSearch: 'weather', results: [{ title: 'T', url: 'https://e.org/' }] };
  run.upstream.answer({ parts: [found, { text: 'Sunny.' }] }, { parts: [found, { text: 'Sunny.' }] });
  const { output } = await run.openai.responses.stream({ model: 'm', input: 'Hi' }).finalResponse();
  assert.deepEqual(
    output.map(({ type }) => type),
    ['web_search_call', 'message'],
  );
  const { candidates } = await run.google.models.generateContent({ model: 'gemini-m', contents: 'Hi' });
  assert.equal(candidates?.[0]?.groundingMetadata?.groundingChunks?.[0]?.web?.uri, 'https://e.org/');
});

test('errors, whole and inside a stream', async () => {
  await using run = await set({ keys: ['k1'], models: ['gemini-m'] });
  const { upstream, openai, google, asked } = run;
  upstream.answer(failure(429), failure(503));
  await assert.rejects(openai.responses.create({ model: 'gemini-m', input: 'Hi' }), OpenAI.RateLimitError);
  const unavailable = google.models.generateContent({ model: 'gemini-m', contents: 'Hi' });
  await assert.rejects(unavailable, /"code":503,.*"status":"UNAVAILABLE"/);
  const broken: Answer = {
    parts: [{ text: 'a' }, { error: { type: 'overloaded_error', message: 'Overloaded.' } }],
  };
  upstream.answer(broken, broken);
  for (const dialect of ['openai-responses', 'gemini'] as const) {
    await assert.rejects(ask(dialect, { ...asked, stream: true, version: 'v1beta' }), /Overloaded\./);
    const stranger = { ...asked, token: 'k2', stream: false, version: 'v1beta' };
    await assert.rejects(ask(dialect, stranger), /API key/);
    await assert.rejects(ask(dialect, { ...stranger, token: 'k1', model: 'x' }), /does not exist|not found/);
  }
  assert.equal((await google.models.list()).page[0]?.name, 'models/gemini-m');
});

test('wrong requests are refused as the providers refuse them', async () => {
  await using run = await set({ contextWindow: 300 });
  const { upstream, openai } = run;
  upstream.otherwise = () => text('accepted');
  const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'c1', output: 'x' };
  const user = { type: 'message', role: 'user', content: 'Hi' };
  const responses: [object, RegExp][] = [
    [{ stop: ['x'] }, /Unknown parameter: 'stop'/],
    [{ max_output_tokens: 1 }, /below minimum value/],
    [{ input: [call, user] }, /No tool output found for function call c1/],
    [{ input: [user, output] }, /No tool call found/],
    [{ input: [user, { type: 'reasoning', id: 'rs_1', summary: [] }] }, /not persisted/],
    [{ input: [user, { type: 'reasoning', summary: [], encrypted_content: 'y' }] }, /could not be verified/],
    [{ input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'a' }] }] }, /'input_text'/],
    [{ tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }] }, /additionalProperties/],
    [{ reasoning: { effort: 'max' } }, /Invalid value: 'max'/],
    [{ input: 'x'.repeat(2000) }, /exceeds the context window/],
  ];
  for (const [change, message] of responses)
    await assert.rejects(openai.responses.create({ model: 'm', input: 'Hi', ...change } as never), message);
  const said = { role: 'user', parts: [{ text: 'Hi' }] };
  const called = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] };
  const result = { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'x' } } }] };
  const declared = [{ functionDeclarations: [{ name: 'f' }] }];
  const gemini: [object, RegExp][] = [
    [{ foo: 1 }, /Unknown name "foo"/],
    [{ contents: [] }, /contents is not specified/],
    [{ contents: [{ role: 'assistant', parts: said.parts }] }, /valid role/],
    [{ contents: [{ role: 'user', parts: [{ text: '' }] }] }, /text parameter/],
    [{ contents: [said, called, result] }, /missing a thought_signature/],
    [{ contents: [said, result] }, /number of function response parts/],
    [{ generationConfig: { top_p: 1 } }, /Unknown name "top_p"/],
    [{ generationConfig: { maxOutputTokens: 100_000 } }, /supported range/],
    [{ tools: [...declared, { googleSearch: {} }] }, /cannot be combined/],
    [{ toolConfig: { functionCallingConfig: { mode: 'ANY' } } }, /without function_declarations/],
    [{ contents: [{ parts: [{ text: 'x'.repeat(2000) }] }] }, /input token count/],
  ];
  for (const [change, message] of gemini) {
    const answer = await fetch(`${upstream.url}/v1beta/models/gemini-m:generateContent`, {
      method: 'POST',
      body: JSON.stringify({ contents: [said], ...change }),
    });
    assert.equal(answer.status, 400);
    const { error } = (await answer.json()) as { error: { message: string } };
    assert.match(error.message, message);
  }
  assert.equal(upstream.refusals.length, responses.length + gemini.length);
});
