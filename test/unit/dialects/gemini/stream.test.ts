// What is made of Gemini's answers beyond the recorded ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubEvent } from '../../../../src/core/dialects/hub.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { checkGrammar } from '../../../tools/anthropic-grammar.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split, sse } from '../decode.ts';

type Part = Record<string, unknown>;

function chunk(parts: Part[], more: object = {}) {
  return { candidates: [{ content: { role: 'model', parts }, index: 0, ...more }] };
}

const stop = { finishReason: 'STOP' };

function decode(chunks: unknown[], context = decodeContext()): HubEvent[] {
  const events = decodeEvents('gemini', sse(...chunks), context);
  checkGrammar(events, { converted: true });
  return events;
}

function contentOf(chunks: unknown[], context = decodeContext()) {
  return accumulate(decode(chunks, context)).content;
}

function whole(body: unknown, context = decodeContext()) {
  return dialect('gemini').decodeResponse(body, context);
}

function failureOf(body: unknown): string {
  try {
    whole(body);
  } catch (error) {
    assert.ok(isUpstreamFailure(error), String(error));
    return error.failure.message;
  }
  assert.fail('it should have failed');
}

function errorOf(chunks: unknown[]) {
  const last = decode(chunks).at(-1);
  assert.equal(last?.type, 'error');
  return last as Extract<HubEvent, { type: 'error' }>;
}

const thinking = (text: string, original: string) => ({
  type: 'thinking',
  thinking: text,
  signature: `sy1.up.${original}`,
});
const call = (id: string, name: string, input: object) => ({
  type: 'tool_use',
  id,
  name,
  input,
  caller: { type: 'direct' },
});

test("a call's signature stands in the thinking before it, or in a block of its own", () => {
  const functionCall = { name: 'f', args: { a: 1 } };
  assert.deepEqual(
    contentOf([
      chunk([{ text: 'I think', thought: true }]),
      chunk([{ functionCall, thoughtSignature: 'S1' }, { functionCall }], stop),
    ]),
    [thinking('I think', 'google.S1'), call('toolu_2', 'f', { a: 1 }), call('toolu_3', 'f', { a: 1 })],
  );
  assert.deepEqual(
    contentOf([chunk([{ text: 'Now.' }, { functionCall, thoughtSignature: 'S1' }], stop)]).map(
      (block) => block.type,
    ),
    ['text', 'thinking', 'tool_use'],
  );
});

test('two signed calls: each signature stays with its call', () => {
  const signed = (name: string) => ({ functionCall: { name }, thoughtSignature: `sig-${name}` });
  const content = contentOf([chunk([{ text: 't', thought: true }, signed('a'), signed('b')], stop)]);
  assert.deepEqual(content, [
    thinking('t', 'google.sig-a'),
    call('toolu_1', 'a', {}),
    thinking('', 'google.sig-b'),
    call('toolu_2', 'b', {}),
  ]);
});

test("a text's signature stands before it; one that comes behind its text is lost", () => {
  assert.deepEqual(
    whole(chunk([{ text: 'Hello', thoughtSignature: 'S' }], stop)).content.map((block) => block.type),
    ['thinking', 'text'],
  );
  const content = contentOf([
    chunk([{ text: 'Hello' }]),
    chunk([{ text: ' you' }]),
    chunk([{ text: '', thoughtSignature: 'S' }], stop),
  ]);
  assert.deepEqual(content, [{ type: 'text', text: 'Hello you', citations: null }]);
});

test('a thought that is signed itself', () => {
  const parts = [
    { text: 'a', thought: true },
    { text: '', thought: true, thoughtSignature: 'S' },
    { text: 'x' },
  ];
  assert.deepEqual(contentOf([chunk(parts, stop)])[0], thinking('a', 'google.thought.S'));
});

test('thinking that the client switched off is hidden; signatures of calls are not', () => {
  const parts = [
    { text: 'secret', thought: true },
    { functionCall: { name: 'f' }, thoughtSignature: 'S' },
  ];
  assert.deepEqual(contentOf([chunk(parts, stop)], decodeContext({ hideThinking: true })), [
    thinking('', 'google.S'),
    call('toolu_1', 'f', {}),
  ]);
});

test('ids of calls are given once in a conversation; names come back as the client knows them', () => {
  const functionCall = { id: 'call_1', name: 'short' };
  const memory = { toolIds: new Set(['call_1']), toolNames: new Map([['short', 'mcp__long']]) };
  const content = contentOf([chunk([{ functionCall }, { functionCall }], stop)], decodeContext(memory));
  assert.deepEqual(content, [call('call_1-2', 'mcp__long', {}), call('call_1-3', 'mcp__long', {})]);
});

test('arguments in pieces: texts, numbers, lists, quoted names', () => {
  const pieces = (...partialArgs: object[]) => chunk([{ functionCall: { partialArgs, willContinue: true } }]);
  const content = contentOf([
    chunk([{ functionCall: { id: 'c', name: 'f', willContinue: true } }]),
    pieces({ jsonPath: "$['a b'].x[0]", stringValue: 'on', willContinue: true }),
    pieces({ jsonPath: "$['a b'].x[0]", stringValue: 'e' }),
    pieces({ jsonPath: '$.n', numberValue: 2 }, { jsonPath: '$.b', boolValue: false }),
    pieces({ jsonPath: '$.z', nullValue: null }, { jsonPath: '$.__proto__.p', stringValue: 'x' }),
    pieces({ jsonPath: '$.l[999999]', stringValue: 'far off' }, { jsonPath: '$..*', stringValue: 'all' }),
    chunk([{ functionCall: {} }], stop),
  ]);
  const [block] = content;
  assert.ok(block?.type === 'tool_use');
  assert.equal(
    JSON.stringify(block.input),
    '{"a b":{"x":["one"]},"n":2,"b":false,"z":null,"__proto__":{"p":"x"},"l":[]}',
  );
  assert.equal(({} as { p?: unknown }).p, undefined);
});

test('a call without a name is an error, never a call of nothing', () => {
  assert.match(
    errorOf([chunk([{ functionCall: { args: { a: 1 } } }], stop)]).error.message,
    /without a name/,
  );
});

const finishes: [reason: unknown, expected: string][] = [
  ['STOP', 'end_turn'],
  [1, 'end_turn'],
  ['MAX_TOKENS', 'max_tokens'],
  [2, 'max_tokens'],
  ['SAFETY', 'refusal'],
  [3, 'refusal'],
  ['PROHIBITED_CONTENT', 'refusal'],
  ['BLOCKLIST', 'refusal'],
  ['SPII', 'refusal'],
  ['LANGUAGE', 'refusal'],
  ['OTHER', 'end_turn'],
  ['toString', 'end_turn'],
];

for (const [finishReason, expected] of finishes)
  test(`finish reason ${finishReason} after a text`, () => {
    assert.equal(accumulate(decode([chunk([{ text: 'x' }], { finishReason })])).stop_reason, expected);
  });

for (const finishReason of ['MALFORMED_FUNCTION_CALL', 'MISSING_THOUGHT_SIGNATURE', 'OTHER'])
  test(`finish reason ${finishReason} without anything is a failure that says so`, () => {
    const body = { candidates: [{ finishReason, finishMessage: 'why' }] };
    assert.equal(failureOf(body), `The provider ended its answer with finish reason "${finishReason}": why`);
    assert.match(errorOf([body]).error.message, /why$/);
  });

test('a probe with one token: nothing was said, and that is no error', () => {
  const message = whole({
    candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }],
    usageMetadata: { promptTokenCount: 5, thoughtsTokenCount: 1, totalTokenCount: 6 },
  });
  assert.deepEqual([message.content, message.stop_reason], [[], 'max_tokens']);
  assert.equal(message.usage.output_tokens, 1);
});

test('a refused prompt says why', () => {
  const body = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 4 } };
  for (const message of [whole(body), accumulate(decode([body]))]) {
    assert.equal(message.stop_reason, 'refusal');
    assert.deepEqual(message.stop_details, { type: 'refusal', category: null, explanation: 'SAFETY' });
  }
});

const usages: [
  name: string,
  usage: object,
  input: number,
  output: number,
  cached: number,
  thinking: number,
][] = [
  [
    'thoughts beside',
    { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 4, totalTokenCount: 17 },
    10,
    7,
    0,
    4,
  ],
  [
    'thoughts inside',
    { promptTokenCount: 10, candidatesTokenCount: 7, thoughtsTokenCount: 4, totalTokenCount: 17 },
    10,
    7,
    0,
    4,
  ],
  [
    'cached',
    { promptTokenCount: 10, cachedContentTokenCount: 8, candidatesTokenCount: 1, totalTokenCount: 11 },
    2,
    1,
    8,
    0,
  ],
  [
    'tools',
    { promptTokenCount: 10, toolUsePromptTokenCount: 5, candidatesTokenCount: 1, totalTokenCount: 16 },
    15,
    1,
    0,
    0,
  ],
];

for (const [name, usageMetadata, input, output, cached, thoughts] of usages)
  test(`usage: ${name}`, () => {
    const { usage } = whole({ ...chunk([{ text: 'x' }], stop), usageMetadata });
    assert.deepEqual(
      [usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens],
      [input, output, cached],
    );
    assert.equal(usage.output_tokens_details?.thinking_tokens ?? 0, thoughts);
  });

test('usage: estimated where it is not told, in the first event and the last', () => {
  const events = decode([chunk([{ text: 'some words' }], stop)]);
  assert.equal(events[0]?.type === 'message_start' && events[0].message.usage.input_tokens, 77);
  const { usage } = accumulate(events);
  assert.equal(usage.input_tokens, 77);
  assert.ok(usage.output_tokens > 0);
});

const groundingMetadata = {
  webSearchQueries: ['cats', 'cats today'],
  groundingChunks: [
    { web: { uri: 'https://a.test', title: 'A' } },
    { web: { uri: 'https://b.test' } },
    { web: {} },
  ],
};

test('a web search as Claude Code counts it: before the text of a whole answer, behind that of a stream', () => {
  const context = () => decodeContext({ webSearchTool: 'web_search', webSearchQuery: 'asked' });
  const grounded = chunk([{ text: 'Found.' }], { ...stop, groundingMetadata });
  const message = whole(grounded, context());
  assert.deepEqual(
    message.content.map((block) => block.type),
    ['server_tool_use', 'web_search_tool_result', 'text'],
  );
  assert.deepEqual(message.content[0]?.type === 'server_tool_use' && message.content[0].input, {
    query: 'cats; cats today',
  });
  const result = message.content[1];
  assert.ok(result?.type === 'web_search_tool_result' && Array.isArray(result.content));
  assert.deepEqual(
    result.content.map(({ url, title }) => [url, title]),
    [
      ['https://a.test', 'A'],
      ['https://b.test', 'https://b.test'],
    ],
  );
  assert.equal(message.usage.server_tool_use?.web_search_requests, 2);
  assert.deepEqual(
    contentOf([chunk([{ text: 'Fou' }]), grounded], context()).map((block) => block.type),
    ['text', 'server_tool_use', 'web_search_tool_result'],
  );
  assert.equal(whole(grounded).content.length, 1, 'who did not ask for a search is shown none');
});

test('a file as the whole answer is named, and beside a text left out', () => {
  const file = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
  assert.match(JSON.stringify(contentOf([chunk([file], stop)])), /answered with a file \(image\/png\)/);
  assert.equal(contentOf([chunk([{ text: 'Here.' }, file], stop)]).length, 1);
});

test("code that Google ran is shown; calls of Google's tools are not", () => {
  const parts = [
    { executableCode: { language: 'PYTHON', code: 'print(1)' } },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
    { toolCall: { id: 'x', toolType: 'GOOGLE_SEARCH' }, thoughtSignature: 'S' },
  ];
  assert.deepEqual(contentOf([chunk(parts, stop)]), [
    { type: 'text', text: '\n```python\nprint(1)\n```\n\n```\n1\n```\n', citations: null },
  ]);
});

test('events that are no answer: comments, keep-alives, relayed [DONE], other candidates, wrapped chunks', () => {
  const wire = [
    ': keep-alive {\n\n',
    '\n',
    'data: {"response":{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}}\n\n',
    'data: {"candidates":[{"index":1,"content":{"parts":[{"text":"other"}]},"finishReason":"STOP"}]}\n\n',
    'data: {"candidates":[{"index":0,"finishReason":"STOP"}]}\n\n',
    'data: [DONE]\n\n',
  ].join('');
  const message = accumulate(decodeEvents('gemini', split([new TextEncoder().encode(wire)])));
  assert.deepEqual(message.content, [{ type: 'text', text: 'a', citations: null }]);
});

test('a JSON list instead of events, with blank lines and braces in its texts', () => {
  const list = [chunk([{ text: 'a } " \\ {' }]), chunk([{ text: '漢' }], stop)];
  const wire = JSON.stringify(list, null, 2).replace(/\n/g, '\r\n').replace('},', '},\r\n\r\n');
  const bytes = new TextEncoder().encode(wire);
  const expected = 'a } " \\ {漢';
  for (const size of [1, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const { content } = accumulate(decodeEvents('gemini', split(pieces)));
    assert.deepEqual(content, [{ type: 'text', text: expected, citations: null }]);
  }
  assert.deepEqual(whole(list).content, [{ type: 'text', text: expected, citations: null }]);
});

test('errors in a stream: with their status, except for what Google canceled itself', () => {
  const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
  assert.deepEqual(errorOf([chunk([{ text: 'x' }]), { error }]), {
    type: 'error',
    error: { type: 'overloaded_error', message: 'The model is overloaded.' },
    status: 503,
  });
  assert.equal(errorOf([[{ error }]]).status, 503);
  const canceled = { code: 499, message: 'The operation was cancelled.', status: 'CANCELLED' };
  assert.deepEqual(errorOf([{ error: canceled }]), {
    type: 'error',
    error: { type: 'api_error', message: 'The operation was cancelled.' },
  });
  assert.equal(failureOf({ error }), 'The model is overloaded.');
});

test('streams that are none, or end before their end', () => {
  assert.match(errorOf([]).error.message, /empty stream/);
  assert.match(errorOf([{}]).error.message, /empty stream/);
  assert.match(errorOf([chunk([{ text: 'x' }])]).error.message, /broke off/);
  assert.match(errorOf(['no JSON']).error.message, /not JSON/);
  assert.match(errorOf(['[DONE]']).error.message, /empty stream/);
  assert.match(failureOf({ id: 'chatcmpl', choices: [] }), /no Gemini answer/);
  assert.match(failureOf('text'), /no Gemini answer/);
  assert.match(failureOf({ candidates: [] }), /no Gemini answer/);
});
