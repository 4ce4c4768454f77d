// Reads a chat completion, streamed or whole, into the hub's form.
import { UpstreamFailure } from '../../failure.ts';
import { isObject, type JsonObject, listOf, objectOf, parseJson, textOf } from '../../json/values.ts';
import { badStream, classifyStreamError } from '../../resilience/classify.ts';
import type { SseEvent } from '../../sse/event.ts';
import { MessageAccumulator } from '../accumulate.ts';
import { errorEvent, readErrorFrame } from '../anthropic/error-frame.ts';
import { brokenStream, cutOff, emptyStream } from '../broken-stream.ts';
import type { DecodeContext, StreamDecoder } from '../dialect.ts';
import type { HubErrorEvent, HubEvent, HubMessage } from '../hub.ts';
import { AnswerWriter } from './answer-writer.ts';

export class ChatStreamDecoder implements StreamDecoder {
  readonly #answer: AnswerWriter;
  #ended = false;

  constructor(context: DecodeContext) {
    this.#answer = new AnswerWriter(context);
  }

  push(event: SseEvent): HubEvent[] {
    if (this.#ended) return [];
    if (event.event === 'error') return this.#fail(readErrorFrame(event.data));
    if (event.data === '') return [];
    const chunk = parseJson(event.data);
    if (isObject(chunk)) return this.#read(chunk);
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

  #read(chunk: JsonObject): HubEvent[] {
    const error = chunkError(chunk);
    const choice = firstChoice(chunk);
    if (error && !choice) return this.#fail(error);
    const events = this.#answer.read(chunk, choice, choice && this.#deltaOf(choice));
    if (error) events.push(...this.#fail(error));
    return events;
  }

  /** Some servers send a whole message in one chunk; Perplexity repeats the message so far beside each delta. */
  #deltaOf(choice: JsonObject): JsonObject | undefined {
    return objectOf(choice.delta) ?? (this.#answer.hasContent ? undefined : objectOf(choice.message));
  }

  #finish(): HubEvent[] {
    // [DONE] without any chunk before is an empty stream too.
    if (!this.#answer.started) return this.#fail(brokenStream(emptyStream));
    this.#ended = true;
    return this.#answer.finish();
  }

  #fail(event: HubErrorEvent): HubEvent[] {
    this.#ended = true;
    return [event];
  }
}

/** A whole answer. Throws `UpstreamFailure` when the body is an error or no answer at all. */
export function decodeChatResponse(body: unknown, context: DecodeContext): HubMessage {
  const chunk = objectOf(body);
  const error = chunk ? chunkError(chunk) : undefined;
  if (error) throw new UpstreamFailure(classifyStreamError(error.error, error.status));
  const choice = chunk && firstChoice(chunk);
  // A filtered answer may come without any message.
  const message =
    choice && (objectOf(choice.message) ?? objectOf(choice.delta) ?? (choice.finish_reason ? {} : undefined));
  if (!message)
    throw new UpstreamFailure(badStream(`${context.provider} sent an answer that is no chat completion`));
  const answer = new AnswerWriter(context);
  const accumulator = new MessageAccumulator();
  for (const event of [...answer.read(chunk, choice, message), ...answer.finish()]) {
    if (event.type === 'error') throw new UpstreamFailure(classifyStreamError(event.error, event.status));
    accumulator.push(event);
  }
  return accumulator.message();
}

/** Choices beyond the first are alternatives that nobody asked for. */
export function firstChoice(chunk: JsonObject): JsonObject | undefined {
  for (const choice of listOf(chunk.choices))
    if (isObject(choice) && (choice.index === 0 || choice.index === undefined || choice.index === null))
      return choice;
  return undefined;
}

/** The error that a chunk or a body is or carries. */
export function chunkError(chunk: JsonObject): HubErrorEvent | undefined {
  if (chunk.error !== undefined && chunk.error !== null) return errorEvent(chunk) ?? readErrorFrame('');
  if (Array.isArray(chunk.choices)) return undefined;
  const isError =
    chunk.object === 'error' ||
    chunk.type === 'error' ||
    textOf(chunk.code) !== undefined ||
    'detail' in chunk;
  return isError ? errorEvent(chunk) : undefined;
}
