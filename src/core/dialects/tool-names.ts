// Tool names that OpenAI's APIs take: `^[a-zA-Z0-9_-]{1,64}$`. Others are shortened, and mapped back in the answer.
import { shortHash } from './short-hash.ts';

const longest = 64;

export class ToolNames {
  /** The name sent → the client's own. Only names that had to change. */
  readonly changed = new Map<string, string>();
  readonly #sent = new Map<string, string>();

  /** The same name always gives the same, so that the prompt's prefix stays stable for caches. */
  encode(name: string): string {
    const known = this.#sent.get(name);
    if (known !== undefined) return known;
    const fits = name !== '' && name.length <= longest && /^[a-zA-Z0-9_-]+$/.test(name);
    const sent = fits
      ? name
      : `${name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, longest - 9)}_${shortHash(name)}`;
    this.#sent.set(name, sent);
    if (sent !== name) this.changed.set(sent, name);
    return sent;
  }
}
