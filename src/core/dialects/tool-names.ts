// Tool names that OpenAI's and Google's APIs take: `^[a-zA-Z0-9_-]{1,64}$`. Others are shortened, and mapped back in the
// answer.
import { shortHash } from './short-hash.ts';

const longest = 64;

export class ToolNames {
  /** The name sent → the client's own. Only names that had to change. */
  readonly changed = new Map<string, string>();
  readonly #sent = new Map<string, string>();
  readonly #start: RegExp | undefined;

  /** @param start what a name must begin with, where not every character of the alphabet will do */
  constructor(start?: RegExp) {
    this.#start = start;
  }

  /** The same name always gives the same, so that the prompt's prefix stays stable for caches. */
  encode(name: string): string {
    const known = this.#sent.get(name);
    if (known !== undefined) return known;
    const sent = this.#fits(name)
      ? name
      : `${this.#begun(name.replace(/[^a-zA-Z0-9_-]/g, '_')).slice(0, longest - 9)}_${shortHash(name)}`;
    this.#sent.set(name, sent);
    if (sent !== name) this.changed.set(sent, name);
    return sent;
  }

  #fits(name: string): boolean {
    return (
      name.length <= longest && /^[a-zA-Z0-9_-]+$/.test(name) && (!this.#start || this.#start.test(name))
    );
  }

  #begun(name: string): string {
    return !this.#start || this.#start.test(name) ? name : `_${name}`;
  }
}
