// Text blocks as a message.
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';
import type { Emit, ItemWriter } from './item-writer.ts';

/** A message: each text block is a part of it. */
export class MessageWriter implements ItemWriter {
  readonly item: JsonObject;
  readonly #emit: Emit;
  readonly #content: JsonObject[] = [];
  readonly #id: string;
  #text = '';
  #annotations: JsonObject[] = [];

  constructor(id: string, emit: Emit) {
    this.#id = id;
    this.#emit = emit;
    this.item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    emit('response.output_item.added', { item: { ...this.item } });
  }

  /** A text block begins. */
  start(text: string): void {
    this.#text = '';
    this.#annotations = [];
    this.#emit('response.content_part.added', { ...this.#place(), part: outputText('', []) });
    this.#append(text);
  }

  delta(delta: JsonObject): void {
    if (typeof delta.text === 'string') this.#append(delta.text);
    else if (isObject(delta.citation)) this.#cite(delta.citation);
  }

  stop(): void {
    const part = outputText(this.#text, this.#annotations);
    this.#emit('response.output_text.done', { ...this.#place(), text: this.#text, logprobs: [] });
    this.#emit('response.content_part.done', { ...this.#place(), part });
    this.#content.push(part);
  }

  end(): void {
    Object.assign(this.item, { status: 'completed', content: this.#content });
    this.#emit('response.output_item.done', { item: this.item });
  }

  #append(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.#emit('response.output_text.delta', { ...this.#place(), delta: text, logprobs: [] });
  }

  #cite(citation: JsonObject): void {
    const url = textOf(citation.url);
    if (url === undefined) return;
    const annotation = {
      type: 'url_citation',
      url,
      title: textOf(citation.title) ?? url,
      start_index: 0,
      end_index: this.#text.length,
    };
    const annotation_index = this.#annotations.length;
    this.#annotations.push(annotation);
    this.#emit('response.output_text.annotation.added', { ...this.#place(), annotation_index, annotation });
  }

  #place(): JsonObject {
    return { item_id: this.#id, content_index: this.#content.length };
  }
}

function outputText(text: string, annotations: readonly JsonObject[]): JsonObject {
  return { type: 'output_text', annotations: [...annotations], logprobs: [], text };
}
