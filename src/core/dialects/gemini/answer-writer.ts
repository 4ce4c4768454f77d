// Turns the parts of an answer into the events of one message: start, blocks in order, final usage, stop.
import { estimateTokenCount } from 'tokenx';
import { type JsonObject, objectOf, objectsOf, textOf } from '../../json/values.ts';
import { BlockWriter } from '../block-writer.ts';
import type { DecodeContext } from '../dialect.ts';
import type { HubEvent } from '../hub.ts';
import { messageEnd, messageStart } from '../message-frame.ts';
import { carrySignature } from '../signature-carrier.ts';
import { AnswerIds } from '../tool-call-ids.ts';
import { codeText } from './code-text.ts';
import { finishWord, readFinish } from './finish-reason.ts';
import { FunctionCallReader } from './function-calls.ts';
import { GroundingReader } from './grounding.ts';
import { wrapForNext, wrapForThought } from './thought-signature.ts';
import { UsageReader } from './usage.ts';

export class GeminiAnswerWriter {
  readonly #context: DecodeContext;
  readonly #writer = new BlockWriter();
  readonly #usage = new UsageReader();
  readonly #grounding: GroundingReader;
  readonly #calls: FunctionCallReader;
  /** Signature of the last thinking block; empty until one is known. */
  #seal = { original: '' };
  #started = false;
  #blocked = false;
  #reason: string | undefined;
  #detail: string | undefined;
  #texts = false;
  /** Type of a file that the model answered with. */
  #file: string | undefined;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#grounding = new GroundingReader(context);
    const ids = new AnswerIds(context.memory.toolIds, context.random);
    this.#calls = new FunctionCallReader(this.#writer, context.memory, ids);
  }

  get started(): boolean {
    return this.#started;
  }

  /** The upstream said why it stopped, or that it won't begin. More may follow all the same. */
  get finished(): boolean {
    return this.#blocked || this.#reason !== undefined;
  }

  /** @param whole the chunk is the whole answer: what was searched can stand before what was said of it */
  read(chunk: JsonObject, whole = false): HubEvent[] {
    this.#usage.read(chunk);
    const feedback = objectOf(chunk.promptFeedback);
    if (feedback?.blockReason || feedback?.blockReasonMessage) {
      this.#blocked = true;
      this.#detail = textOf(feedback.blockReasonMessage) ?? textOf(feedback.blockReason);
    }
    const candidate = firstCandidate(chunk);
    if (candidate) this.#candidate(candidate, whole);
    const events = this.#writer.drain();
    if (this.#started) return events;
    this.#started = true;
    return [messageStart(this.#context, this.#usage.counts()), ...events];
  }

  /** The upstream is done. */
  finish(): HubEvent[] {
    this.#calls.close();
    this.#showSources();
    if (this.#writer.empty && this.#file !== undefined)
      this.#writer.text(`[The model answered with a file (${this.#file}), which can't be shown here]`);
    const finish = this.#blocked
      ? ({ kind: 'stop', reason: 'refusal' } as const)
      : readFinish(this.#reason, this.#detail, this.#calls.count > 0, this.#writer.empty);
    if (finish.kind === 'error') return this.#failed(finish.message);
    if (this.#calls.nameless)
      return this.#failed('The provider sent the arguments of a tool call without a name');
    this.#writer.close();
    const counts = this.#usage.counts();
    counts.input ??= this.#context.estimatedInputTokens;
    counts.output ??= estimateTokenCount(this.#writer.written());
    return [
      ...this.#writer.drain(),
      ...messageEnd({
        reason: finish.reason,
        stopSequence: undefined,
        explanation: this.#detail,
        counts,
        details: { thinking: this.#usage.thoughts, webSearches: this.#grounding.searches },
      }),
    ];
  }

  #failed(message: string): HubEvent[] {
    return [...this.#writer.drain(), { type: 'error', error: { type: 'api_error', message } }];
  }

  #candidate(candidate: JsonObject, whole: boolean): void {
    this.#grounding.read(candidate);
    if (whole) this.#showSources();
    for (const part of objectsOf(objectOf(candidate.content)?.parts)) this.#part(part);
    this.#reason = finishWord(candidate.finishReason) ?? this.#reason;
    this.#detail = textOf(candidate.finishMessage) ?? this.#detail;
  }

  #part(part: JsonObject): void {
    const signature = textOf(part.thoughtSignature);
    const call = objectOf(part.functionCall);
    if (call) {
      this.#calls.read(call, () => this.#sign(signature));
      this.#texts = false;
    } else if (part.thought === true) this.#think(textOf(part.text) ?? '', signature);
    else if (typeof part.text === 'string') this.#text(part.text, signature);
    else {
      const file = objectOf(part.inlineData) ?? objectOf(part.fileData);
      if (file) this.#file = textOf(file.mimeType) ?? 'unknown type';
      // Calls of Google's own tools are Google's business.
      else this.#text(codeText(part), signature);
    }
  }

  #think(text: string, signature: string | undefined): void {
    if (this.#context.memory.hideThinking) return;
    if (!this.#writer.atThinking) this.#seal = { original: '' };
    const seal = this.#seal;
    this.#writer.thinking(text, () => carrySignature(this.#context.provider, seal.original));
    if (this.#writer.atThinking) this.#texts = false;
    if (signature !== undefined && this.#writer.atThinking) seal.original ||= wrapForThought(signature);
  }

  /**
   * A signature that comes behind its text, in an empty part, is lost: it would need a thinking block at the end, and
   * Claude Code's print mode shows nothing of an answer that ends with one. Google wants it back, but does not insist.
   */
  #text(text: string, signature: string | undefined): void {
    if (text === '') return;
    if (!this.#texts && text.trim() !== '') {
      this.#sign(signature);
      this.#texts = true;
    }
    this.#writer.text(text);
  }

  /** Keeps the signature of the part that follows, in the thinking before it. */
  #sign(signature: string | undefined): void {
    if (signature === undefined) return;
    const original = wrapForNext(signature);
    if (this.#writer.atThinking && this.#seal.original === '') {
      this.#seal.original = original;
      return;
    }
    const seal = { original };
    this.#seal = seal;
    this.#writer.sealOnly(() => carrySignature(this.#context.provider, seal.original));
  }

  #showSources(): void {
    for (const block of this.#grounding.takeBlocks()) this.#writer.whole(block);
  }
}

/** Candidates beyond the first are alternatives that nobody asked for. */
export function firstCandidate(chunk: JsonObject): JsonObject | undefined {
  return objectsOf(chunk.candidates).find(
    ({ index }) => index === undefined || index === null || index === 0,
  );
}
