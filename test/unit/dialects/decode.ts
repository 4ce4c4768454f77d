// Shared by the tests of decoders.
import type { Random } from '../../../src/core/clock.ts';
import { MessageAccumulator } from '../../../src/core/dialects/accumulate.ts';
import type { AnswerMemory, DecodeContext, DialectId } from '../../../src/core/dialects/dialect.ts';
import type { HubEvent, HubMessage } from '../../../src/core/dialects/hub.ts';
import { upstreamDialect } from '../../../src/core/dialects/registry.ts';
import type { SseEvent } from '../../../src/core/sse/event.ts';
import { SseSplitter } from '../../../src/core/sse/splitter.ts';

/** Counts instead of guessing. */
export function countingRandom(): Random {
  let count = 0;
  return { fraction: () => 0.5, id: (prefix) => `${prefix}${++count}` };
}

export function decodeContext(memory: Partial<AnswerMemory> = {}): DecodeContext {
  return {
    model: 'asked-for',
    provider: 'up',
    memory: { toolNames: new Map(), ...memory },
    random: countingRandom(),
    estimatedInputTokens: 77,
  };
}

export function dialect(id: DialectId) {
  const found = upstreamDialect(id);
  if (!found) throw new Error(`no dialect ${id}`);
  return found;
}

/** Everything that the decoder says to the events, the end included. */
export function decodeEvents(
  id: DialectId,
  events: readonly SseEvent[],
  context = decodeContext(),
): HubEvent[] {
  const decoder = dialect(id).createStreamDecoder(context);
  return [...events.flatMap((event) => decoder.push(event)), ...decoder.end()];
}

/** Events of a stream that arrives in these pieces. */
export function split(pieces: Iterable<Uint8Array>): SseEvent[] {
  const splitter = new SseSplitter();
  const events: SseEvent[] = [];
  for (const piece of pieces) events.push(...splitter.push(piece));
  events.push(...splitter.end());
  return events;
}

/** A stream of these data, `[DONE]` not added. */
export function sse(...data: unknown[]): SseEvent[] {
  const text = data
    .map((item) => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`)
    .join('');
  return split([new TextEncoder().encode(text)]);
}

export function accumulate(events: readonly HubEvent[]): HubMessage {
  const accumulator = new MessageAccumulator();
  for (const event of events) accumulator.push(event);
  return accumulator.message();
}

export function textOfMessage(message: HubMessage): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

export function thinkingOfMessage(message: HubMessage): string {
  return message.content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('');
}
