// The output items of a response, each put together from its events and from its final form, in whatever mix they come.
import { type JsonObject, numberOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import type { ToolSegment } from '../block-writer.ts';
import type { AnswerParts, OutputItem } from './item-parts.ts';
import { Pieces } from './pieces.ts';
import { ReasoningItem } from './reasoning-item.ts';

/** @param type of the item, or of an event about it when the item itself was never announced */
export function outputItem(type: string, parts: AnswerParts): OutputItem {
  if (type === 'message' || /^response\.(?:output_text|refusal|content_part)\./.test(type))
    return new MessageItem(parts);
  if (type.startsWith('reasoning') || type.startsWith('response.reasoning')) return new ReasoningItem(parts);
  if (type === 'function_call' || type.startsWith('response.function_call'))
    return new CallItem(parts, false);
  if (type === 'custom_tool_call' || type.startsWith('response.custom_tool_call'))
    return new CallItem(parts, true);
  // Perplexity's searches are called by what they give.
  return type === 'web_search_call' || type === 'search_results' ? new SearchItem(parts) : ignored;
}

/** What other tools of the provider did means nothing to the client. */
export const ignored: OutputItem = { read() {}, done() {} };

class MessageItem implements OutputItem {
  readonly #parts: AnswerParts;
  readonly #texts = new Pieces();

  constructor(parts: AnswerParts) {
    this.#parts = parts;
    // Two messages in a row (a comment, then the answer) stay two.
    parts.writer.cut();
  }

  read(type: string, event: JsonObject): void {
    const at = numberOf(event.content_index) ?? 0;
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        this.#write(this.#texts.delta(at, textOf(event.delta) ?? ''));
        break;
      case 'response.output_text.done':
        this.#whole(at, event.text);
        break;
      case 'response.refusal.done':
        this.#whole(at, event.refusal);
        break;
      case 'response.content_part.added':
      case 'response.content_part.done':
        this.#part(at, objectOf(event.part) ?? {});
        break;
      case 'response.output_text.annotation.added':
        this.#parts.searches?.cite(objectOf(event.annotation) ?? {});
        break;
    }
  }

  done(item: JsonObject): void {
    if (typeof item.content === 'string') this.#whole(0, item.content);
    for (const [at, part] of objectsOf(item.content).entries()) this.#part(at, part);
  }

  #part(at: number, part: JsonObject): void {
    for (const annotation of objectsOf(part.annotations)) this.#parts.searches?.cite(annotation);
    // A refusal is the model's answer: the user should read it.
    this.#whole(at, part.type === 'refusal' ? part.refusal : part.text);
  }

  #whole(at: number, text: unknown): void {
    if (typeof text === 'string') this.#write(this.#texts.whole(at, text));
  }

  #write(text: string): void {
    this.#parts.writer.text(text);
  }
}

class CallItem implements OutputItem {
  readonly #parts: AnswerParts;
  /** Its input is free text; a tool call's input in the hub is an object. */
  readonly #custom: boolean;
  readonly #input = new Pieces();
  /** Before the name came, arguments wait here. */
  #waiting = '';
  #segment: ToolSegment | undefined;
  #complete = false;

  constructor(parts: AnswerParts, custom: boolean) {
    this.#parts = parts;
    this.#custom = custom;
  }

  read(type: string, event: JsonObject): void {
    if (type === 'response.output_item.added') this.#open(objectOf(event.item) ?? {});
    else if (type.endsWith('.delta')) this.#write(this.#input.delta(0, textOf(event.delta) ?? ''));
    else if (type.endsWith('.done')) this.#whole(event);
  }

  done(item: JsonObject): void {
    this.#open(item);
    this.#whole(item);
    if (this.#complete) return;
    this.#complete = true;
    if (this.#custom) this.#append('"}');
    else if (!this.#input.has(0)) this.#append('{}');
  }

  /** Arguments came, but never the name of the tool that they are for. */
  get nameless(): boolean {
    return this.#segment === undefined && this.#waiting !== '';
  }

  #open(item: JsonObject): void {
    const name = textOf(item.name);
    if (this.#segment || name === undefined) return;
    const { context, ids, writer } = this.#parts;
    this.#segment = writer.tool(
      ids.give(textOf(item.call_id) ?? textOf(item.id)),
      context.memory.toolNames.get(name) ?? name,
    );
    this.#append(`${this.#custom ? '{"input":"' : ''}${this.#waiting}`);
    this.#waiting = '';
  }

  #whole(source: JsonObject): void {
    const input = this.#custom ? source.input : source.arguments;
    // Some servers give the arguments as an object.
    const text = typeof input === 'string' ? input : objectOf(input) ? JSON.stringify(input) : '';
    if (text !== '') this.#write(this.#input.whole(0, text));
  }

  #write(piece: string): void {
    if (!this.#complete) this.#append(this.#custom ? JSON.stringify(piece).slice(1, -1) : piece);
  }

  #append(json: string): void {
    if (this.#segment) this.#parts.writer.toolInput(this.#segment, json);
    else this.#waiting += json;
  }
}

/** Whether these items hold a call that can't be written. */
export function isNameless(item: OutputItem): boolean {
  return item instanceof CallItem && item.nameless;
}

export function isCall(item: OutputItem): boolean {
  return item instanceof CallItem;
}

class SearchItem implements OutputItem {
  readonly #parts: AnswerParts;
  #shown = false;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  read(): void {}

  done(item: JsonObject): void {
    if (this.#shown) return;
    this.#shown = true;
    for (const block of this.#parts.searches?.call(item) ?? []) this.#parts.writer.whole(block);
  }
}
