// Streams that pass to a client of the same dialect, with what servers leave out of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompletionPeek, completionChoices } from '../../../src/core/dialects/openai-chat/completion-peek.ts';
import { clientDialect } from '../../../src/core/dialects/registry.ts';
import type { StreamPeek } from '../../../src/core/dialects/relay.ts';
import { type Piece, RelayPath } from '../../../src/core/gateway/stream-path.ts';
import type { JsonObject } from '../../../src/core/json/values.ts';
import { target } from '../dialects/claude-code-request.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Relayed = 'anthropic' | 'openai-chat' | 'openai-responses' | 'gemini';

function peekOf(id: Relayed, asked: JsonObject = {}, model?: string): StreamPeek {
  const relay = clientDialect(id)?.relay ?? assert.fail(`${id} is not relayed`);
  const body = { model: 'm', stream: true, stream_options: { include_usage: true }, ...asked };
  const hub = { model: 'm', max_tokens: 1, messages: [] };
  return relay.prepare({ body, hub, query: new URLSearchParams() }, target()).createPeek(model);
}

function relay(peek: StreamPeek, text: string): { path: RelayPath; text: string; pieces: Piece[] } {
  const path = new RelayPath(peek);
  const pieces = [...path.push(encoder.encode(text)), ...path.end()];
  const texts = pieces.map(({ bytes }) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)));
  return { path, text: texts.join(''), pieces };
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chat = (index: number, content: string, finish: string | null = null) =>
  data({ choices: [{ index, delta: { content }, finish_reason: finish }] });
const completion = (index: number, text: string, finish: string | null = null) =>
  data({ choices: [{ index, text, finish_reason: finish }] });
const candidate = (index: number, text: string, finish?: string) =>
  data({ candidates: [{ index, content: { parts: [{ text }] }, ...(finish && { finishReason: finish }) }] });

/** Both have begun, the first is through, then the connection ends. */
const halves: [name: string, peek: () => StreamPeek, stream: typeof chat | typeof candidate, stop: string][] =
  [
    ['chat', () => peekOf('openai-chat', { n: 2 }), chat, 'stop'],
    ['completions', () => new CompletionPeek(undefined, 2), completion, 'stop'],
    ['gemini', () => peekOf('gemini'), candidate, 'STOP'],
  ];

for (const [name, peek, say, stop] of halves) {
  test(`${name}: one of two choices at its end is not the end of the answer`, () => {
    const half = `${say(0, 'a')}${say(1, 'b')}${say(0, 'c', stop)}`;
    const cut = relay(peek(), half);
    assert.ok(!cut.path.complete);
    assert.match(cut.pieces.at(-1)?.error?.message ?? '', /end|cut|complete/);
    assert.doesNotMatch(cut.text, /DONE/);
    const whole = relay(peek(), half + say(1, 'd', stop));
    assert.ok(!whole.pieces.some((piece) => piece.error));
    assert.ok(whole.path.complete);
  });
}

for (const [name, peek, say] of halves.slice(0, 2))
  test(`${name}: the second choice may begin when the first is through`, () => {
    const path = new RelayPath(peek());
    path.push(encoder.encode(say(0, 'a', 'stop')));
    assert.ok(!path.complete);
    path.push(encoder.encode(say(1, 'b', 'stop')));
    assert.deepEqual(
      path.end().filter((piece) => piece.error),
      [],
    );
  });

test('how many choices a completion has', () => {
  assert.equal(completionChoices({ prompt: 'a' }), 1);
  assert.equal(completionChoices({ prompt: ['a', 'b'], n: 3 }), 6);
  assert.equal(completionChoices({ prompt: [1, 2, 3], n: 2 }), 2);
  assert.equal(completionChoices({ prompt: [[1], [2, 3]] }), 2);
  assert.equal(completionChoices({ prompt: [], n: null }), 1);
});

const messageStart = { type: 'message_start', message: { id: 'i', model: 'm', usage: { input_tokens: 1 } } };
const named = (value: { type: string }) => `event: ${value.type}\n${data(value)}`;

const lastEvents: [Relayed, text: string][] = [
  [
    'anthropic',
    [messageStart, { type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' }]
      .map(named)
      .join(''),
  ],
  ['anthropic', [messageStart, { type: 'error', error: { type: 'x', message: 'y' } }].map(named).join('')],
  ['openai-chat', `${chat(0, 'a', 'stop')}data: [DONE]\n\n`],
  ['gemini', candidate(0, 'a', 'STOP')],
];

for (const [id, text] of lastEvents)
  test(`${id}: a last event without its empty line is closed: ${text.trim().slice(-30)}`, () => {
    for (const missing of [1, 2]) {
      const passed = relay(peekOf(id), text.slice(0, -missing)).text;
      assert.ok(passed.startsWith(text), 'all of it');
      assert.equal(passed.trim(), text.trim(), 'and nothing else');
    }
  });

test('anthropic: events without names get them', () => {
  const events = [
    messageStart,
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'b' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    { type: 'message_stop' },
  ];
  const passed = relay(peekOf('anthropic'), events.map(data).join('')).text;
  assert.equal(passed, events.map(named).join(''));
});

test('openai-responses: the data tells the type that the event has', () => {
  const event = (type: string, told: JsonObject) => `event: ${type}\ndata: ${JSON.stringify(told)}\n\n`;
  const response = { id: 'r', status: 'completed', output: [] };
  for (const told of [{ response }, { response, type: 'error' }]) {
    const passed = relay(peekOf('openai-responses'), event('response.completed', told)).text;
    assert.equal(passed, event('response.completed', { response, type: 'response.completed' }));
  }
});

test("a comment before the data does not hide the model's name", () => {
  const start = `: {"model":"evil"}\nid: {\n${named(messageStart)}`;
  const passed = relay(peekOf('anthropic', {}, 'asked'), start).text;
  assert.ok(passed.startsWith(start.replace('"m"', '"asked"')), passed);
});
