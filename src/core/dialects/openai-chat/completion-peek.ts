// A stream of plain completions (`/completions`, `/fim/completions`) that passes: bytes stay, only the model's name is
// put back.

import { isObject, type JsonObject, numberOf, objectOf, objectsOf, parseJson } from '../../json/values.ts';
import type { SseEvent } from '../../sse/event.ts';
import type { TokenUsage } from '../../tokens/usage.ts';
import { ChoiceEnds } from '../choice-ends.ts';
import { toldError } from '../error-body.ts';
import { errorTypeOfStatus } from '../error-type.ts';
import { cutFrame, type PeekedFrame, type StreamPeek } from '../relay.ts';
import { withStringAt } from '../relay-event.ts';
import { UsageReader } from './usage.ts';

export class CompletionPeek implements StreamPeek {
  readonly #model: string | undefined;
  #begun = false;
  #complete = false;
  readonly #ends: ChoiceEnds;

  /**
   * @param model the name that the client asked for, where the answer tells another
   * @param choices how many the client asked for
   */
  constructor(model: string | undefined, choices: number) {
    this.#model = model;
    this.#ends = new ChoiceEnds(choices);
  }

  /** `[DONE]` has passed, or every choice has said why it stopped: some servers forget the last line. */
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
    const isEnd = (choice: JsonObject) => typeof choice.finish_reason === 'string';
    for (const choice of choices) this.#ends.mark(choice.index ?? 0, isEnd(choice));
    this.#complete ||= this.#ends.finished;
    const content = choices.some(hasText);
    this.#begun ||= content;
    const frame: PeekedFrame = {
      bytes: this.#model === undefined ? raw : withStringAt(event, ['model'], this.#model),
      kind: choices.some(isEnd) ? 'end' : content ? 'content' : 'neutral',
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

/** How many choices a request asks for: `n` for each of its prompts, which are texts or lists of tokens. */
export function completionChoices({ n, prompt }: Readonly<JsonObject>): number {
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(prompt.length, 1) : 1;
  return prompts * (numberOf(n) ?? 1);
}

/** The counts of a chunk or a whole answer; undefined where there are none. */
export function completionUsage(answer: JsonObject): Partial<TokenUsage> | undefined {
  const reader = new UsageReader();
  reader.read(answer, undefined);
  return reader.seen ? reader.counts() : undefined;
}
