// Looks at the events of a response that passes.
import { isObject, type JsonObject, listOf, objectOf, parseJson } from '../../../json/values.ts';
import type { SseEvent } from '../../../sse/event.ts';
import { brokenStream } from '../../broken-stream.ts';
import { toldError } from '../../error-body.ts';
import { cutFrame, errorFrame, noBytes, type PeekedFrame, type StreamPeek } from '../../relay.ts';
import { eventBytes, typeOfEvent, withStringAt } from '../../relay-event.ts';
import { responseError, streamError } from '../failure.ts';
import { responseCounts } from '../usage.ts';

export class ResponsesStreamPeek implements StreamPeek {
  readonly #replaceModel: string | undefined;
  #begun = false;
  #contentSeen = false;
  #complete = false;

  /** @param replaceModel the name that the client asked for, where the answer tells another */
  constructor(replaceModel: string | undefined) {
    this.#replaceModel = replaceModel;
  }

  /** The final response has passed. */
  get complete(): boolean {
    return this.#complete;
  }

  push(event: SseEvent): PeekedFrame {
    const { raw } = event;
    if (this.#complete || (event.data === '' && event.event === '')) return { bytes: raw, kind: 'neutral' };
    const type = typeOfEvent(event);
    // Most of a stream.
    if (this.#contentSeen && type.startsWith('response.') && !wholeResponse.has(type))
      return { bytes: raw, kind: 'content' };
    const value = parseJson(event.data);
    if (isObject(value)) return this.#read(type, value, typed(event, value));
    if (type === 'error') return errorFrame(streamError(value ?? event.data), noBytes);
    if (event.data === '' || event.data.trim() === '[DONE]') return { bytes: raw, kind: 'neutral' };
    return errorFrame(brokenStream('The provider sent an event that is not JSON'), noBytes);
  }

  /** A response that nobody called complete is cut: clients wait for that word. */
  end(): PeekedFrame[] {
    return this.#complete ? [] : [cutFrame(this.#begun)];
  }

  #read(type: string, value: JsonObject, event: SseEvent): PeekedFrame {
    const response = objectOf(value.response) ?? {};
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        this.#begun = true;
        return { bytes: this.#named(event), kind: 'neutral' };
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done': {
        const error = responseError(response);
        if (error) return errorFrame(error, this.#named(event));
        this.#complete = true;
        const { counts } = responseCounts(response);
        const usage = Object.keys(counts).length > 0 ? { usage: counts } : {};
        return { bytes: this.#named(event), kind: 'end', ...usage };
      }
      case 'response.failed':
      case 'response.cancelled': {
        const error = responseError({ status: 'failed', ...response }) ?? streamError(undefined);
        return errorFrame(error, this.#named(event));
      }
      case 'error':
        return errorFrame(streamError(value), value.type === 'error' ? event.raw : noBytes);
      default:
        if (!type.startsWith('response.') && toldError(value)) return errorFrame(streamError(value), noBytes);
        this.#begun ||= type.startsWith('response.');
        this.#contentSeen ||= isSaid(type, value);
        return { bytes: event.raw, kind: this.#contentSeen ? 'content' : 'neutral' };
    }
  }

  #named(event: SseEvent): Uint8Array {
    const model = this.#replaceModel;
    return model === undefined ? event.raw : withStringAt(event, ['response', 'model'], model);
  }
}

/** Clients go by the type in the data. What is judged here by the event's name has to be the same to them. */
function typed(event: SseEvent, value: JsonObject): SseEvent {
  const { event: type } = event;
  if (value.type === type || !type.startsWith('response.')) return event;
  const data = JSON.stringify({ ...value, type });
  return { event: type, data, raw: eventBytes(type, data) };
}

/** Events that hold the response as a whole. */
const wholeResponse: ReadonlySet<string> = new Set(
  'created queued in_progress completed incomplete done failed cancelled'
    .split(' ')
    .map((word) => `response.${word}`),
);

/** Items and parts that are a promise as long as nothing stands in them. */
const promises: ReadonlySet<unknown> = new Set(['message', 'reasoning']);

function isSaid(type: string, event: JsonObject): boolean {
  if (!type.startsWith('response.')) return false;
  if (type.endsWith('_part.added')) return false;
  if (type === 'response.output_item.added') return !promises.has(objectOf(event.item)?.type);
  if (type === 'response.output_item.done') return isSaidItem(objectOf(event.item) ?? {});
  const piece = event.delta ?? event.text ?? event.arguments;
  if (typeof piece === 'string') return piece.trim() !== '';
  const part = objectOf(event.part);
  return part ? isShown(part.text) : true;
}

function isSaidItem(item: JsonObject): boolean {
  if (!promises.has(item.type)) return true;
  const parts = [...listOf(item.content), ...listOf(item.summary)];
  return isShown(item.encrypted_content) || parts.some((part) => isObject(part) && isShown(part.text));
}

/** White space alone shows nothing. */
function isShown(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '';
}
