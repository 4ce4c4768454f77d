// Texts that come as deltas, as a whole at their end, or both.

/** The parts of one output item, by index. Whatever is repeated at the end is not written again. */
export class Pieces {
  readonly #written = new Map<number, string>();

  /** A piece of this part; the text to write. */
  delta(index: number, piece: string): string {
    this.#written.set(index, (this.#written.get(index) ?? '') + piece);
    return piece;
  }

  /** The whole text of this part; what of it is still to be written. */
  whole(index: number, text: string): string {
    const written = this.#written.get(index) ?? '';
    // A final text that does not begin with what was streamed would have to take something back.
    if (!text.startsWith(written)) return '';
    this.#written.set(index, text);
    return text.slice(written.length);
  }

  has(index: number): boolean {
    return this.#written.has(index);
  }
}
