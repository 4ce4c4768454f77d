import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageToEvents } from '../../../src/core/dialects/accumulate.ts';
import { frameKindOf } from '../../../src/core/dialects/frame-kind.ts';
import { usageOf } from '../../../src/core/dialects/usage.ts';
import { checkGrammar } from '../../tools/anthropic-grammar.ts';
import { recordedBytes, recordings, recordingsAbsent } from '../../tools/recordings.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split, sse } from './decode.ts';

if (recordingsAbsent !== undefined) test('recorded messages', { skip: recordingsAbsent }, () => {});

for (const recording of [...recordings('anthropic'), ...recordings('openai-chat')]) {
  if (recording.status !== 200 || recording.expect.finish_class === 'error') continue;
  test(`${recording.id}: a message survives being taken apart and put together`, () => {
    const { dialect: id } = recording;
    const message = recording.stream
      ? accumulate(decodeEvents(id, split([recordedBytes(recording)])))
      : dialect(id).decodeResponse(recording.body, decodeContext());
    const events = messageToEvents(message);
    checkGrammar(events, { converted: id === 'openai-chat' });
    const again = accumulate(events);
    assert.deepEqual(again.content, message.content);
    assert.deepEqual(
      [again.stop_reason, again.stop_sequence, again.usage.output_tokens, again.model],
      [message.stop_reason, message.stop_sequence ?? null, message.usage.output_tokens, message.model],
    );
    assert.deepEqual(usageOf(again), usageOf(message));
  });
}

test('kinds of frames', () => {
  const chunk = (delta: object, finish: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
  const kinds = decodeEvents(
    'openai-chat',
    sse(
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'x' }),
      chunk({ tool_calls: [call] }, 'tool_calls'),
    ),
  ).map((event) => `${event.type}: ${frameKindOf(event)}`);
  assert.deepEqual(kinds, [
    'message_start: neutral',
    'content_block_start: neutral',
    'content_block_delta: content',
    'content_block_stop: neutral',
    'content_block_start: content',
    'content_block_delta: content',
    'content_block_stop: neutral',
    'message_delta: end',
    'message_stop: end',
  ]);
  assert.equal(frameKindOf({ type: 'ping' }), 'neutral');
  assert.equal(frameKindOf({ type: 'error', error: { type: 'api_error', message: 'x' } }), 'error');
});

test('a later usage overwrites, zeros at the end do not', () => {
  const events = messageToEvents(
    accumulate(
      decodeEvents(
        'openai-chat',
        sse({
          choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 8, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 8 } },
        }),
      ),
    ),
  );
  const { usage } = accumulate(events);
  assert.deepEqual([usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens], [0, 8, 2]);
});
