// Reads an Anthropic stream into hub events. They are the same thing; only the model's name, errors and the end are looked at.
import { isObject, parseJson } from '../../json/values.ts';
import type { SseEvent } from '../../sse/event.ts';
import type { DecodeContext, StreamDecoder } from '../dialect.ts';
import type { HubErrorEvent, HubEvent } from '../hub.ts';
import { readErrorFrame } from './error-frame.ts';
import { withOwnName } from './own-name.ts';

export class AnthropicStreamDecoder implements StreamDecoder {
  readonly #context: DecodeContext;
  #started = false;
  /** The model said why it stopped. */
  #stopped = false;
  #calls = false;
  #ended = false;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  push(event: SseEvent): HubEvent[] {
    if (this.#ended || event.data === '' || event.data === '[DONE]') return [];
    if (event.event === 'error') return this.#fail(readErrorFrame(event.data));
    const value = parseJson(event.data);
    if (!isObject(value) || typeof value.type !== 'string') {
      if (isObject(value) && 'error' in value) return this.#fail(readErrorFrame(event.data));
      return this.#fail(broken('The provider sent an event that is no Anthropic event'));
    }
    if (value.type === 'error') return this.#fail(readErrorFrame(event.data));
    if (value.type === 'message_start') {
      if (this.#started || !isObject(value.message)) return [];
      this.#started = true;
      return [{ ...value, message: { ...value.message, model: this.#context.model } } as unknown as HubEvent];
    }
    if (!this.#started && value.type !== 'ping')
      return this.#fail(broken(`The provider began its stream with ${value.type}`));
    if (value.type === 'message_delta') this.#stopped ||= hasStopReason(value);
    if (value.type === 'message_stop') return this.#stop(value);
    if (!isWellFormed(value)) return [];
    if (value.type !== 'content_block_start' || !isObject(value.content_block))
      return [value as unknown as HubEvent];
    this.#calls ||= value.content_block.type === 'tool_use';
    const block = withOwnName(value.content_block, this.#context.memory);
    return [{ ...value, content_block: block } as unknown as HubEvent];
  }

  end(): HubEvent[] {
    if (this.#stopped && !this.#ended) {
      // The answer is complete; some relays forget the last event.
      this.#ended = true;
      return [{ type: 'message_stop' }];
    }
    return this.#ended
      ? []
      : this.#fail(broken(this.#started ? cutOff : 'The provider sent an empty stream'));
  }

  /** Of a stream that ends without a reason the reason can be told from what it holds; clients need one. */
  #stop(value: Record<string, unknown>): HubEvent[] {
    this.#ended = true;
    const stop = value as unknown as HubEvent;
    if (this.#stopped) return [stop];
    const delta = { stop_reason: this.#calls ? 'tool_use' : 'end_turn', stop_sequence: null };
    return [{ type: 'message_delta', delta, usage: {} } as unknown as HubEvent, stop];
  }

  #fail(event: HubErrorEvent): HubEvent[] {
    this.#ended = true;
    return [event];
  }
}

const cutOff = 'The connection to the provider broke off before the answer was complete';

function broken(message: string): HubErrorEvent {
  return { type: 'error', error: { type: 'api_error', message } };
}

function hasStopReason(value: Record<string, unknown>): boolean {
  return isObject(value.delta) && typeof value.delta.stop_reason === 'string';
}

/** The fields are there that every reader of hub events relies on. */
function isWellFormed(value: Record<string, unknown>): boolean {
  switch (value.type) {
    case 'content_block_start':
      return typeof value.index === 'number' && isObject(value.content_block);
    case 'content_block_delta':
      return typeof value.index === 'number' && isObject(value.delta);
    case 'content_block_stop':
      return typeof value.index === 'number';
    case 'message_delta':
      return isObject(value.delta);
    default:
      return true;
  }
}
