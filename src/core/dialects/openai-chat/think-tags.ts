// Some servers leave the model's thinking in the text, between <think> and </think>. Only a tag at the very beginning
// counts: later ones are what the model talks about.

export interface TaggedPiece {
  kind: 'text' | 'thinking';
  text: string;
}

const open = '<think>';
const close = '</think>';

export class ThinkTags {
  #state: 'start' | 'opened' | 'thinking' | 'after' | 'text' = 'start';
  /** What may be the beginning of a tag. */
  #held = '';

  /** The upstream has another place for its thinking: tags in the text mean nothing. Returns what was held back. */
  switchOff(): TaggedPiece[] {
    if (this.#state === 'text') return [];
    const rest = this.end();
    this.#state = 'text';
    return rest;
  }

  push(piece: string): TaggedPiece[] {
    if (this.#state === 'text') return [{ kind: 'text', text: piece }];
    const pieces: TaggedPiece[] = [];
    let text = this.#held + piece;
    this.#held = '';
    if (this.#state === 'start') {
      const content = text.trimStart();
      if (content.length < open.length && open.startsWith(content)) {
        this.#held = text;
        return pieces;
      }
      if (!content.startsWith(open)) {
        this.#state = 'text';
        return [{ kind: 'text', text }];
      }
      this.#state = 'opened';
      text = content.slice(open.length);
    }
    // Blank lines behind either tag belong to neither text.
    if (this.#state === 'opened') {
      text = text.trimStart();
      if (text !== '') this.#state = 'thinking';
    }
    if (this.#state === 'thinking') text = this.#think(text, pieces);
    if (this.#state === 'after') {
      text = text.trimStart();
      if (text !== '') this.#state = 'text';
    }
    if (text !== '') pieces.push({ kind: 'text', text });
    return pieces;
  }

  /** The text is over: what was held back is what it looks like. */
  end(): TaggedPiece[] {
    const text = this.#held;
    this.#held = '';
    if (text === '') return [];
    return [{ kind: this.#state === 'start' ? 'text' : 'thinking', text }];
  }

  /** Returns what follows the closing tag. */
  #think(text: string, pieces: TaggedPiece[]): string {
    const end = text.indexOf(close);
    const thought = end === -1 ? text.slice(0, text.length - partialClose(text)) : text.slice(0, end);
    if (thought !== '') pieces.push({ kind: 'thinking', text: thought });
    if (end === -1) {
      this.#held = text.slice(thought.length);
      return '';
    }
    this.#state = 'after';
    return text.slice(end + close.length);
  }
}

/** How many characters at the end may be the beginning of the closing tag. */
function partialClose(text: string): number {
  for (let length = Math.min(close.length - 1, text.length); length > 0; length--)
    if (text.endsWith(close.slice(0, length))) return length;
  return 0;
}
