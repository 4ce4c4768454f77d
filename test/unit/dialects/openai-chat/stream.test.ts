// Oddities of chat completion streams, each seen at some provider. The result is always a well-formed Anthropic stream.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerMemory } from '../../../../src/core/dialects/dialect.ts';
import type { HubEvent, HubMessage } from '../../../../src/core/dialects/hub.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { checkGrammar } from '../../../tools/anthropic-grammar.ts';
import { target } from '../claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split, sse } from '../decode.ts';

function chunk(delta: object, finish: string | null = null, more: object = {}) {
  return {
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  };
}

function decode(data: unknown[], memory: Partial<AnswerMemory> = {}): HubEvent[] {
  const events = decodeEvents('openai-chat', sse(...data), decodeContext(memory));
  checkGrammar(events, { converted: true });
  return events;
}

function message(data: unknown[], memory: Partial<AnswerMemory> = {}): HubMessage {
  const events = decode([...data, '[DONE]'], memory);
  assert.equal(events.at(-1)?.type, 'message_stop');
  return accumulate(events);
}

function calls(data: unknown[], memory: Partial<AnswerMemory> = {}) {
  return message(data, memory).content.flatMap((block) =>
    block.type === 'tool_use' ? [[block.id, block.name, block.input]] : [],
  );
}

function errorOf(data: unknown[]) {
  const last = decode(data).at(-1);
  assert.ok(last?.type === 'error', `ends with ${last?.type}`);
  return { ...last.error, status: last.status };
}

const call = (
  index: number | undefined,
  id: string | undefined,
  name: string | undefined,
  input: unknown,
) => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  function: { ...(name === undefined ? {} : { name }), arguments: input },
});
const tools = (...list: object[]) => chunk({ tool_calls: list });

test('text streams as it comes, from start to stop', () => {
  const events = decode([
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Hel' }),
    chunk({ content: 'lo' }),
    chunk({}, 'stop'),
    {
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
    },
    '[DONE]',
  ]);
  assert.deepEqual(
    events.map((event) => event.type),
    [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ],
  );
  const [start] = events;
  assert.ok(start?.type === 'message_start');
  assert.deepEqual([start.message.model, start.message.usage.input_tokens], ['asked-for', 77]);
  assert.match(start.message.id, /^msg_/);
  const { usage } = accumulate(events);
  assert.deepEqual([usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens], [5, 4, 2]);
});

test('each piece leaves at once', () => {
  const decoder = dialect('openai-chat').createStreamDecoder(decodeContext());
  const push = (data: unknown) => sse(data).flatMap((event) => decoder.push(event).map(({ type }) => type));
  assert.deepEqual(push(chunk({ content: 'a' })), [
    'message_start',
    'content_block_start',
    'content_block_delta',
  ]);
  assert.deepEqual(push(chunk({ content: 'b' })), ['content_block_delta']);
  assert.deepEqual(push(tools(call(0, 'x', 'f', ''))), ['content_block_stop', 'content_block_start']);
  assert.deepEqual(push(tools(call(0, undefined, undefined, '{"a'))), ['content_block_delta']);
});

test('a chunk with thinking, text, a call and a finish reason is split in that order', () => {
  const answer = message([
    chunk({ reasoning_content: 'hm', content: 'text', tool_calls: [call(0, 'x', 'f', '{}')] }, 'tool_calls'),
  ]);
  assert.deepEqual(
    answer.content.map((block) => block.type),
    ['thinking', 'text', 'tool_use'],
  );
  assert.equal(answer.stop_reason, 'tool_use');
});

test('pieces of two calls that alternate end up in their own blocks', () => {
  assert.deepEqual(
    calls([
      tools(call(0, 'a', 'f', ''), call(1, 'b', 'g', '')),
      tools(call(0, undefined, undefined, '{"x"')),
      tools(call(1, undefined, undefined, '{"y"')),
      chunk({ content: 'between' }),
      tools(call(0, undefined, undefined, ':1}'), call(1, undefined, undefined, ':2}')),
    ]),
    [
      ['a', 'f', { x: 1 }],
      ['b', 'g', { y: 2 }],
    ],
  );
});

const callCases: { name: string; data: unknown[]; expected: unknown[]; memory?: Partial<AnswerMemory> }[] = [
  {
    name: 'no index, told apart by ids',
    data: [
      tools(call(undefined, 'a', 'f', '{"x":')),
      tools(call(undefined, 'a', undefined, '1}')),
      tools(call(undefined, 'b', 'g', '{}')),
    ],
    expected: [
      ['a', 'f', { x: 1 }],
      ['b', 'g', {}],
    ],
  },
  {
    name: 'neither index nor id',
    data: [
      tools(call(undefined, undefined, 'f', '{"x":')),
      tools(call(undefined, undefined, undefined, '1}')),
      tools(call(undefined, undefined, 'f', '{"x":2}')),
    ],
    expected: [
      ['toolu_1', 'f', { x: 1 }],
      ['toolu_3', 'f', { x: 2 }],
    ],
  },
  {
    name: 'an index used again for another id',
    data: [tools(call(0, 'a', 'f', '{"x":1}')), tools(call(0, 'b', 'f', '{"x":2}'))],
    expected: [
      ['a', 'f', { x: 1 }],
      ['b', 'f', { x: 2 }],
    ],
  },
  {
    name: 'id and name repeated in every piece',
    data: [tools(call(0, 'a', 'f', '{"x"')), tools(call(0, 'a', 'f', ':1}'))],
    expected: [['a', 'f', { x: 1 }]],
  },
  {
    name: 'name repeated without id',
    data: [tools(call(0, 'a', 'f', '{"x"')), tools(call(0, undefined, 'f', ':1}'))],
    expected: [['a', 'f', { x: 1 }]],
  },
  {
    name: 'another random id in every piece',
    data: [tools(call(0, 'a', 'f', '{"x"')), tools(call(0, 'zz', undefined, ':1}'))],
    expected: [['a', 'f', { x: 1 }]],
  },
  {
    name: 'arguments before the name',
    data: [
      tools(call(0, undefined, undefined, '{"x"')),
      tools(call(0, 'a', undefined, ':')),
      tools(call(0, undefined, 'f', '1}')),
    ],
    expected: [['a', 'f', { x: 1 }]],
  },
  {
    name: 'the same id for two calls, and one that the conversation had before',
    data: [tools(call(0, 'call_0', 'f', '{}')), tools(call(1, 'call_0', 'g', '{}'))],
    expected: [
      ['call_0-2', 'f', {}],
      ['call_0-3', 'g', {}],
    ],
    memory: { toolIds: new Set(['call_0']) },
  },
  {
    name: 'two whole calls in one delta',
    data: [tools(call(0, 'a', 'f', '{"x":1}'), call(1, 'b', 'g', '{"y":2}'))],
    expected: [
      ['a', 'f', { x: 1 }],
      ['b', 'g', { y: 2 }],
    ],
  },
  {
    name: 'arguments as an object',
    data: [tools(call(0, 'a', 'f', { x: 1 }))],
    expected: [['a', 'f', { x: 1 }]],
  },
  { name: 'null for no arguments', data: [tools(call(0, 'a', 'f', 'null'))], expected: [['a', 'f', {}]] },
  { name: 'no arguments at all', data: [tools(call(0, 'a', 'f', undefined))], expected: [['a', 'f', {}]] },
  {
    name: 'arguments that are no JSON stay visible',
    data: [tools(call(0, 'a', 'f', '{x'))],
    expected: [['a', 'f', { raw: '{x' }]],
  },
  {
    name: 'the legacy function_call',
    data: [
      chunk({ function_call: { name: 'f', arguments: '{"x"' } }),
      chunk({ function_call: { arguments: ':1}' } }),
    ],
    expected: [['toolu_1', 'f', { x: 1 }]],
  },
  {
    name: 'a custom tool',
    data: [tools({ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '4 + 4' } })],
    expected: [['a', 'f', { input: '4 + 4' }]],
  },
  {
    name: 'shortened names come back',
    data: [tools(call(0, 'a', 'short', '{}'))],
    expected: [['a', 'the long name', {}]],
    memory: { toolNames: new Map([['short', 'the long name']]) },
  },
];

for (const { name, data, expected, memory } of callCases)
  test(`calls: ${name}`, () => assert.deepEqual(calls(data, memory), expected));

test('finish reasons', () => {
  const reason = (finish: string, ...before: unknown[]) =>
    message([...before, chunk({ content: 'x' }, finish)]).stop_reason;
  assert.equal(reason('stop'), 'end_turn');
  assert.equal(reason('eos'), 'end_turn');
  assert.equal(reason('length'), 'max_tokens');
  assert.equal(reason('content_filter'), 'refusal');
  assert.equal(reason('tool_calls'), 'end_turn');
  assert.equal(reason('stop', tools(call(0, 'a', 'f', '{}'))), 'tool_use');
  assert.equal(reason('length', tools(call(0, 'a', 'f', '{}'))), 'max_tokens');
});

test('a stop sequence that the upstream names', () => {
  const data = chunk({ content: '<block>no' });
  const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop', stop_reason: '</block>' }] };
  const answer = message([data, last]);
  assert.deepEqual([answer.stop_reason, answer.stop_sequence], ['stop_sequence', '</block>']);
});

test('complete without [DONE], and with [DONE] but without finish reason', () => {
  assert.equal(decode([chunk({ content: 'x' }, 'stop')]).at(-1)?.type, 'message_stop');
  assert.equal(decode([chunk({ content: 'x' }), '[DONE]']).at(-1)?.type, 'message_stop');
});

test('content behind the finish reason still counts', () => {
  const answer = message([chunk({}, 'stop'), chunk({ content: 'late' })]);
  assert.deepEqual(answer.content, [{ type: 'text', text: 'late', citations: null }]);
});

test('an answer that is cut off ends with an error', () => {
  assert.match(errorOf([chunk({ content: 'x' })]).message, /broke off/);
  assert.match(errorOf([]).message, /empty stream/);
  assert.match(errorOf(['[DONE]']).message, /empty stream/);
  assert.match(errorOf([chunk({ content: 'x' }), '{"choices":[{"del']).message, /not JSON/);
});

test('errors inside the stream, whoever words them', () => {
  assert.deepEqual(errorOf([{ error: { message: 'no', type: 'rate_limit_error', code: 429 } }]), {
    type: 'rate_limit_error',
    message: 'no',
    status: 429,
  });
  assert.deepEqual(errorOf([chunk({ content: 'x' }), { error: 'gone', status: 503 }]), {
    type: 'overloaded_error',
    message: 'gone',
    status: 503,
  });
  assert.deepEqual(errorOf([{ object: 'error', message: 'bad', code: 400 }]), {
    type: 'invalid_request_error',
    message: 'bad',
    status: 400,
  });
  assert.equal(errorOf([chunk({ content: 'x' }, 'error')]).type, 'api_error');
  const [frame] = split([new TextEncoder().encode('event: error\ndata: {"error":"x","status":429}\n\n')]);
  assert.ok(frame);
  const events = dialect('openai-chat').createStreamDecoder(decodeContext()).push(frame);
  assert.equal(events[0]?.type, 'error');
});

test('blank text opens no block; white space is kept for the text behind it', () => {
  const answer = message([
    chunk({ content: '\n\n' }),
    tools(call(0, 'a', 'f', '{}')),
    chunk({ content: '\n' }),
    chunk({ content: 'x' }),
  ]);
  assert.deepEqual(
    answer.content.map((block) => (block.type === 'text' ? block.text : block.type)),
    ['tool_use', '\n\n\nx'],
  );
  assert.deepEqual(message([chunk({ content: ' ' }, 'stop')]).content, []);
});

test('thinking tags, cut anywhere', () => {
  const text = ' <think>\nLet me < see </thin k>.</think>\n\nThe <think> tag.';
  for (let at = 1; at < text.length; at++) {
    const answer = message([
      chunk({ content: text.slice(0, at) }),
      chunk({ content: text.slice(at) }, 'stop'),
    ]);
    assert.deepEqual(
      answer.content.map((block) =>
        block.type === 'thinking' ? block.thinking : block.type === 'text' ? block.text : '',
      ),
      ['Let me < see </thin k>.', 'The <think> tag.'],
    );
  }
});

test('tags mean nothing where the thinking has a field of its own', () => {
  const answer = message([chunk({ reasoning: 'hm' }), chunk({ content: '<think> is a tag' }, 'stop')]);
  assert.equal(answer.content[1]?.type === 'text' && answer.content[1].text, '<think> is a tag');
});

test('signatures of thinking travel in the carrier', () => {
  const detail = (more: object) => ({
    type: 'reasoning.text',
    index: 0,
    format: 'anthropic-claude-v1',
    ...more,
  });
  const answer = message([
    chunk({ reasoning: 'I ', reasoning_details: [detail({ text: 'I ' })] }),
    chunk({ reasoning: 'think', reasoning_details: [detail({ text: 'think' })] }),
    chunk({ reasoning_details: [detail({ signature: 'EqQB' })] }),
    chunk({ content: 'x' }, 'stop'),
  ]);
  assert.deepEqual(answer.content[0], { type: 'thinking', thinking: 'I think', signature: 'sy1.up.EqQB' });
  const unsigned = message([chunk({ reasoning_content: 'hm', content: 'x' }, 'stop')]);
  assert.deepEqual(unsigned.content[0], { type: 'thinking', thinking: 'hm', signature: 'sy1.up.' });
});

test('thinking that the client switched off is not shown', () => {
  const data = [chunk({ reasoning_content: 'hm' }), chunk({ content: '<block>no' }, 'stop')];
  const tagged = [chunk({ content: '<think>hm</think><block>no' }, 'stop')];
  for (const answer of [message(data, { hideThinking: true }), message(tagged, { hideThinking: true })])
    assert.deepEqual(answer.content, [{ type: 'text', text: '<block>no', citations: null }]);
  const request = { model: 'm', max_tokens: 64, thinking: { type: 'disabled' as const }, messages: [] };
  assert.equal(dialect('openai-chat').encodeRequest(request, target()).memory.hideThinking, true);
});

test('web search results: from citations, for clients that searched', () => {
  const annotation = (url: string, title?: string) => ({
    type: 'url_citation',
    url_citation: { url, title },
  });
  const data = [
    chunk({ content: '', annotations: [annotation('https://a', 'A')] }),
    chunk({ content: 'Otters.' }),
    chunk({ annotations: [annotation('https://a', 'A'), annotation('https://b')] }, 'stop'),
  ];
  const answer = message(data, { webSearchTool: 'web_search', webSearchQuery: 'otters' });
  assert.deepEqual(
    answer.content.map((block) => block.type),
    ['server_tool_use', 'web_search_tool_result', 'text', 'server_tool_use', 'web_search_tool_result'],
  );
  const [use, result] = answer.content;
  assert.ok(use?.type === 'server_tool_use' && result?.type === 'web_search_tool_result');
  assert.deepEqual(use.input, { query: 'otters' });
  assert.equal(result.tool_use_id, use.id);
  assert.deepEqual(result.content, [
    { type: 'web_search_result', url: 'https://a', title: 'A', encrypted_content: '', page_age: null },
  ]);
  assert.equal(answer.usage.server_tool_use?.web_search_requests, 2);
  assert.deepEqual(
    message(data).content.map((block) => block.type),
    ['text'],
  );
  const perplexity = [
    {
      ...chunk({ content: 'x' }, 'stop'),
      citations: ['https://c'],
      search_results: [{ url: 'https://c', title: 'C' }],
    },
  ];
  const found = message(perplexity, { webSearchTool: 'web_search' }).content[1];
  assert.ok(found?.type === 'web_search_tool_result' && Array.isArray(found.content));
  assert.equal(found.content[0]?.title, 'C');
});

test('usage in each of its places', () => {
  const usage = { prompt_tokens: 10, completion_tokens: 3 };
  const places = [
    [chunk({ content: 'x' }, 'stop'), { choices: [], usage }],
    [chunk({ content: 'x' }, 'stop', { usage })],
    [{ choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop', usage }] }],
    [chunk({ content: 'x' }, 'stop', { x_groq: { usage } })],
    [
      chunk({ content: 'x' }, null, { usage: { prompt_tokens: 10, completion_tokens: 1 } }),
      chunk({}, 'stop', { usage }),
    ],
    [
      chunk({ content: 'x' }, 'stop', { usage }),
      { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } },
    ],
    [chunk({ content: 'x' }, 'stop', { timings: { prompt_n: 10, predicted_n: 3 } })],
  ];
  for (const data of places) {
    const answer = message(data);
    assert.deepEqual([answer.usage.input_tokens, answer.usage.output_tokens], [10, 3], JSON.stringify(data));
  }
  const guessed = message([chunk({ content: 'some words of text' }, 'stop')]).usage;
  assert.equal(guessed.input_tokens, 77);
  assert.ok(guessed.output_tokens >= 3 && guessed.output_tokens < 10);
});

test('only the first choice counts', () => {
  const other = { choices: [{ index: 1, delta: { content: 'other' }, finish_reason: null }] };
  const answer = message([other, chunk({ content: 'first' }), other, chunk({}, 'stop')]);
  assert.deepEqual(answer.content, [{ type: 'text', text: 'first', citations: null }]);
});

test('a whole message in one chunk', () => {
  const whole = {
    choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
  };
  assert.deepEqual(message([whole]).content, [{ type: 'text', text: 'x', citations: null }]);
});

test('a body that is no answer is a failure', () => {
  for (const body of [null, 'x', [], {}, { choices: [] }, { error: { message: 'no', code: 429 } }])
    assert.throws(
      () => dialect('openai-chat').decodeResponse(body, decodeContext()),
      (error) => isUpstreamFailure(error),
    );
});
