// A model's thinking in a chat completion: `reasoning_content` (DeepSeek and most), `reasoning` (OpenRouter, Groq,
// Ollama), `reasoning_details` (OpenRouter, with signatures and encrypted parts), content parts of type `thinking` (Mistral).
import { type JsonObject, listOf, objectsOf, textOf } from '../../json/values.ts';
import { detailText, wrapDetails } from '../signature-forms.ts';

/** The thinking in a delta or message. The same text often stands in two fields: the first one with text counts. */
export function reasoningText(message: JsonObject, details: readonly JsonObject[]): string {
  const text = textOf(message.reasoning_content) ?? textOf(message.reasoning);
  if (text !== undefined || details.length === 0) return text ?? '';
  return details.map(detailText).join('');
}

export function reasoningDetails(message: JsonObject): JsonObject[] {
  return objectsOf(message.reasoning_details);
}

/** Joins the details of one thinking block, which come in pieces. */
export class DetailCollector {
  readonly #details: JsonObject[] = [];
  #text = '';
  /** A block carries these details: those of a later block need a collector of their own. */
  owned = false;

  /** @param text the thinking that the client sees for these details */
  add(details: readonly JsonObject[], text: string): void {
    this.#text += text;
    for (const detail of details) {
      const known = this.#details.find((other) => other.type === detail.type && other.index === detail.index);
      if (known) join(known, detail);
      else this.#details.push(clean(detail));
    }
  }

  /** Something has to come back to the provider that the block's text does not hold. */
  get worthKeeping(): boolean {
    return this.#details.some(isWorthKeeping);
  }

  /** The original for the carrier; '' when the text alone is enough. */
  original(): string {
    return this.worthKeeping ? wrapDetails(this.#details, this.#text) : '';
  }
}

/** Texts alone come back as the block's thinking. */
function isWorthKeeping(detail: JsonObject): boolean {
  return (
    textOf(detail.signature) !== undefined ||
    textOf(detail.data) !== undefined ||
    textOf(detail.id) !== undefined
  );
}

function join(known: JsonObject, piece: JsonObject): void {
  for (const [key, value] of Object.entries(piece)) {
    if (value === null || value === undefined) continue;
    const before = known[key];
    const grows = key === 'text' || key === 'summary' || key === 'data';
    known[key] = grows && typeof before === 'string' && typeof value === 'string' ? before + value : value;
  }
}

function clean(detail: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(detail).filter(([, value]) => value !== null && value !== undefined),
  );
}

export interface ContentPieces {
  text: string;
  thinking: string;
  refusal: string;
}

/** `content` as text or as a list of parts. */
export function contentPieces(content: unknown): ContentPieces {
  if (typeof content === 'string') return { text: content, thinking: '', refusal: '' };
  const pieces: ContentPieces = { text: '', thinking: '', refusal: '' };
  for (const part of listOf(content)) {
    if (typeof part === 'string') pieces.text += part;
    else if (typeof part === 'object' && part !== null) addPart(pieces, part as JsonObject);
  }
  return pieces;
}

function addPart(pieces: ContentPieces, part: JsonObject): void {
  if (part.type === 'thinking' || part.type === 'reasoning')
    pieces.thinking +=
      textOf(part.thinking) ??
      textOf(part.text) ??
      objectsOf(part.thinking ?? part.summary)
        .map((inner) => textOf(inner.text) ?? '')
        .join('');
  else if (part.type === 'refusal') pieces.refusal += textOf(part.refusal) ?? '';
  else pieces.text += textOf(part.text) ?? '';
}
