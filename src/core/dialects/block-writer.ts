// Writes a well-formed sequence of content blocks from pieces that arrive in any order: one block is open at a time,
// blocks open with their first content that is not blank, and what belongs to a later block waits until the open one
// is complete. Used by every decoder whose upstream doesn't think in blocks.
import { parseJson } from '../json/values.ts';
import { takeApart } from './accumulate.ts';
import type { HubContentBlock, HubEvent } from './hub.ts';

type Segment =
  | { kind: 'thinking'; text: string; seal: () => string }
  | { kind: 'text'; text: string }
  | { kind: 'tool'; id: string; name: string; json: string }
  | { kind: 'whole'; block: HubContentBlock };

/** An open or waiting tool call; a handle for `BlockWriter.toolInput`. */
export type ToolSegment = Extract<Segment, { kind: 'tool' }>;

export class BlockWriter {
  /** The first is open (it has been started), the others wait. */
  readonly #queue: Segment[] = [];
  #events: HubEvent[] = [];
  #index = 0;
  /** White space that came before any content of its kind: a blank block would be refused when it comes back. */
  readonly #blank = { text: '', thinking: '' };
  readonly #written: string[] = [];
  #cut = false;

  /** The events since the last call. */
  drain(): HubEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }

  /** Everything that the model wrote so far: for an estimate where the upstream does not count. */
  written(): string {
    return this.#written.join('');
  }

  /** No block was started or waits to be. */
  get empty(): boolean {
    return this.#index === 0 && this.#queue.length === 0;
  }

  text(piece: string): void {
    this.#append('text', piece);
  }

  /** @param seal gives the block's signature when it closes; the first one given for a block counts */
  thinking(piece: string, seal: () => string): void {
    this.#append('thinking', piece, seal);
  }

  /** What comes next starts a block of its own, also if it is of the same kind as the last one. */
  cut(): void {
    this.#cut = true;
  }

  /** A thinking block without text, for the sake of its signature. */
  sealOnly(seal: () => string): void {
    this.#add({ kind: 'thinking', text: '', seal });
  }

  /** The last block is one of thinking, open or waiting. */
  get atThinking(): boolean {
    return this.#queue.at(-1)?.kind === 'thinking';
  }

  tool(id: string, name: string): ToolSegment {
    const segment: ToolSegment = { kind: 'tool', id, name, json: '' };
    this.#written.push(name);
    this.#add(segment);
    return segment;
  }

  /** A piece of a call's arguments. Pieces for a call that was complete already are repetitions and are left out. */
  toolInput(segment: ToolSegment, piece: string): void {
    const place = this.#queue.indexOf(segment);
    if (piece === '' || place === -1) return;
    segment.json += piece;
    this.#written.push(piece);
    if (place === 0) this.#delta({ type: 'input_json_delta', partial_json: piece });
    this.#advance();
  }

  /** A block that comes complete, such as the result of a server tool. */
  whole(block: HubContentBlock): void {
    this.#add({ kind: 'whole', block });
  }

  /** No more pieces come: closes what is open and writes what waits. */
  close(): void {
    while (this.#queue.length > 0) this.#closeFirst();
  }

  #append(kind: 'text' | 'thinking', piece: string, seal: () => string = noSeal): void {
    if (piece === '') return;
    const last = this.#queue.at(-1);
    if (last?.kind === kind && !this.#cut) {
      last.text += piece;
      this.#written.push(piece);
      if (this.#queue.length === 1) this.#textDelta(kind, piece);
      return;
    }
    const text = this.#blank[kind] + piece;
    if (text.trim() === '') {
      this.#blank[kind] = text;
      return;
    }
    this.#blank[kind] = '';
    this.#written.push(text);
    this.#add(kind === 'text' ? { kind, text } : { kind, text, seal });
  }

  #add(segment: Segment): void {
    this.#cut = false;
    this.#queue.push(segment);
    if (this.#queue.length === 1) this.#open(segment);
    else this.#advance();
  }

  /** Closes the open block when another waits and nothing more can belong to it. */
  #advance(): void {
    for (
      let first = this.#queue[0];
      this.#queue.length > 1 && first && isComplete(first);
      first = this.#queue[0]
    )
      this.#closeFirst();
  }

  #closeFirst(): void {
    const first = this.#queue.shift();
    if (first?.kind === 'thinking') this.#delta({ type: 'signature_delta', signature: first.seal() });
    this.#events.push({ type: 'content_block_stop', index: this.#index });
    this.#index++;
    const next = this.#queue[0];
    if (next) this.#open(next);
  }

  #open(segment: Segment): void {
    const [start, deltas] = segment.kind === 'whole' ? takeApart(segment.block) : [startOf(segment), []];
    this.#events.push({
      type: 'content_block_start',
      index: this.#index,
      content_block: start as HubContentBlock,
    });
    for (const delta of deltas) this.#delta(delta as unknown as Delta);
    if (segment.kind === 'tool') {
      if (segment.json !== '') this.#delta({ type: 'input_json_delta', partial_json: segment.json });
    } else if (segment.kind !== 'whole' && segment.text !== '') this.#textDelta(segment.kind, segment.text);
  }

  #textDelta(kind: 'text' | 'thinking', piece: string): void {
    if (kind === 'text') this.#delta({ type: 'text_delta', text: piece });
    // `estimated_tokens` is optional on the wire, whatever the SDK's type says.
    else this.#delta({ type: 'thinking_delta', thinking: piece } as Delta);
  }

  #delta(delta: Delta): void {
    this.#events.push({ type: 'content_block_delta', index: this.#index, delta });
  }
}

const noSeal = () => '';

type Delta = Extract<HubEvent, { type: 'content_block_delta' }>['delta'];

/** A tool call is complete when its arguments are: only then may another block follow while the stream runs. */
function isComplete(segment: Segment): boolean {
  return (
    segment.kind !== 'tool' || (segment.json.trimEnd().endsWith('}') && parseJson(segment.json) !== undefined)
  );
}

function startOf(segment: Exclude<Segment, { kind: 'whole' }>): HubContentBlock {
  switch (segment.kind) {
    case 'text':
      return { type: 'text', text: '', citations: null };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'tool':
      return { type: 'tool_use', id: segment.id, name: segment.name, input: {}, caller: { type: 'direct' } };
  }
}
