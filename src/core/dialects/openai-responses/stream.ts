// Reads a response, streamed or whole, into the hub's form.
import { UpstreamFailure } from '../../failure.ts';
import { isObject, objectOf, parseJson, textOf } from '../../json/values.ts';
import { badStream, classifyStreamError } from '../../resilience/classify.ts';
import type { SseEvent } from '../../sse/event.ts';
import { MessageAccumulator } from '../accumulate.ts';
import { brokenStream, cutOff, emptyStream } from '../broken-stream.ts';
import type { DecodeContext, StreamDecoder } from '../dialect.ts';
import { toldError } from '../error-body.ts';
import type { HubErrorEvent, HubEvent, HubMessage } from '../hub.ts';
import { AnswerWriter } from './answer-writer.ts';
import { responseError, streamError } from './failure.ts';

export class ResponsesStreamDecoder implements StreamDecoder {
  readonly #answer: AnswerWriter;
  #ended = false;

  constructor(context: DecodeContext) {
    this.#answer = new AnswerWriter(context);
  }

  push(event: SseEvent): HubEvent[] {
    if (this.#ended || event.data === '') return [];
    const value = parseJson(event.data);
    if (isObject(value)) return this.#read(textOf(value.type) ?? event.event, value);
    if (event.event === 'error') return this.#fail(streamError(value ?? event.data));
    if (event.data.trim() === '[DONE]') return this.#answer.settled ? this.#finish({}) : this.end();
    return this.#fail(brokenStream('The provider sent an event that is not JSON'));
  }

  end(): HubEvent[] {
    if (this.#ended) return [];
    return this.#fail(brokenStream(this.#answer.started ? cutOff : emptyStream));
  }

  #read(type: string, event: Record<string, unknown>): HubEvent[] {
    const response = objectOf(event.response);
    switch (type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        return this.#answer.start(response ?? {});
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done':
        return this.#finish({
          ...(type === 'response.incomplete' ? { status: 'incomplete' } : {}),
          ...response,
        });
      case 'response.failed':
      case 'response.cancelled':
        return this.#fail(responseError({ status: 'failed', ...response }) ?? streamError(undefined));
      case 'error':
        return this.#fail(streamError(event));
      default:
        if (type === '' && toldError(event)) return this.#fail(streamError(event));
        return this.#answer.read(type, event);
    }
  }

  #finish(response: Record<string, unknown>): HubEvent[] {
    this.#ended = true;
    return this.#answer.finish(response);
  }

  #fail(event: HubErrorEvent): HubEvent[] {
    this.#ended = true;
    return [event];
  }
}

/** A whole answer. Throws `UpstreamFailure` when the body is an error or no answer at all. */
export function decodeResponsesAnswer(body: unknown, context: DecodeContext): HubMessage {
  const response = objectOf(body);
  if (!response || !Array.isArray(response.output)) {
    const error = toldError(body) ? streamError(body) : undefined;
    throw new UpstreamFailure(
      error
        ? classifyStreamError(error.error, error.status)
        : badStream(`${context.provider} sent an answer that is no response`),
    );
  }
  const accumulator = new MessageAccumulator();
  for (const event of new AnswerWriter(context).finish(response)) {
    if (event.type === 'error') throw new UpstreamFailure(classifyStreamError(event.error, event.status));
    accumulator.push(event);
  }
  return accumulator.message();
}
