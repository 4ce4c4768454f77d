// Looks at the chunks of a chat completion that passes.
import {
  isObject,
  type JsonObject,
  listOf,
  objectOf,
  objectsOf,
  parseJson,
  textOf,
} from '../../../json/values.ts';
import type { SseEvent } from '../../../sse/event.ts';
import { readErrorFrame } from '../../anthropic/error-frame.ts';
import { brokenStream, emptyStream } from '../../broken-stream.ts';
import { ChoiceEnds } from '../../choice-ends.ts';
import { isOpenAiError } from '../../openai-error.ts';
import { cutFrame, errorFrame, noBytes, type PeekedFrame, type StreamPeek } from '../../relay.ts';
import { withStringAt } from '../../relay-event.ts';
import { readFinish } from '../finish-reason.ts';
import { chunkError, firstChoice } from '../stream.ts';
import { UsageReader } from '../usage.ts';

export class ChatStreamPeek implements StreamPeek {
  readonly #replaceModel: string | undefined;
  readonly #hideUsage: boolean;
  readonly #usage = new UsageReader();
  #begun = false;
  #contentSeen = false;
  #complete = false;
  readonly #single: boolean;
  readonly #ends: ChoiceEnds;

  /**
   * @param replaceModel the name that the client asked for, where the answer tells another
   * @param hideUsage the client did not ask for the chunk that holds nothing but counts
   * @param choices how many the client asked for
   */
  constructor(replaceModel: string | undefined, hideUsage: boolean, choices: number) {
    this.#replaceModel = replaceModel;
    this.#hideUsage = hideUsage;
    this.#single = choices === 1;
    this.#ends = new ChoiceEnds(choices);
  }

  /** `[DONE]` has passed. */
  get complete(): boolean {
    return this.#complete;
  }

  push(event: SseEvent): PeekedFrame {
    const { data } = event;
    if (this.#complete || (data === '' && event.event !== 'error'))
      return { bytes: event.raw, kind: 'neutral' };
    if (event.event === 'error') return errorOf(event);
    // Most of a stream. Of several choices each has to be told apart.
    if (this.#single && this.#contentSeen && isPlainDelta(data))
      return { bytes: this.#named(event), kind: 'content' };
    const chunk = parseJson(data);
    if (isObject(chunk)) return this.#chunk(event, chunk);
    if (data.trim() === '[DONE]') return this.#end(event);
    // Garbage behind a complete answer spoils nothing.
    if (this.#ends.finished) return { bytes: event.raw, kind: 'neutral' };
    return errorFrame(brokenStream('The provider sent an event that is not JSON'), noBytes);
  }

  /** Some servers forget `[DONE]`, and some clients wait for it. */
  end(): PeekedFrame[] {
    if (this.#complete) return [];
    if (!this.#ends.finished) return [cutFrame(this.#begun)];
    this.#complete = true;
    return [{ bytes: lastWord, kind: 'end' }];
  }

  #end(event: SseEvent): PeekedFrame {
    if (!this.#begun) return errorFrame(brokenStream(emptyStream), noBytes);
    this.#complete = true;
    return { bytes: event.raw, kind: 'end' };
  }

  #chunk(event: SseEvent, chunk: JsonObject): PeekedFrame {
    const error = chunkError(chunk);
    if (error) return errorFrame(error, isOpenAiError(chunk) ? event.raw : noBytes);
    this.#begun = true;
    const choices = objectsOf(chunk.choices);
    let kind: PeekedFrame['kind'] = 'neutral';
    for (const choice of choices) {
      const reason = textOf(choice.finish_reason);
      const finish = reason === undefined ? undefined : readFinish(reason, false);
      if (finish?.kind === 'error')
        return errorFrame({ type: 'error', error: { type: finish.type, message: finish.message } }, noBytes);
      this.#ends.mark(choice.index ?? 0, finish !== undefined);
      if (isSaid(choice)) kind = 'content';
      else if (finish && kind === 'neutral') kind = 'end';
    }
    this.#contentSeen ||= kind === 'content';
    const told = this.#usage.read(chunk, firstChoice(chunk));
    const hidden = told && this.#hideUsage && Array.isArray(chunk.choices) && choices.length === 0;
    const frame: PeekedFrame = { bytes: hidden ? noBytes : this.#named(event), kind };
    if (told) frame.usage = this.#usage.counts();
    return frame;
  }

  #named(event: SseEvent): Uint8Array {
    return this.#replaceModel === undefined ? event.raw : withStringAt(event, ['model'], this.#replaceModel);
  }
}

const lastWord = new TextEncoder().encode('data: [DONE]\n\n');

/** Nothing but a piece of the answer. Quotes inside texts are escaped, so that these words stand outside of them. */
function isPlainDelta(data: string): boolean {
  return (
    data.includes('"finish_reason":null') &&
    !data.includes('"finish_reason":"') &&
    !data.includes('"usage":{') &&
    !data.includes('"error":')
  );
}

/** The choice says something: not only who speaks. */
function isSaid(choice: JsonObject): boolean {
  const said = objectOf(choice.delta) ?? objectOf(choice.message);
  if (!said) return false;
  const { content, tool_calls, function_call, audio } = said;
  return (
    isShown(content) ||
    listOf(content).length > 0 ||
    listOf(tool_calls).length > 0 ||
    isObject(function_call) ||
    isObject(audio) ||
    [said.reasoning_content, said.reasoning, said.refusal].some(isShown) ||
    listOf(said.reasoning_details).length > 0
  );
}

/** White space alone shows nothing. */
function isShown(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '';
}

function errorOf(event: SseEvent): PeekedFrame {
  return errorFrame(readErrorFrame(event.data), isOpenAiError(parseJson(event.data)) ? event.raw : noBytes);
}
