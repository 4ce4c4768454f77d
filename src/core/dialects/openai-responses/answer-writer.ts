// Turns a response, whole or in events, into the events of one message: start, blocks in order, final usage, stop.
import { estimateTokenCount } from 'tokenx';
import { type JsonObject, numberOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import { BlockWriter } from '../block-writer.ts';
import type { DecodeContext } from '../dialect.ts';
import type { HubErrorEvent, HubEvent } from '../hub.ts';
import { messageEnd, messageStart, type StopReason } from '../message-frame.ts';
import { AnswerIds } from '../tool-call-ids.ts';
import { responseError } from './failure.ts';
import type { AnswerParts, OutputItem } from './item-parts.ts';
import { ignored, isCall, isNameless, outputItem } from './output-items.ts';
import { responseCounts } from './usage.ts';
import { WebSearches } from './web-search.ts';

export class AnswerWriter {
  readonly #context: DecodeContext;
  readonly #writer = new BlockWriter();
  readonly #parts: AnswerParts;
  /** By place in the output, or by id where no place is told. */
  readonly #items = new Map<unknown, OutputItem>();
  readonly #open = new Set<unknown>();
  #started = false;
  /** Of the input, where the last event doesn't tell. */
  #inputTokens = 0;

  constructor(context: DecodeContext) {
    this.#context = context;
    const { memory, random } = context;
    this.#parts = { context, writer: this.#writer, ids: new AnswerIds(memory.toolIds, random) };
    if (memory.webSearchTool !== undefined)
      this.#parts.searches = new WebSearches(random, memory.webSearchQuery);
  }

  get started(): boolean {
    return this.#started;
  }

  /** All that was begun is done, and there is something: only the last event is missing. */
  get settled(): boolean {
    return this.#items.size > 0 && this.#open.size === 0;
  }

  /** The message begins. @param response as far as it is known */
  start(response: JsonObject): HubEvent[] {
    if (this.#started) return [];
    this.#started = true;
    const { counts } = responseCounts(response);
    // A zero is no count.
    this.#inputTokens = counts.input || this.#context.estimatedInputTokens;
    return [messageStart(this.#context, counts)];
  }

  /** An event about an output item; others give nothing. */
  read(type: string, event: JsonObject): HubEvent[] {
    const item = objectOf(event.item);
    const key = numberOf(event.output_index) ?? textOf(event.item_id) ?? textOf(item?.id);
    if (key === undefined) return [];
    const started = this.start({});
    const known = this.#items.get(key) ?? this.#begin(key, textOf(item?.type) ?? type);
    if (type === 'response.output_item.done') this.#done(key, known, item ?? {});
    else known.read(type, event);
    return [...started, ...this.#writer.drain()];
  }

  /** The answer is complete. @param response the final one */
  finish(response: JsonObject): HubEvent[] {
    const started = this.start(response);
    this.#reconcile(response);
    const error = responseError(response) ?? this.#nameless();
    if (error) return [...started, ...this.#writer.drain(), error];
    for (const block of this.#parts.searches?.rest() ?? []) this.#writer.whole(block);
    this.#writer.close();
    return [...started, ...this.#writer.drain(), ...this.#end(response)];
  }

  #begin(key: unknown, type: string): OutputItem {
    const item = outputItem(type, this.#parts);
    this.#items.set(key, item);
    if (item !== ignored) this.#open.add(key);
    return item;
  }

  #done(key: unknown, item: OutputItem, final: JsonObject): void {
    item.done(final);
    this.#open.delete(key);
  }

  /** Servers that don't stream everything give the rest in the final response. */
  #reconcile(response: JsonObject): void {
    const whole = this.#items.size === 0;
    for (const [at, final] of objectsOf(response.output).entries()) {
      const key = this.#items.has(at) ? at : textOf(final.id);
      const known = this.#items.get(key);
      if (known) {
        if (this.#open.has(key)) this.#done(key, known, final);
      } else if (whole) this.#done(at, this.#begin(at, textOf(final.type) ?? ''), final);
    }
  }

  #nameless(): HubErrorEvent | undefined {
    if (![...this.#items.values()].some(isNameless)) return undefined;
    const message = 'The provider sent the arguments of a tool call without a name';
    return { type: 'error', error: { type: 'api_error', message } };
  }

  #end(response: JsonObject): HubEvent[] {
    const { counts, reasoning } = responseCounts(response);
    counts.input ??= this.#inputTokens;
    counts.output ??= estimateTokenCount(this.#writer.written());
    return messageEnd({
      reason: this.#stopReason(response),
      stopSequence: undefined,
      counts,
      details: { thinking: reasoning, webSearches: this.#parts.searches?.count ?? 0 },
    });
  }

  #stopReason(response: JsonObject): StopReason {
    const why = textOf(objectOf(response.incomplete_details)?.reason);
    if (response.status === 'incomplete' || why !== undefined) {
      if (why === 'content_filter') return 'refusal';
      return why === 'max_tool_calls' ? 'pause_turn' : 'max_tokens';
    }
    return [...this.#items.values()].some(isCall) ? 'tool_use' : 'end_turn';
  }
}
