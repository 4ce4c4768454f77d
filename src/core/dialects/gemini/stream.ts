// Reads a generateContent answer, streamed or whole, into the hub's form.
import { UpstreamFailure } from '../../failure.ts';
import { isObject, type JsonObject, objectOf, parseJson, textOf } from '../../json/values.ts';
import { badStream, classifyStreamError } from '../../resilience/classify.ts';
import type { SseEvent } from '../../sse/event.ts';
import { MessageAccumulator } from '../accumulate.ts';
import { errorEvent, readErrorFrame } from '../anthropic/error-frame.ts';
import { brokenStream, cutOff, emptyStream } from '../broken-stream.ts';
import type { DecodeContext, StreamDecoder } from '../dialect.ts';
import type { HubErrorEvent, HubEvent, HubMessage } from '../hub.ts';
import { firstCandidate, GeminiAnswerWriter } from './answer-writer.ts';
import { JsonObjectReader } from './json-values.ts';

/** A finish reason is no end: Vertex gives one with every chunk, and errors may follow. The end of the body is. */
export class GeminiStreamDecoder implements StreamDecoder {
  readonly #answer: GeminiAnswerWriter;
  /** Of what is no server-sent event. */
  readonly #bare = new JsonObjectReader();
  #ended = false;

  constructor(context: DecodeContext) {
    this.#answer = new GeminiAnswerWriter(context);
  }

  push(event: SseEvent): HubEvent[] {
    if (this.#ended) return [];
    if (event.event === 'error') return this.#fail(readErrorFrame(event.data));
    if (event.data === '') return this.#pushBare(event.raw);
    const value = parseJson(event.data);
    const chunks = Array.isArray(value) ? value : [value];
    if (chunks.every(isObject)) return this.#readAll(chunks);
    if (event.data.trim() === '[DONE]') return this.#finish();
    // Garbage behind a complete answer spoils nothing.
    return this.#answer.finished
      ? []
      : this.#fail(brokenStream('The provider sent an event that is not JSON'));
  }

  end(): HubEvent[] {
    if (this.#ended) return [];
    if (this.#answer.finished) return this.#finish();
    return this.#fail(brokenStream(this.#answer.started ? cutOff : emptyStream));
  }

  #pushBare(raw: Uint8Array): HubEvent[] {
    if (!this.#bare.open && raw[0] === colon) return [];
    return this.#readAll(this.#bare.push(raw).map(parseJson).filter(isObject));
  }

  #readAll(chunks: readonly JsonObject[]): HubEvent[] {
    const events: HubEvent[] = [];
    for (const chunk of chunks) {
      if (this.#ended) break;
      events.push(...this.#read(unwrapped(chunk)));
    }
    return events;
  }

  #read(chunk: JsonObject): HubEvent[] {
    const error = chunkError(chunk);
    if (error) return this.#fail(error);
    return isAnswer(chunk) ? this.#answer.read(chunk) : [];
  }

  #finish(): HubEvent[] {
    if (!this.#answer.started) return this.#fail(brokenStream(emptyStream));
    this.#ended = true;
    return this.#answer.finish();
  }

  #fail(event: HubErrorEvent): HubEvent[] {
    this.#ended = true;
    return [event];
  }
}

const colon = 0x3a;

/** A whole answer, or the list of chunks that a stream without events is. Throws `UpstreamFailure` when it is neither. */
export function decodeGeminiResponse(body: unknown, context: DecodeContext): HubMessage {
  const chunks = (Array.isArray(body) ? body : [body]).filter(isObject).map(unwrapped);
  const answer = new GeminiAnswerWriter(context);
  const events: HubEvent[] = [];
  for (const chunk of chunks) {
    const error = chunkError(chunk);
    if (error) throw new UpstreamFailure(classifyStreamError(error.error, error.status));
    if (isAnswer(chunk)) events.push(...answer.read(chunk, chunks.length === 1));
  }
  if (!answer.finished && !chunks.some((chunk) => firstCandidate(chunk)?.content !== undefined))
    throw new UpstreamFailure(badStream(`${context.provider} sent an answer that is no Gemini answer`));
  events.push(...answer.finish());
  const accumulator = new MessageAccumulator();
  for (const event of events) {
    if (event.type === 'error') throw new UpstreamFailure(classifyStreamError(event.error, event.status));
    accumulator.push(event);
  }
  return accumulator.message();
}

/** Code Assist, and relays of it, wrap each chunk. */
export function unwrapped(chunk: JsonObject): JsonObject {
  return chunk.candidates === undefined ? (objectOf(chunk.response) ?? chunk) : chunk;
}

/** The chunk belongs to an answer. */
export function isAnswer(chunk: JsonObject): boolean {
  return Array.isArray(chunk.candidates) || isObject(chunk.promptFeedback) || isObject(chunk.usageMetadata);
}

/** The error that a chunk or a body is. A call that Google canceled on its side says nothing about the request. */
export function chunkError(chunk: JsonObject): HubErrorEvent | undefined {
  if (chunk.error !== undefined && chunk.error !== null) {
    const event = errorEvent(chunk) ?? readErrorFrame('');
    return event.status === 499 ? brokenStream(event.error.message) : event;
  }
  const isError = !isAnswer(chunk) && ('detail' in chunk || textOf(chunk.message) !== undefined);
  return isError ? errorEvent(chunk) : undefined;
}
