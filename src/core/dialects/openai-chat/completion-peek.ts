// A stream of plain completions (`/completions`, `/fim/completions`) that passes: bytes stay, only the model's name is
// put back.

import { isObject, type JsonObject, objectOf, objectsOf, parseJson } from '../../json/values.ts';
import type { SseEvent } from '../../sse/event.ts';
import type { TokenUsage } from '../../tokens/usage.ts';
import { toldError } from '../error-body.ts';
import { errorTypeOfStatus } from '../error-type.ts';
import { cutFrame, type PeekedFrame, type StreamPeek } from '../relay.ts';
import { withStringAt } from '../relay-event.ts';
import { UsageReader } from './usage.ts';

export class CompletionPeek implements StreamPeek {
  readonly #model: string | undefined;
  #begun = false;
  #complete = false;

  /** @param model the name that the client asked for, where the answer tells another */
  constructor(model: string | undefined) {
    this.#model = model;
  }

  /** `[DONE]` has passed, or the model has said why it stopped: some servers forget the last line. */
  get complete(): boolean {
    return this.#complete;
  }

  push(event: SseEvent): PeekedFrame {
    const { data, raw } = event;
    if (data === '[DONE]') {
      this.#complete = true;
      return { bytes: raw, kind: 'end' };
    }
    const value = data === '' ? undefined : parseJson(data);
    if (!isObject(value)) return { bytes: raw, kind: 'neutral' };
    const told = Array.isArray(value.choices) ? undefined : toldError(value);
    if (told) {
      const { message, status } = told;
      const error = { type: errorTypeOfStatus(status ?? 500), message };
      return { bytes: raw, kind: 'error', error: status === undefined ? error : { ...error, status } };
    }
    const choices = objectsOf(value.choices);
    const ended = choices.some((choice) => typeof choice.finish_reason === 'string');
    this.#complete ||= ended;
    const content = choices.some(hasText);
    this.#begun ||= content;
    const frame: PeekedFrame = {
      bytes: this.#model === undefined ? raw : withStringAt(event, ['model'], this.#model),
      kind: ended ? 'end' : content ? 'content' : 'neutral',
    };
    const usage = completionUsage(value);
    if (usage) frame.usage = usage;
    return frame;
  }

  end(): PeekedFrame[] {
    return this.#complete ? [] : [cutFrame(this.#begun)];
  }
}

/** Mistral's chunks hold a `delta`, all others a `text`. White space is content: it is code. */
function hasText(choice: JsonObject): boolean {
  const text = choice.text ?? objectOf(choice.delta)?.content;
  return typeof text === 'string' && text !== '';
}

/** The counts of a chunk or a whole answer; undefined where there are none. */
export function completionUsage(answer: JsonObject): Partial<TokenUsage> | undefined {
  const reader = new UsageReader();
  reader.read(answer, undefined);
  return reader.seen ? reader.counts() : undefined;
}
