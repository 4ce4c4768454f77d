// A reasoning item: a summary in parts (OpenAI, xAI), the thinking itself (open models), encrypted content, or nothing
// that could be shown. Each part becomes a thinking block; the item's last block carries what has to come back.
import { type JsonObject, numberOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import { carrySignature } from '../signature-carrier.ts';
import { wrapEncrypted } from '../signature-forms.ts';
import type { AnswerParts, OutputItem } from './item-parts.ts';
import { Pieces } from './pieces.ts';

export class ReasoningItem implements OutputItem {
  readonly #parts: AnswerParts;
  readonly #texts = new Pieces();
  /** Where a server gives both the summary and the thinking, what comes first counts. */
  #source: 'summary' | 'text' | undefined;
  /** The part that the last block holds. */
  #last: number | undefined;
  /** The last block was closed before the encrypted content came. */
  #closed = false;
  #encrypted = '';

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  read(type: string, event: JsonObject): void {
    const part = objectOf(event.part);
    const [source, at] = type.includes('summary')
      ? (['summary', numberOf(event.summary_index) ?? 0] as const)
      : (['text', numberOf(event.content_index) ?? 0] as const);
    if (type.endsWith('.delta')) {
      const piece = textOf(event.delta);
      if (piece !== undefined && this.#reads(source)) this.#write(at, this.#texts.delta(at, piece));
    } else this.#whole(source, at, part ? part.text : event.text);
  }

  done(item: JsonObject): void {
    for (const [at, part] of objectsOf(item.summary).entries()) this.#whole('summary', at, part.text);
    for (const [at, part] of objectsOf(item.content).entries()) this.#whole('text', at, part.text);
    const encrypted = textOf(item.encrypted_content);
    if (encrypted === undefined || this.#encrypted !== '' || this.#hidden) return;
    this.#encrypted = wrapEncrypted(encrypted);
    const { writer } = this.#parts;
    if (this.#last === undefined || this.#closed)
      writer.sealOnly(() => carrySignature(this.#parts.context.provider, this.#encrypted));
    // The next item's thinking is signed by itself.
    writer.cut();
  }

  get #hidden(): boolean {
    return this.#parts.context.memory.hideThinking === true;
  }

  #reads(source: 'summary' | 'text'): boolean {
    this.#source ??= source;
    return this.#source === source;
  }

  #whole(source: 'summary' | 'text', at: number, text: unknown): void {
    if (typeof text !== 'string' || text === '' || !this.#reads(source)) return;
    this.#write(at, this.#texts.whole(at, text));
  }

  #write(at: number, text: string): void {
    if (text === '' || this.#hidden) return;
    const { writer, context } = this.#parts;
    if (this.#last !== at) writer.cut();
    this.#last = at;
    writer.thinking(text, () => {
      if (this.#last !== at) return carrySignature(context.provider, '');
      this.#closed = true;
      return carrySignature(context.provider, this.#encrypted);
    });
  }
}
