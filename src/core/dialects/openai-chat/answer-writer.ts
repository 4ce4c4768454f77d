// Turns the contents of chat completion chunks into the events of one message: start, blocks in order, final usage, stop.
import { estimateTokenCount } from 'tokenx';
import { type JsonObject, objectOf, textOf } from '../../json/values.ts';
import { BlockWriter } from '../block-writer.ts';
import type { DecodeContext } from '../dialect.ts';
import type { HubEvent } from '../hub.ts';
import { messageEnd, messageStart, type StopReason } from '../message-frame.ts';
import { carrySignature } from '../signature-carrier.ts';
import { wrapThoughtSignature } from '../signature-forms.ts';
import { SearchSources } from './annotations.ts';
import { readFinish } from './finish-reason.ts';
import { contentPieces, DetailCollector, reasoningDetails, reasoningText } from './reasoning.ts';
import { type TaggedPiece, ThinkTags } from './think-tags.ts';
import { ToolCallReader } from './tool-calls.ts';
import { UsageReader } from './usage.ts';

export class AnswerWriter {
  readonly #context: DecodeContext;
  readonly #writer = new BlockWriter();
  readonly #usage = new UsageReader();
  readonly #tags = new ThinkTags();
  readonly #sources: SearchSources | undefined;
  readonly #tools: ToolCallReader;
  #details = new DetailCollector();
  #started = false;
  #finishReason: string | undefined;
  #stopSequence: string | undefined;

  constructor(context: DecodeContext) {
    this.#context = context;
    this.#tools = new ToolCallReader(this.#writer, context.memory, context.random);
    // Sources are shown to clients that asked for a search; Perplexity sends them always.
    if (context.memory.webSearchTool !== undefined) this.#sources = new SearchSources();
  }

  get started(): boolean {
    return this.#started;
  }

  /** The upstream gave a finish reason: whatever follows or not, the answer is complete. */
  get finished(): boolean {
    return this.#finishReason !== undefined;
  }

  get hasContent(): boolean {
    return !this.#writer.empty;
  }

  /** @param delta the new piece, or the whole message of an answer that is not streamed */
  read(chunk: JsonObject, choice: JsonObject | undefined, delta: JsonObject | undefined): HubEvent[] {
    this.#usage.read(chunk, choice);
    this.#sources?.read(chunk, delta);
    if (delta) this.#delta(delta);
    if (choice) {
      this.#finishReason = textOf(choice.finish_reason) ?? this.#finishReason;
      // vLLM names the stop sequence that it met.
      this.#stopSequence = textOf(choice.stop_reason) ?? this.#stopSequence;
    }
    const events = this.#writer.drain();
    if (this.#started) return events;
    this.#started = true;
    return [messageStart(this.#context, this.#usage.counts()), ...events];
  }

  /** The upstream is done. An answer without finish reason is taken for a natural end. */
  finish(): HubEvent[] {
    this.#flushTags(this.#tags.end());
    const finish = readFinish(this.#finishReason, this.#tools.any);
    if (finish.kind === 'error') return this.#failed(finish.type, finish.message);
    if (this.#tools.nameless)
      return this.#failed('api_error', 'The provider sent the arguments of a tool call without a name');
    this.#showSources();
    this.#writer.close();
    return [...this.#writer.drain(), ...this.#end(finish.reason)];
  }

  #failed(type: string, message: string): HubEvent[] {
    return [...this.#writer.drain(), { type: 'error', error: { type, message } }];
  }

  #end(reason: StopReason): HubEvent[] {
    const counts = this.#usage.counts();
    counts.input ??= this.#context.estimatedInputTokens;
    counts.output ??= estimateTokenCount(this.#writer.written());
    const stopped = reason === 'end_turn' && this.#stopSequence !== undefined;
    return messageEnd({
      reason: stopped ? 'stop_sequence' : reason,
      stopSequence: stopped ? this.#stopSequence : undefined,
      counts,
      details: { thinking: this.#usage.reasoning, webSearches: this.#sources?.searches ?? 0 },
    });
  }

  #delta(delta: JsonObject): void {
    const { content } = delta;
    const pieces = typeof content === 'string' || !content ? undefined : contentPieces(content);
    const details = delta.reasoning_details ? reasoningDetails(delta) : noDetails;
    this.#thinking(pieces?.thinking || reasoningText(delta, details), details);
    const text = pieces?.text ?? content;
    if (typeof text === 'string' && text !== '') this.#flushTags(this.#tags.push(text));
    // A model's refusal is its answer: the user should read it.
    this.#text(textOf(delta.refusal) ?? pieces?.refusal ?? '');
    if (delta.tool_calls || delta.function_call)
      this.#tools.read(delta, (call) => this.#beforeCall(call, delta));
  }

  #thinking(text: string, details: readonly JsonObject[]): void {
    if (text === '' && details.length === 0) return;
    // A field of its own for the thinking: tags in the text mean nothing then.
    this.#flushTags(this.#tags.switchOff());
    this.#think(text, details);
  }

  #think(text: string, details: readonly JsonObject[]): void {
    if (this.#context.memory.hideThinking) return;
    if (this.#details.owned && !this.#writer.atThinking) this.#details = new DetailCollector();
    const collector = this.#details;
    collector.add(details, text);
    const seal = () => carrySignature(this.#context.provider, collector.original());
    this.#writer.thinking(text, seal);
    if (!this.#writer.atThinking && !collector.owned && collector.worthKeeping) this.#writer.sealOnly(seal);
    collector.owned ||= this.#writer.atThinking;
  }

  #flushTags(pieces: readonly TaggedPiece[]): void {
    for (const piece of pieces) {
      if (piece.kind === 'text') this.#text(piece.text);
      else this.#think(piece.text, []);
    }
  }

  #text(text: string): void {
    if (text === '') return;
    if (text.trim() !== '') this.#showSources();
    this.#writer.text(text);
  }

  /** Gemini behind Google's compatible endpoint signs its calls; the signature has to come back with them. */
  #beforeCall(call: JsonObject, delta: JsonObject): void {
    this.#flushTags(this.#tags.end());
    const signature = thoughtSignature(call) ?? thoughtSignature(delta);
    if (signature === undefined) return;
    const original = wrapThoughtSignature(signature);
    this.#writer.sealOnly(() => carrySignature(this.#context.provider, original));
    this.#details = new DetailCollector();
  }

  #showSources(): void {
    const { random, memory } = this.#context;
    for (const block of this.#sources?.takeBlocks(random, memory.webSearchQuery) ?? [])
      this.#writer.whole(block);
  }
}

const noDetails: readonly JsonObject[] = [];

function thoughtSignature(holder: JsonObject): string | undefined {
  return textOf(objectOf(objectOf(holder.extra_content)?.google)?.thought_signature);
}
