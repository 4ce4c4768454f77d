// Cuts whole JSON objects out of a text that arrives in pieces: Google streams a JSON list where nobody asked for
// server-sent events, and ends an event stream with a bare error object. What stands between objects is passed over.

export class JsonObjectReader {
  readonly #decoder = new TextDecoder();
  #pieces: string[] = [];
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** An object has begun and is not complete. */
  get open(): boolean {
    return this.#depth > 0;
  }

  /** Returns the texts of the objects that are complete now. */
  push(bytes: Uint8Array): string[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    const objects: string[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      if (this.#inString) this.#string(character);
      else if (character === '"') this.#inString = this.#depth > 0;
      else if (character === '{') {
        if (this.#depth === 0) start = at;
        this.#depth++;
      } else if (character === '}' && this.#depth > 0) {
        this.#depth--;
        if (this.#depth > 0) continue;
        objects.push(this.#pieces.join('') + text.slice(start, at + 1));
        this.#pieces = [];
      }
    }
    if (this.#depth > 0) this.#pieces.push(text.slice(start));
    return objects;
  }

  #string(character: string | undefined): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = false;
  }
}
