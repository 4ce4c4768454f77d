// Moonshot's search, which wants its calls sent back: real sockets, the official SDK, and the request of Claude Code's
// WebSearch. The upstream answers as Moonshot documents it and refuses an echo that is not the call's arguments.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { searchRequest } from '../tools/rich-request.ts';
import { serveForTest, startTestRouter } from '../tools/router-harness.ts';

type Body = Record<string, unknown> & { messages: Record<string, unknown>[] };
type Script = { status?: number; body: unknown };

/** Written as no serializer would: the echo must not be written anew. */
const found = '{"search_result": {"search_id":"0a1b"},  "usage":{"total_tokens":1.3e4}}';

const usage = (prompt_tokens: number, completion_tokens: number, cached_tokens = 0) => ({
  prompt_tokens,
  completion_tokens,
  total_tokens: prompt_tokens + completion_tokens,
  prompt_tokens_details: { cached_tokens },
});
const builtin = (id: string) => ({
  index: 0,
  id,
  type: 'builtin_function',
  function: { name: '$web_search', arguments: found },
});
const look = { id: 'look:2', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' } };
const answer = (message: object, finish_reason: string, more: object): Script => ({
  body: {
    id: 'cmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'kimi-k2.6',
    choices: [{ index: 0, message: { role: 'assistant', content: '', ...message }, finish_reason }],
    ...more,
  },
});
const calling = (...tool_calls: object[]) =>
  answer({ tool_calls, reasoning_content: 'hm' }, 'tool_calls', { usage: usage(100, 10, 40) });
const saying = answer({ content: 'Otters swim.' }, 'stop', { usage: usage(300, 20) });
const failing = (status: number): Script => ({
  status,
  body: { error: { message: 'The engine is currently overloaded', type: 'engine_overloaded_error' } },
});

/** `p` is Moonshot by the script, `other` a chat completions server that says that it is another one. */
async function start(t: TestContext, ...script: Script[]) {
  const asked: Body[] = [];
  const url = await serveForTest(t, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
      const next = request.url?.startsWith('/other')
        ? answer({ content: 'From another.' }, 'stop', { usage: usage(5, 2) })
        : script.shift();
      if (!request.url?.startsWith('/other')) asked.push(body);
      const refusal = body.messages.some(
        (message) => message.role === 'tool' && message.name === '$web_search' && message.content !== found,
      );
      const { status = 200, body: told } = refusal || !next ? failing(400) : next;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
    });
  });
  const router = await startTestRouter(t, {
    config: `providers:
  p: { preset: moonshot, dialect: openai-chat, base_url: "${url}/v1", keys: [secret:p], models: [kimi-k2.6] }
  other: { dialect: openai-chat, base_url: "${url}/other/v1", keys: [secret:p], models: [m] }
groups: { main: { targets: [p/kimi-k2.6, other/m] } }
routes: { default: main }
resilience: { retries: 0, max_wait: 0 }
`,
    secrets: { p: 'key-of-p' },
  });
  return {
    asked,
    router,
    client: new Anthropic({ baseURL: router.url, apiKey: router.token, maxRetries: 0 }),
  };
}

const search: Anthropic.WebSearchTool20250305 = {
  type: 'web_search_20250305',
  name: 'web_search',
};
const tool: Anthropic.Tool = { name: 'look', input_schema: { type: 'object', properties: {} } };
const ask = {
  model: 'any',
  max_tokens: 200,
  messages: [{ role: 'user' as const, content: 'Perform a web search for the query: otters' }],
  tools: [search, tool],
};
const kinds = ({ content }: Anthropic.Message) => content.map(({ type }) => type);

test('the calls go back as they came, and the client gets one answer with the sum of all counts', async (t) => {
  const { client, asked, router } = await start(t, calling(builtin('s:0')), calling(builtin('s:1')), saying);
  const message = await client.messages.create(ask);
  assert.deepEqual(kinds(message), [
    'thinking',
    'server_tool_use',
    'web_search_tool_result',
    'thinking',
    'server_tool_use',
    'web_search_tool_result',
    'text',
  ]);
  const [, call, result] = message.content;
  assert.partialDeepStrictEqual(call, { name: 'web_search', input: { query: 'otters' } });
  assert.partialDeepStrictEqual(result, { tool_use_id: call && 'id' in call ? call.id : '', content: [] });
  assert.partialDeepStrictEqual(message.content.at(-1), { type: 'text', text: 'Otters swim.' });
  assert.equal(message.stop_reason, 'end_turn');
  const { input_tokens, cache_read_input_tokens, output_tokens, server_tool_use } = message.usage;
  assert.deepEqual([input_tokens, cache_read_input_tokens, output_tokens], [420, 80, 40]);
  assert.equal(server_tool_use?.web_search_requests, 2);

  assert.deepEqual(
    asked.map(({ stream, thinking }) => [stream, thinking]),
    asked.map(() => [undefined, { type: 'disabled' }]),
  );
  assert.deepEqual(asked[0]?.tools, [
    { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
    { type: 'builtin_function', function: { name: '$web_search' } },
  ]);
  assert.deepEqual(asked[2]?.messages.slice(1), [
    { role: 'assistant', content: '', tool_calls: [builtin('s:0')], reasoning_content: 'hm' },
    { role: 'tool', tool_call_id: 's:0', name: '$web_search', content: found },
    { role: 'assistant', content: '', tool_calls: [builtin('s:1')], reasoning_content: 'hm' },
    { role: 'tool', tool_call_id: 's:1', name: '$web_search', content: found },
  ]);
  const record = await router.until(() => router.exchanges.find(({ status }) => status === 200));
  assert.equal(record.attempts.length, 1);
  assert.deepEqual(record.usage, { input: 420, output: 40, cacheRead: 80, cacheWrite: 0 });
});

test("Claude Code's WebSearch gets its stream", async (t) => {
  const { router, asked } = await start(t, calling(builtin('s:0')), saying);
  const response = await router.fetch('/v1/messages', searchRequest);
  assert.match(response.headers.get('content-type') ?? '', /text\/event-stream/);
  const events = (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)));
  const blocks = events.flatMap(({ content_block }) => content_block?.type ?? []);
  assert.deepEqual(
    blocks.filter((type) => type !== 'thinking'),
    ['server_tool_use', 'web_search_tool_result', 'text'],
  );
  assert.equal(events.at(-1)?.type, 'message_stop');
  assert.equal(events.at(-2)?.usage.server_tool_use.web_search_requests, 1);
  assert.equal(asked.length, 2);
});

test("another tool's call ends the searching: it is the client's to do", async (t) => {
  const { client, asked } = await start(t, calling(builtin('s:0')), calling(builtin('s:1'), look));
  const message = await client.messages.create(ask);
  assert.deepEqual(
    kinds(message).filter((type) => type !== 'thinking'),
    ['server_tool_use', 'web_search_tool_result', 'tool_use'],
  );
  assert.partialDeepStrictEqual(message.content.at(-1), { name: 'look', input: { at: 'x' } });
  assert.equal(message.stop_reason, 'tool_use');
  assert.equal(asked.length, 2);
});

test('a model that searches on and on is paused', async (t) => {
  const { client, asked } = await start(
    t,
    ...Array.from({ length: 9 }, (_, at) => calling(builtin(`s:${at}`))),
  );
  const message = await client.messages.create(ask);
  assert.equal(asked.length, 5);
  assert.equal(message.stop_reason, 'pause_turn');
  assert.equal(message.usage.server_tool_use?.web_search_requests, 4);
  const limited = await start(t, ...Array.from({ length: 9 }, (_, at) => calling(builtin(`s:${at}`))));
  await limited.client.messages.create({ ...ask, tools: [{ ...search, max_uses: 1 }] });
  assert.equal(limited.asked.length, 2);
});

test('a failure between two searches is one of the attempt: another deployment answers', async (t) => {
  const { client, asked, router } = await start(t, calling(builtin('s:0')), failing(503));
  const message = await client.messages.create(ask);
  assert.deepEqual(message.content, [{ type: 'text', text: 'From another.', citations: null }]);
  assert.equal(asked.length, 2);
  const record = await router.until(() => router.exchanges.find(({ status }) => status === 200));
  assert.deepEqual(
    record.attempts.map(({ provider, outcome }) => [provider, outcome]),
    [
      ['p', 'overloaded'],
      ['other', 'success'],
    ],
  );
});
