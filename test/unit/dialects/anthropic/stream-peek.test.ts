// Anthropic → Anthropic: bytes pass, the model's name comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnthropicStreamPeek } from '../../../../src/core/dialects/anthropic/stream-peek.ts';
import { frameKindOf } from '../../../../src/core/dialects/frame-kind.ts';
import { recordedBytes, recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import { decodeEvents, split } from '../decode.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function events(text: string) {
  return split([encoder.encode(text)]);
}

if (recordingsAbsent !== undefined) test('recorded streams', { skip: recordingsAbsent }, () => {});

for (const recording of recordings('anthropic').filter(
  (candidate) => candidate.stream && candidate.status === 200,
)) {
  test(`${recording.id}: bytes pass`, () => {
    const peek = new AnthropicStreamPeek();
    const bytes = recordedBytes(recording);
    const frames = split([bytes]).map((event) => peek.push(event));
    assert.ok(Buffer.concat(frames.map((frame) => frame.bytes)).equals(bytes));
    assert.equal(peek.complete, recording.expect.error === null && recording.expect.finish_class !== 'error');
    const { usage } = recording.expect;
    const output = frames.flatMap((frame) => frame.usage?.output ?? []).at(-1);
    if (usage) assert.equal(output, usage.output);
  });

  test(`${recording.id}: frames are judged like decoded events`, () => {
    const peek = new AnthropicStreamPeek();
    const received = split([recordedBytes(recording)]);
    const seen = received.map((event) => peek.push(event).kind);
    const content = seen.indexOf('content');
    const decoded = decodeEvents('anthropic', received).map(frameKindOf).indexOf('content');
    assert.equal(content === -1, decoded === -1);
  });

  test(`${recording.id}: only the model's name changes`, () => {
    const peek = new AnthropicStreamPeek('asked "for"');
    const text = decoder.decode(recordedBytes(recording));
    const out = events(text)
      .map((event) => decoder.decode(peek.push(event).bytes))
      .join('');
    const model = /"model":\s*"[^"]*"/;
    const changed = /"type":\s*"message_start"/.test(text) ? 'asked \\"for\\"' : undefined;
    if (changed) assert.ok(out.includes(changed));
    assert.equal(out.replace(/"model":\s*"asked \\"for\\""/, ''), text.replace(model, ''));
  });
}

test('the first piece of content is seen, promises and pings are not', () => {
  const peek = new AnthropicStreamPeek();
  const kinds = events(
    [
      'event: message_start\ndata: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"output_tokens":1}}}',
      'event: ping\ndata: {"type":"ping"}',
      ': keep-alive',
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""}}',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}',
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}',
      'event: message_stop\ndata: {"type":"message_stop"}',
      '',
    ].join('\n\n'),
  ).map((event) => peek.push(event));
  assert.deepEqual(
    kinds.map((frame) => frame.kind),
    ['neutral', 'neutral', 'neutral', 'neutral', 'neutral', 'content', 'end', 'end'],
  );
  assert.deepEqual(kinds[0]?.usage, { input: 3, output: 1 });
  assert.deepEqual(kinds[6]?.usage, { output: 9 });
  assert.equal(peek.complete, true);
});

test('a forgotten or broken message_stop is said all the same, once', () => {
  const delta = 'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n';
  const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
  for (const last of ['', stop, 'event: message_stop\ndata: {"type":"mess']) {
    const peek = new AnthropicStreamPeek();
    const frames = [...events(delta + last).map((event) => peek.push(event)), ...peek.end()];
    assert.equal(frames.map(({ bytes }) => decoder.decode(bytes)).join(''), delta + stop);
  }
});

test('streams whose events have no names are understood too', () => {
  const peek = new AnthropicStreamPeek('asked');
  const [start, delta, stop] = events(
    'data: {"type":"message_start","message":{"model":"m"}}\n\ndata: {"type": "content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\ndata: {"index":1,"type":"message_stop"}\n\n',
  ).map((event) => peek.push(event));
  assert.match(decoder.decode(start?.bytes), /"model":"asked"/);
  assert.equal(delta?.kind, 'content');
  assert.equal(stop?.kind, 'end');
});

test("errors: Anthropic's pass, a relay's own are said in Anthropic's words", () => {
  const own =
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
  const [first] = events(own);
  assert.ok(first);
  const passed = new AnthropicStreamPeek().push(first);
  assert.equal(decoder.decode(passed.bytes), own);
  assert.deepEqual(passed.error, { type: 'overloaded_error', message: 'Overloaded' });

  const details = JSON.stringify({
    type: 'error',
    error: { type: 'rate_limit_error', message: 'weekly limit' },
  });
  const [relayed] = events(
    `event: error\ndata: ${JSON.stringify({ error: 'Claude API error', status: 429, details, timestamp: 'now' })}\n\n`,
  );
  assert.ok(relayed);
  const said = new AnthropicStreamPeek().push(relayed);
  assert.deepEqual(said.error, {
    type: 'rate_limit_error',
    message: 'Claude API error: weekly limit',
    status: 429,
  });
  assert.equal(
    decoder.decode(said.bytes),
    'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"Claude API error: weekly limit"}}\n\n',
  );
});
