// Thinking as reasoning items.
import { type JsonObject, textOf } from '../../../json/values.ts';
import { carriedRedaction } from './carried-reasoning.ts';
import type { Emit, ItemWriter } from './item-writer.ts';

/** A thinking block as a reasoning item with one part, so that it comes back exactly as it was. */
export class ReasoningWriter implements ItemWriter {
  readonly item: JsonObject;
  readonly #emit: Emit;
  readonly #id: string;
  #text = '';
  #signature = '';

  constructor(id: string, block: JsonObject, emit: Emit) {
    this.#id = id;
    this.#emit = emit;
    this.item = { id, type: 'reasoning', summary: [] };
    emit('response.output_item.added', { item: { ...this.item } });
    if (block.type === 'redacted_thinking') this.#signature = carriedRedaction(textOf(block.data) ?? '');
    this.delta(block);
  }

  delta(delta: JsonObject): void {
    const signature = textOf(delta.signature);
    if (signature !== undefined) this.#signature = signature;
    const text = textOf(delta.thinking);
    if (text === undefined) return;
    if (this.#text === '')
      this.#emit('response.reasoning_summary_part.added', { ...this.#place(), part: summaryText('') });
    this.#text += text;
    this.#emit('response.reasoning_summary_text.delta', { ...this.#place(), delta: text });
  }

  stop(): void {
    if (this.#text === '') return;
    this.#emit('response.reasoning_summary_text.done', { ...this.#place(), text: this.#text });
    this.#emit('response.reasoning_summary_part.done', { ...this.#place(), part: summaryText(this.#text) });
    this.item.summary = [summaryText(this.#text)];
  }

  end(): void {
    if (this.#signature !== '') this.item.encrypted_content = this.#signature;
    this.#emit('response.output_item.done', { item: this.item });
  }

  #place(): JsonObject {
    return { item_id: this.#id, summary_index: 0 };
  }
}

function summaryText(text: string): JsonObject {
  return { type: 'summary_text', text };
}
