// Anthropic → Anthropic: the bytes travel on as they came. Looked at is only what the router must know, and changed
// only the model's name, so that the client finds the one that it asked for.

import { isObject, objectOf, parseJson } from '../../json/values.ts';
import type { SseEvent } from '../../sse/event.ts';
import type { TokenUsage } from '../../tokens/usage.ts';
import { frameKindOf } from '../frame-kind.ts';
import type { HubEvent } from '../hub.ts';
import { cutFrame, errorFrame, type PeekedFrame, type StreamPeek } from '../relay.ts';
import { eventBytes, typeOfEvent, withStringAt } from '../relay-event.ts';
import { readUsage } from '../usage.ts';
import { isAnthropicError, readErrorFrame } from './error-frame.ts';

export class AnthropicStreamPeek implements StreamPeek {
  readonly #replaceModel: string | undefined;
  #begun = false;
  #contentSeen = false;
  #complete = false;
  #stopped = false;

  /** @param replaceModel the name that the client asked for, where the answer tells another */
  constructor(replaceModel?: string) {
    this.#replaceModel = replaceModel;
  }

  /** `message_stop` has passed, or the model has said why it stopped: some relays forget the last event. */
  get complete(): boolean {
    return this.#complete;
  }

  push(sent: SseEvent): PeekedFrame {
    const type = typeOfEvent(sent);
    const event = sent.event === '' && type !== '' ? named(sent, type) : sent;
    // After the first content nothing inside the deltas matters, and they are most of the stream.
    if (this.#contentSeen && (type === 'content_block_delta' || type === 'content_block_stop'))
      return { bytes: event.raw, kind: 'content' };
    switch (type) {
      case 'message_start':
        return this.#start(event);
      case 'message_delta': {
        const value = objectOf(parseJson(event.data));
        this.#complete ||= typeof objectOf(value?.delta)?.stop_reason === 'string';
        return withUsage({ bytes: event.raw, kind: 'end' }, readUsage(value?.usage));
      }
      case 'message_stop':
        this.#complete = true;
        this.#stopped = true;
        // Cut in its middle it would not be understood.
        return { bytes: isObject(parseJson(event.data)) ? event.raw : stopFrame(), kind: 'end' };
      case 'error':
        return errorOf(event);
      case 'content_block_start':
      case 'content_block_delta': {
        const value = parseJson(event.data);
        const kind = isObject(value) ? frameKindOf(value as unknown as HubEvent) : 'neutral';
        this.#contentSeen ||= kind === 'content';
        return { bytes: event.raw, kind };
      }
      default:
        return { bytes: event.raw, kind: 'neutral' };
    }
  }

  end(): PeekedFrame[] {
    if (!this.#complete) return [cutFrame(this.#begun)];
    return this.#stopped ? [] : [{ bytes: stopFrame(), kind: 'end' }];
  }

  #start(event: SseEvent): PeekedFrame {
    this.#begun = true;
    const value = parseJson(event.data);
    const usage = isObject(value) && isObject(value.message) ? readUsage(value.message.usage) : undefined;
    const model = this.#replaceModel;
    const bytes = model === undefined ? event.raw : withStringAt(event, ['message', 'model'], model);
    return withUsage({ bytes, kind: 'neutral' }, usage);
  }
}

/** Clients go by the names of events, which some servers leave out. */
function named({ data }: SseEvent, type: string): SseEvent {
  return { event: type, data, raw: eventBytes(type, data) };
}

function withUsage(peeked: PeekedFrame, usage: Partial<TokenUsage> | undefined): PeekedFrame {
  if (usage) peeked.usage = usage;
  return peeked;
}

/** Errors in a schema of a relay's own are said in Anthropic's, or the client would not know them for errors. */
function errorOf(event: SseEvent): PeekedFrame {
  const told = readErrorFrame(event.data);
  const known = isAnthropicError(parseJson(event.data));
  return errorFrame(
    told,
    known ? event.raw : eventBytes('error', JSON.stringify({ type: 'error', error: told.error })),
  );
}

function stopFrame(): Uint8Array {
  return eventBytes('message_stop', '{"type":"message_stop"}');
}
