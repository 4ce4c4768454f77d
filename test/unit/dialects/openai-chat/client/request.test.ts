// Requests of chat clients: the official SDK's, Cherry Studio's, Cline's, and broken ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../../../../src/core/client-error.ts';
import { checkRequest } from '../../../../../src/core/dialects/anthropic/request-check.ts';
import { openAiChatClient } from '../../../../../src/core/dialects/openai-chat/client/client.ts';
import { recordings, recordingsAbsent } from '../../../../tools/recordings.ts';
import { pdf, png } from '../../claude-code-request.ts';

type Json = Record<string, unknown>;

function decode(body: Json): Json {
  const before = JSON.stringify(body);
  const request = openAiChatClient.decodeRequest(body);
  assert.equal(JSON.stringify(body), before, 'the original stays as it is');
  checkRequest(request);
  return request;
}

function decodeMessages(...messages: unknown[]): { system: unknown; messages: unknown } {
  const { system, messages: read } = decode({ model: 'm', messages });
  return { system, messages: read };
}

/** What one request field becomes. */
function decodeFields(fields: Json): Json {
  const { model: _, messages: __, ...rest } = decode({ model: 'm', messages: [user('x')], ...fields });
  return rest;
}

function refusal(body: unknown): string {
  try {
    openAiChatClient.decodeRequest(body as Json);
  } catch (error) {
    assert.ok(error instanceof ClientError && error.status === 400, String(error));
    return error.message;
  }
  return 'accepted';
}

function refusedMessage(message: unknown): string {
  return refusal({ model: 'm', messages: [message] });
}

function refusedField(fields: Json): string {
  return refusal({ model: 'm', messages: [user('x')], ...fields });
}

const user = (content: unknown) => ({ role: 'user', content });
const text = (words: string) => ({ type: 'text', text: words });
const call = (id: string | undefined, name: string, args: unknown = '{"path":"a"}') => ({
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name, arguments: args },
});
const lookUp = {
  type: 'function',
  function: { name: 'look_up', parameters: { type: 'object', properties: {} } },
};

test('the shortest request', () => {
  assert.deepEqual(decode({ model: 'm', messages: [user('Hi')] }), {
    model: 'm',
    messages: [{ role: 'user', content: [text('Hi')] }],
  });
});

test("Cline's request: marks for the cache, thinking sent back, a tool loop", () => {
  const request = decode({
    model: 'deepseek-chat',
    messages: [
      { role: 'system', content: [{ ...text('You are Cline.'), cache_control: { type: 'ephemeral' } }] },
      user([text('Read it.'), text('<environment_details/>')]),
      {
        role: 'assistant',
        content: '\n',
        reasoning_content: 'I must read.',
        tool_calls: [call('a', 'read_file'), call('b', 'list_files', '')],
      },
      { role: 'tool', tool_call_id: 'b', content: [text('x.ts')] },
      { role: 'tool', tool_call_id: 'a', content: 'Hello.' },
      user([{ ...text('Go on.'), cache_control: { type: 'ephemeral', ttl: '1h', scope: 'x' } }]),
    ],
    temperature: 0,
    max_tokens: -1,
    stream: true,
    stream_options: { include_usage: true },
    tools: [{ ...lookUp, cache_control: { type: 'ephemeral' } }],
    tool_choice: 'auto',
    parallel_tool_calls: false,
  });
  assert.deepEqual(request, {
    model: 'deepseek-chat',
    system: [{ ...text('You are Cline.'), cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: [text('Read it.'), text('<environment_details/>')] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'I must read.', signature: '' },
          { type: 'tool_use', id: 'a', name: 'read_file', input: { path: 'a' } },
          { type: 'tool_use', id: 'b', name: 'list_files', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'b', content: [text('x.ts')] },
          { type: 'tool_result', tool_use_id: 'a', content: 'Hello.' },
          { ...text('Go on.'), cache_control: { type: 'ephemeral', ttl: '1h' } },
        ],
      },
    ],
    tools: [
      {
        name: 'look_up',
        input_schema: { type: 'object', properties: {} },
        cache_control: { type: 'ephemeral' },
      },
    ],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    temperature: 0,
    stream: true,
  });
});

test('system messages: before the conversation, inside it, alone', () => {
  const { system, messages } = decodeMessages(
    { role: 'developer', content: 'One.' },
    { role: 'system', content: 'Two.' },
    user('a'),
    { role: 'system', content: 'Late.' },
    { role: 'assistant', content: 'b' },
    user('c'),
    user('d'),
  );
  assert.deepEqual(system, [text('One.'), text('Two.')]);
  assert.deepEqual(messages, [
    { role: 'user', content: [text('a')] },
    { role: 'system', content: [text('Late.')] },
    { role: 'assistant', content: [text('b')] },
    { role: 'user', content: [text('c'), text('d')] },
  ]);
  assert.deepEqual(decodeMessages({ role: 'system', content: 'Say hi.' }), {
    system: undefined,
    messages: [{ role: 'user', content: [text('Say hi.')] }],
  });
});

test('images and files in all forms', () => {
  const { messages } = decodeMessages(
    user([
      { type: 'image_url', image_url: { url: `data:image/png;base64,${png}`, detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
      { type: 'image_url', image_url: 'https://a.example/c.png' },
      { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
      { type: 'input_file', file_data: `data:application/pdf;base64,${pdf}` },
      { type: 'file', file: { filename: 'a.txt', file_data: `data:text/plain;base64,${btoa('Hi')}` } },
    ]),
  );
  const source = { type: 'base64', media_type: 'application/pdf', data: pdf };
  assert.deepEqual((messages as { content: unknown }[])[0]?.content, [
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
    { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
    { type: 'image', source: { type: 'url', url: 'https://a.example/c.png' } },
    { type: 'document', source, title: 'a.pdf' },
    { type: 'document', source },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hi' }, title: 'a.txt' },
  ]);
});

test('what an assistant said: parts, refusals, free-text calls, thinking in every form', () => {
  const { messages } = decodeMessages(
    user('a'),
    {
      role: 'assistant',
      content: [text('Part.'), { type: 'refusal', refusal: 'No.' }],
      refusal: null,
      reasoning_details: [
        { type: 'reasoning.text', text: 'Hm', index: 0 },
        { type: 'reasoning.text', text: '.', index: 0 },
        { type: 'reasoning.text', signature: 'sy1.up.abc', index: 0 },
        { type: 'reasoning.encrypted', data: 'zzz', format: 'anthropic-claude-v1', index: 1 },
        { type: 'reasoning.encrypted', data: 'gAAAAAB', format: 'openai-responses-v1', index: 2 },
      ],
      reasoning: 'Hm.',
      tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'patch', input: '*** Begin' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: null },
    { role: 'assistant', content: null, refusal: 'Never.', reasoning: 'Bare.' },
    {
      role: 'assistant',
      content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'As Mistral.' }] }, text('b')],
    },
  );
  assert.deepEqual(messages, [
    { role: 'user', content: [text('a')] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sy1.up.abc' },
        { type: 'redacted_thinking', data: 'zzz' },
        text('Part.'),
        text('No.'),
        { type: 'tool_use', id: 'c', name: 'patch', input: { input: '*** Begin' } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: [] }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Bare.', signature: '' },
        text('Never.'),
        { type: 'thinking', thinking: 'As Mistral.', signature: '' },
        text('b'),
      ],
    },
  ]);
});

test('functions, the older form: results find their calls by name', () => {
  const request = decode({
    model: 'm',
    messages: [
      user('a'),
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"n":1}' } },
      { role: 'function', name: 'f', content: 'one' },
      { role: 'assistant', content: null, tool_calls: [call(undefined, 'g'), call(undefined, 'h')] },
      { role: 'tool', name: 'h', content: 'of h' },
      { role: 'tool', content: 'of g' },
    ],
    functions: [{ name: 'f', description: 'F', parameters: { properties: {} } }],
    function_call: { name: 'f' },
  });
  const { messages, tools, tool_choice } = request;
  assert.deepEqual(tools, [
    { name: 'f', description: 'F', input_schema: { properties: {}, type: 'object' } },
  ]);
  assert.deepEqual(tool_choice, { type: 'tool', name: 'f', disable_parallel_tool_use: true });
  const ids = (messages as { content: Json[] }[]).flatMap(({ content }) =>
    content.flatMap(({ id, name, tool_use_id, content: result }) =>
      id ? [[id, name]] : tool_use_id ? [[tool_use_id, result]] : [],
    ),
  );
  assert.deepEqual(ids, [
    ['call_unnamed_1', 'f'],
    ['call_unnamed_1', 'one'],
    ['call_unnamed_2', 'g'],
    ['call_unnamed_3', 'h'],
    ['call_unnamed_3', 'of h'],
    ['call_unnamed_2', 'of g'],
  ]);
});

test('choices among tools', () => {
  const tools = ['a', 'b'].map((name) => ({ type: 'function', function: { name, parameters: {} } }));
  const choose = (tool_choice: unknown, more: Json = {}) => {
    const request = decodeFields({ tools, tool_choice, ...more });
    return [request.tool_choice, (request.tools as { name: string }[]).map(({ name }) => name)];
  };
  assert.deepEqual(choose('required'), [{ type: 'any' }, ['a', 'b']]);
  assert.deepEqual(choose('any'), [{ type: 'any' }, ['a', 'b']]);
  assert.deepEqual(choose('none'), [{ type: 'none' }, ['a', 'b']]);
  assert.deepEqual(choose('auto'), [{ type: 'auto' }, ['a', 'b']]);
  assert.deepEqual(choose(undefined), [undefined, ['a', 'b']]);
  assert.deepEqual(choose({ type: 'function', function: { name: 'b' } }), [
    { type: 'tool', name: 'b' },
    ['a', 'b'],
  ]);
  assert.deepEqual(choose({ type: 'tool', name: 'b' }), [{ type: 'tool', name: 'b' }, ['a', 'b']]);
  assert.deepEqual(choose({ type: 'any' }), [{ type: 'any' }, ['a', 'b']]);
  const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'b' } }] };
  assert.deepEqual(choose({ type: 'allowed_tools', allowed_tools: allowed }), [{ type: 'any' }, ['b']]);
  assert.deepEqual(decodeFields({ tool_choice: 'required', parallel_tool_calls: false }), {});
  assert.deepEqual(decodeFields({ tools: [], tool_choice: 'auto' }), {});
});

test('tools of other kinds: free text, search, those that only one provider runs', () => {
  const { tools } = decodeFields({
    tools: [
      {
        type: 'custom',
        custom: {
          name: 'patch',
          description: 'Patches.',
          format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: x' } },
        },
      },
      { type: 'function', name: 'flat', parameters: { type: 'object', properties: {} } },
      { type: 'web_search', web_search: { enable: true } },
      { type: 'builtin_function', code: 'x' },
    ],
  });
  const [patch, ...others] = tools as Json[];
  assert.match(
    String(patch?.description),
    /^Patches\.\n\nThe input must match this lark grammar:\nstart: x$/,
  );
  assert.deepEqual(others, [
    { name: 'flat', input_schema: { type: 'object', properties: {} } },
    { type: 'web_search_20250305', name: 'web_search' },
  ]);
  const options = { user_location: { type: 'approximate', approximate: { country: 'DE', city: null } } };
  assert.deepEqual(decodeFields({ web_search_options: options }), {
    tools: [
      {
        type: 'web_search_20250305',
        name: 'web_search',
        user_location: { type: 'approximate', country: 'DE' },
      },
    ],
  });
});

test('how much to think, in every word for it', () => {
  const shown = { type: 'adaptive', display: 'summarized' };
  const effort = (level: string) => ({ thinking: shown, output_config: { effort: level } });
  assert.deepEqual(decodeFields({ reasoning_effort: 'high' }), effort('high'));
  assert.deepEqual(decodeFields({ reasoning_effort: 'minimal' }), effort('low'));
  assert.deepEqual(decodeFields({ reasoning_effort: 'auto' }), { thinking: shown });
  assert.deepEqual(decodeFields({ reasoning: { effort: 'xhigh' } }), effort('xhigh'));
  assert.deepEqual(decodeFields({ reasoning: { enabled: true, exclude: true } }), {
    thinking: { type: 'adaptive', display: 'omitted' },
  });
  for (const off of [
    { reasoning_effort: 'none' },
    { reasoning: { enabled: false } },
    { thinking: { type: 'disabled' } },
    { enable_thinking: false },
  ])
    assert.deepEqual(decodeFields(off), { thinking: { type: 'disabled' } });
  const budget = (budget_tokens: number) => ({
    thinking: { type: 'enabled', budget_tokens, display: 'summarized' },
  });
  assert.deepEqual(decodeFields({ thinking: { type: 'enabled', budget_tokens: 5000 } }), budget(5000));
  assert.deepEqual(decodeFields({ enable_thinking: true, thinking_budget: 10 }), budget(1024));
  // These fields hold other things too: they are kept.
  const template = (fields: object) => decodeFields({ chat_template_kwargs: fields }).thinking;
  assert.deepEqual(template({ enable_thinking: true, thinking_budget: 2048 }), budget(2048).thinking);
  assert.deepEqual(template({ thinking: false }), { type: 'disabled' });
  const google = (thinking_config: object) =>
    decodeFields({ extra_body: { google: { thinking_config } } }).thinking;
  assert.deepEqual(google({ thinking_budget: 2048, include_thoughts: true }), budget(2048).thinking);
  assert.deepEqual(google({ thinking_budget: 0 }), { type: 'disabled' });
  assert.deepEqual(decodeFields({ reasoning: { max_tokens: 9000 }, max_tokens: 4000 }), {
    ...budget(3999),
    max_tokens: 4000,
  });
  assert.deepEqual(decodeFields({ reasoning: { max_tokens: 9000 }, max_tokens: 1000 }), {
    thinking: shown,
    max_tokens: 1000,
  });
});

test('format, limits, sampling, session', () => {
  const schema = { type: 'object' };
  assert.deepEqual(
    decodeFields({
      response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema } },
      max_completion_tokens: 500,
      max_tokens: 400,
      temperature: 1.5,
      top_p: null,
      top_k: 5,
      stop: 'END',
      n: 1,
      user: 'u1',
      metadata: { a: 'b' },
      store: true,
      service_tier: 'flex',
      stream: false,
    }),
    {
      output_config: { format: { type: 'json_schema', schema } },
      max_tokens: 500,
      temperature: 1.5,
      top_k: 5,
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
    },
  );
  assert.deepEqual(
    decodeFields({ stop: ['a', '', 'b'], prompt_cache_key: 's', response_format: { type: 'text' } }),
    {
      stop_sequences: ['a', 'b'],
      metadata: { user_id: '{"session_id":"s"}' },
    },
  );
});

test('names of the hub mean nothing from a chat client', () => {
  assert.deepEqual(decodeFields({ system: 4, stop_sequences: 'x', betas: ['y'], output_config: 1 }), {});
});

test('what is no request is refused by name', () => {
  assert.match(refusal({ messages: [user('x')] }), /'model'/);
  assert.match(refusal({ model: 4, messages: [user('x')] }), /'model'/);
  assert.match(refusal({ model: 'm' }), /Missing required parameter: 'messages'/);
  assert.match(refusal({ model: 'm', messages: 'x' }), /'messages'/);
  assert.match(refusal({ model: 'm', messages: [] }), /at least one message/);
  assert.match(refusedMessage('x'), /'messages\[0\]'/);
  assert.match(refusedMessage({ role: 'robot', content: 'x' }), /'messages\[0\]\.role'/);
  assert.match(refusedMessage(user(4)), /'messages\[0\]\.content'/);
  const audio = { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } };
  assert.match(refusedMessage(user([audio])), /'input_audio' in 'messages\[0\]\.content\[0\]'/);
  assert.match(refusedMessage(user([{ type: 'video_url' }])), /'messages\[0\]\.content\[0\]\.type'/);
  assert.match(refusedMessage(user([{ type: 'image_url', image_url: {} }])), /image_url\.url/);
  assert.match(refusedMessage(user([{ type: 'file', file: { file_id: 'f' } }])), /kept at OpenAI/);
  assert.match(refusedMessage({ role: 'tool', content: 'x' }), /'messages\[0\]\.tool_call_id'/);
  assert.match(refusedMessage({ role: 'function', name: 'f', content: 'x' }), /'function_call'/);
  assert.match(
    refusedMessage({ role: 'assistant', tool_calls: [{ id: 'a' }] }),
    /tool_calls\[0\]\.function\.name/,
  );
  assert.match(refusedMessage({ role: 'assistant', tool_calls: {} }), /'messages\[0\]\.tool_calls'/);
  assert.match(refusedField({ n: 2 }), /'n'/);
  assert.match(refusedField({ modalities: ['text', 'audio'] }), /'modalities'/);
  assert.match(refusedField({ stream: 'yes' }), /'stream'/);
  assert.match(refusedField({ temperature: 'hot' }), /'temperature'/);
  assert.match(refusedField({ max_tokens: 1.5 }), /'max_tokens'/);
  assert.match(refusedField({ stop: [4] }), /'stop'/);
  assert.match(refusedField({ tools: {} }), /'tools'/);
  assert.match(refusedField({ tools: [{ type: 'function', function: {} }] }), /'tools\[0\]\.function\.name'/);
  assert.match(refusedField({ functions: [4] }), /'functions\[0\]\.name'/);
  assert.match(refusedField({ response_format: { type: 'json_schema' } }), /json_schema\.schema/);
  assert.match(refusedField({ response_format: { type: 'grammar' } }), /'response_format\.type'/);
});

/** What those asked for that are refused; OpenAI itself refused the first two. */
const recordedRefusals: Readonly<Record<string, RegExp>> = {
  'openai-err400-testopenai-chat-bad-request': /at least one message/,
  'openai-err400-testopenai-chat-no-messages': /at least one message/,
  'openai-gpt-audio-gensync-maxtokens': /'modalities'/,
  'openai-trumentation-openai-v2-test-chat-completion-multiple-choices-streaming': /'n' must be 1/,
};

test('recorded requests', { skip: recordingsAbsent }, () => {
  let read = 0;
  for (const { id, request } of recordings('openai-chat')) {
    if (!request) continue;
    const expected = recordedRefusals[id];
    // Some servers have one model only, or its name in the address.
    const body = { model: 'm', ...request };
    if (expected) assert.match(refusal(body), expected);
    else decode(body);
    read++;
  }
  assert.ok(read >= 100, `${read} requests`);
});
