// The scripted upstream against the official SDKs: what it writes must be what they read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import {
  type Answer,
  failure,
  gate,
  type ScriptedUpstreamOptions,
  startScriptedUpstream,
  text,
} from './scripted-upstream.ts';

async function set(options?: ScriptedUpstreamOptions) {
  const upstream = await startScriptedUpstream(options);
  const anthropic = new Anthropic({ baseURL: upstream.url, apiKey: 'k1', maxRetries: 0 });
  const openai = new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'k1', maxRetries: 0 });
  return { upstream, anthropic, openai, [Symbol.asyncDispose]: () => upstream.close() };
}
const ask = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] };
const everything: Answer = {
  parts: [
    { thinking: 'Let me think about it.', signature: 'sig-1' },
    { text: 'Grüße 👋 to everybody out there.' },
    { tool: 'Bash', input: { command: 'echo hi' } },
    { tool: 'Read', input: {} },
  ],
  usage: { input: 50, output: 20, cacheRead: 30 },
};

test('an Anthropic answer is the same streamed and whole', async () => {
  await using run = await set();
  run.upstream.answer(everything, everything);
  const streamed = await run.anthropic.messages.stream(ask).finalMessage();
  const whole = await run.anthropic.messages.create(ask);
  const bare = (message: Anthropic.Message) =>
    message.content.map((block) => ('id' in block ? { ...block, id: '' } : block));
  assert.deepEqual(bare(streamed), bare(whole));
  assert.equal(streamed.stop_reason, 'tool_use');
  assert.deepEqual([streamed.usage.input_tokens, streamed.usage.cache_read_input_tokens], [20, 30]);
  const ids = streamed.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  assert.equal(new Set(ids).size, 2);
});

test('a web search answer in both dialects', async () => {
  await using run = await set();
  const found = { webSearch: 'weather', results: [{ title: 'T', url: 'https://e.org/' }] };
  run.upstream.answer({ parts: [found, { text: 'Sunny.' }] }, { parts: [found, { text: 'Sunny.' }] });
  const message = await run.anthropic.messages.stream(ask).finalMessage();
  assert.deepEqual(
    message.content.map((block) => block.type),
    ['server_tool_use', 'web_search_tool_result', 'text'],
  );
  const completion = await run.openai.chat.completions.create(ask);
  assert.equal(completion.choices[0]?.message.annotations?.[0]?.url_citation.url, 'https://e.org/');
});

test('an OpenAI answer is the same streamed and whole', async () => {
  await using run = await set();
  run.upstream.answer(everything, everything);
  const stream = run.openai.chat.completions.stream({ ...ask, stream_options: { include_usage: true } });
  let reasoning = '';
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta;
    if (delta && 'reasoning_content' in delta) reasoning += delta.reasoning_content;
  }
  const streamed = await stream.finalChatCompletion();
  const whole = await run.openai.chat.completions.create(ask);
  assert.equal(reasoning, 'Let me think about it.');
  const bare = ({ choices: [choice] }: OpenAI.ChatCompletion) => ({
    text: choice?.message.content,
    calls: choice?.message.tool_calls?.map((call) => (call.type === 'function' ? call.function.name : '')),
    input: choice?.message.tool_calls?.map((call) =>
      call.type === 'function' ? call.function.arguments : '',
    ),
    finish: choice?.finish_reason,
  });
  assert.deepEqual(bare(streamed), bare(whole));
  assert.deepEqual(bare(whole).input, ['{"command":"echo hi"}', '{}']);
  assert.equal(streamed.usage?.prompt_tokens_details?.cached_tokens, 30);
});

test('errors come in the dialect, with headers; an exhausted script is an error too', async () => {
  await using run = await set();
  const limited = failure(429, { message: 'slow down', headers: { 'retry-after': '7' } });
  run.upstream.answer(limited, limited);
  const refused = await run.anthropic.messages.create(ask).catch((error: unknown) => error);
  assert.ok(refused instanceof Anthropic.RateLimitError);
  assert.equal(refused.headers.get('retry-after'), '7');
  assert.match(refused.message, /slow down/);
  await assert.rejects(run.openai.chat.completions.create(ask), OpenAI.RateLimitError);
  await assert.rejects(run.openai.chat.completions.create(ask), /no answer left/);
  assert.equal(run.upstream.refusals.length, 1);
});

test('resets, cuts, errors inside the stream and empty streams', async () => {
  await using run = await set();
  run.upstream.answer(
    { reset: true },
    { parts: [{ text: 'a' }, { end: 'reset' }] },
    { parts: [{ text: 'a' }, { error: { type: 'overloaded_error', message: 'Overloaded' } }] },
    { parts: [{ text: 'a' }, { end: 'cut' }] },
    { status: 200, body: '<html>nope</html>' },
  );
  const { messages } = run.anthropic;
  await assert.rejects(messages.create(ask), Anthropic.APIConnectionError);
  await assert.rejects(messages.stream(ask).finalMessage(), /terminated|aborted|Connection/);
  await assert.rejects(messages.stream(ask).finalMessage(), /Overloaded/);
  const cut = messages.stream(ask);
  await assert.rejects(cut.finalMessage());
  await assert.rejects(messages.stream(ask).finalMessage());
  assert.equal(run.upstream.unused, 0);
});

test('gates hold the answer, and a caller that leaves is seen', async () => {
  await using run = await set();
  const held = gate();
  run.upstream.answer({ parts: [{ text: 'first' }, { wait: held.promise }, { text: 'second' }] });
  const stream = run.anthropic.messages.stream(ask);
  const seen: string[] = [];
  for await (const event of stream) {
    if (event.type === 'content_block_stop') held.open();
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      seen.push(event.delta.text);
  }
  assert.deepEqual(seen, ['first', 'second']);
  assert.equal(await (await run.upstream.message(1)).closed, 'answered');
  run.upstream.answer({ parts: [{ text: 'first' }, { wait: gate().promise }] });
  const left = run.anthropic.messages.stream(ask);
  for await (const event of left) if (event.type === 'content_block_stop') break;
  assert.equal(await (await run.upstream.message(2)).closed, 'aborted');
});

test('keys, models, counting and lists', async () => {
  await using run = await set({ keys: ['k1'], models: ['m'] });
  run.upstream.otherwise = () => text('ok');
  await run.anthropic.messages.create(ask);
  await assert.rejects(run.anthropic.messages.create({ ...ask, model: 'x' }), Anthropic.NotFoundError);
  await assert.rejects(
    new OpenAI({ baseURL: `${run.upstream.url}/v1`, apiKey: 'k2', maxRetries: 0 }).models.list(),
    OpenAI.AuthenticationError,
  );
  assert.equal((await run.anthropic.models.list()).data[0]?.id, 'm');
  assert.equal((await run.openai.models.list()).data[0]?.id, 'm');
  assert.ok(
    (await run.anthropic.messages.countTokens({ model: 'm', messages: ask.messages })).input_tokens > 5,
  );
});

test('wrong requests are refused as the providers refuse them', async () => {
  await using run = await set({ contextWindow: 200 });
  const { upstream, anthropic, openai } = run;
  upstream.otherwise = () => text('accepted');
  const call = { type: 'tool_use' as const, id: 't1', name: 'Bash', input: {} };
  const wrong: [object, RegExp][] = [
    [{ messages: [] }, /at least one message/],
    [{ messages: [{ role: 'user', content: '' }] }, /non-empty content/],
    [{ messages: [...ask.messages, { role: 'assistant', content: [call] }] }, /without `tool_result`/],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x' }] }] },
      /unexpected `tool_use_id`/,
    ],
    [
      {
        messages: [
          ...ask.messages,
          { role: 'assistant', content: [{ type: 'thinking', thinking: 't', signature: 's' }] },
          ...ask.messages,
        ],
      },
      /Invalid `signature`/,
    ],
    [{ foo: 1 }, /foo: Extra inputs/],
    [{ max_tokens: 0 }, /greater than or equal to 1/],
    [{ messages: [{ role: 'user', content: 'x'.repeat(1000) }] }, /prompt is too long: \d+ tokens > 200/],
  ];
  for (const [change, message] of wrong)
    await assert.rejects(anthropic.messages.create({ ...ask, ...change }), message);
  const chat: [object, RegExp][] = [
    [{ tools: [] }, /Invalid 'tools': empty array/],
    [{ top_k: 1 }, /Unknown parameter: 'top_k'/],
    [{ messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }, /must be a response/],
    [
      {
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ type: 'function', id: 'c1', function: { name: 'f', arguments: '{}' } }],
          },
          ...ask.messages,
        ],
      },
      /did not have response messages: c1/,
    ],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, /array too long/],
    [{ reasoning_effort: 'max' }, /Invalid value: 'max'/],
    [{ stream_options: { include_usage: true } }, /only allowed when 'stream'/],
    [{ messages: [{ role: 'user', content: 'x'.repeat(1000) }] }, /maximum context length is 200 tokens/],
  ];
  for (const [change, message] of chat)
    await assert.rejects(openai.chat.completions.create({ ...ask, ...change }), message);
  assert.equal(upstream.refusals.length, wrong.length + chat.length);
});
