// Every recorded answer, decoded and compared with what it must give.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { anthropicClient } from '../../../src/core/dialects/anthropic/client.ts';
import type { HubEvent, HubMessage } from '../../../src/core/dialects/hub.ts';
import { isUpstreamFailure } from '../../../src/core/failure.ts';
import { checkGrammar } from '../../tools/anthropic-grammar.ts';
import { checkMessage } from '../../tools/recorded-expectations.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../../tools/recordings.ts';
import {
  accumulate,
  decodeContext,
  decodeEvents,
  dialect,
  split,
  textOfMessage,
  thinkingOfMessage,
} from './decode.ts';

if (recordingsAbsent !== undefined) test('recorded answers', { skip: recordingsAbsent }, () => {});

const tested = ['openai-chat', 'anthropic', 'openai-responses', 'gemini'] as const;

for (const recording of tested.flatMap((id) => recordings(id))) {
  if (recording.status >= 300) test(`${recording.id}: error`, () => checkError(recording));
  else if (recording.stream) {
    test(`${recording.id}: stream`, () => checkStream(recording));
    test(`${recording.id}: cut anywhere`, () => checkCuts(recording));
    test(`${recording.id}: read by the official SDK`, () => checkSdk(recording));
  } else test(`${recording.id}: whole`, () => checkWhole(recording));
}

function checkStream(recording: Recording): void {
  const events = decodeEvents(recording.dialect, split([recordedBytes(recording)]));
  checkGrammar(events, { converted: recording.dialect !== 'anthropic' });
  checkMessage(accumulate(events), recording, errorIn(events));
}

function checkWhole(recording: Recording): void {
  let message: HubMessage;
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(recordedBytes(recording)));
    message = dialect(recording.dialect).decodeResponse(body, decodeContext());
  } catch (error) {
    assert.ok(isUpstreamFailure(error), `threw ${error}`);
    assert.equal(recording.expect.finish_class, 'error');
    const { error: told, finish_reason } = recording.expect;
    assert.ok(
      told
        ? error.failure.message.startsWith(told.message ?? '')
        : error.failure.message.includes(`"${finish_reason}"`),
    );
    return;
  }
  assert.equal(message.model, 'asked-for');
  checkMessage(message, recording, undefined);
}

function errorIn(events: readonly HubEvent[]): string | undefined {
  const last = events.at(-1);
  return last?.type === 'error' ? last.error.message : undefined;
}

/**
 * Decoders see events only, so it is enough that the splitter gives the same events for every cut; the whole way is
 * walked for one-byte writes.
 */
function checkCuts(recording: Recording): void {
  const bytes = recordedBytes(recording);
  const whole = split([bytes]);
  const expected = whole.map(({ event, data }) => ({ event, data }));
  for (const at of cutPositions(bytes.length)) {
    const events = split([bytes.subarray(0, at), bytes.subarray(at)]);
    assert.deepEqual(
      events
        .filter(({ data, event }) => data !== '' || event !== '')
        .map(({ event, data }) => ({ event, data })),
      expected.filter(({ data, event }) => data !== '' || event !== ''),
      `cut at ${at}`,
    );
    assert.equal(Buffer.concat(events.map(({ raw }) => raw)).equals(bytes), true, `bytes, cut at ${at}`);
  }
  const single = split(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)));
  assert.deepEqual(decodeEvents(recording.dialect, single), decodeEvents(recording.dialect, whole));
}

/** Every position of a short stream, 200 seeded ones of a long one. */
function cutPositions(length: number): number[] {
  if (length <= 8192) return Array.from({ length: length + 1 }, (_, at) => at);
  let seed = length;
  return Array.from({ length: 200 }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % length;
  });
}

/** The official client reads the stream that our client side writes. */
async function checkSdk(recording: Recording): Promise<void> {
  const events = decodeEvents(recording.dialect, split([recordedBytes(recording)]));
  const encoder = anthropicClient.createStreamEncoder();
  const wire = events.map((event) => encoder.push(event)).join('');
  const client = new Anthropic({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(wire, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const stream = client.messages.stream({
    model: 'asked-for',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'x' }],
  });
  if (errorIn(events) !== undefined) {
    await assert.rejects(stream.finalMessage());
    return;
  }
  const message = await stream.finalMessage();
  const ours = accumulate(events);
  assert.equal(textOfMessage(message), textOfMessage(ours));
  assert.equal(thinkingOfMessage(message), thinkingOfMessage(ours));
  assert.deepEqual(inputs(message), inputs(ours));
  assert.equal(message.stop_reason, ours.stop_reason);
  assert.equal(message.usage.output_tokens, ours.usage.output_tokens);
}

function inputs(message: HubMessage): unknown[] {
  return message.content.flatMap((block) => (block.type === 'tool_use' ? [block.input] : []));
}

function checkError(recording: Recording): void {
  const { expect, status, body } = recording;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const told = dialect(recording.dialect).decodeError(status, text);
  const { message, code, type } = expect.error ?? {};
  assert.notEqual(told.message, '');
  // A list of validation errors is said in words.
  if (message?.startsWith('[')) assert.ok(told.message.includes("Input should be 'function'"));
  else if (message) assert.ok(told.message.startsWith(message), told.message);
  const word = code ?? type;
  assert.equal(told.code, word === null || word === undefined ? undefined : String(word));
  const types: Record<number, string> = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    402: 'billing_error',
    403: 'permission_error',
    404: 'not_found_error',
    422: 'invalid_request_error',
    429: 'rate_limit_error',
    500: 'api_error',
    502: 'api_error',
    503: 'overloaded_error',
    529: 'overloaded_error',
  };
  assert.equal(told.type, types[status]);
}
