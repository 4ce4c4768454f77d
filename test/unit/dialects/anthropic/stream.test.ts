// Anthropic streams on their way to clients of other dialects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvents, sse } from '../decode.ts';

const start = {
  type: 'message_start',
  message: { id: 'msg', model: 'up', content: [], usage: { input_tokens: 1 } },
};
const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } };

function types(...data: unknown[]): string[] {
  return decodeEvents('anthropic', sse(...data)).map((event) => event.type);
}

test('the model is the one that was asked for', () => {
  const [event] = decodeEvents('anthropic', sse(start, end));
  assert.ok(event?.type === 'message_start');
  assert.equal(event.message.model, 'asked-for');
});

test('a forgotten message_stop is added, once', () => {
  assert.deepEqual(types(start, end), ['message_start', 'message_delta', 'message_stop']);
  assert.deepEqual(types(start, end, { type: 'message_stop' }), [
    'message_start',
    'message_delta',
    'message_stop',
  ]);
});

test('an end without a reason gets the reason that its content tells', () => {
  const reasons = (...data: unknown[]) =>
    decodeEvents('anthropic', sse(...data)).flatMap((event) =>
      event.type === 'message_delta' ? event.delta.stop_reason : [],
    );
  const stop = { type: 'message_stop' };
  const call = {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'tool_use', id: 't', name: 'n', input: {} },
  };
  assert.deepEqual(reasons(start, stop), ['end_turn']);
  assert.deepEqual(reasons(start, call, stop), ['tool_use']);
  assert.deepEqual(reasons(start, end, { ...end, delta: {} }, stop), ['end_turn', undefined]);
});

test('an answer that is cut off, empty or garbage ends with an error', () => {
  assert.deepEqual(types(start), ['message_start', 'error']);
  assert.deepEqual(types(), ['error']);
  assert.deepEqual(types('<html>'), ['error']);
  assert.deepEqual(types(end), ['error']);
  assert.deepEqual(types({ error: { message: 'no', type: 'x' } }, start), ['error']);
});

test('a second message_start and events without their fields are left out', () => {
  assert.deepEqual(types(start, start, { type: 'content_block_delta', index: 0 }, end), [
    'message_start',
    'message_delta',
    'message_stop',
  ]);
});
