// The token that lets clients in: one for all windows and restarts, because open terminals and other programs keep it.
import { createHash } from 'node:crypto';
import { comparable, presents } from './loopback.ts';
import { readOrCreateSecret, replaceSecret } from './private-files.ts';

export class MainToken {
  /** Undefined: the token was given by hand, and no file is read or written. */
  readonly #file: string | undefined;
  #value: string;
  #comparable: Buffer;

  /**
   * @param file where the token is kept; a new one is made when there is none
   * @param given the token itself, in place of the file's
   */
  constructor(file: string, given?: string) {
    this.#file = given === undefined ? file : undefined;
    this.#value = given ?? readOrCreateSecret(file);
    this.#comparable = comparable(this.#value);
  }

  get value(): string {
    return this.#value;
  }

  /** Where a client's user finds it, in one sentence. */
  get place(): string {
    if (this.#file === undefined) return 'Use the one that was set in SWITCHYARD_TOKEN.';
    return `Use the one in ${this.#file}; in VS Code, "Switchyard: Copy Connection Settings…" copies it.`;
  }

  /** Tells one token from the next without telling either; a token that was given by hand might be guessed by it. */
  get mark(): string | undefined {
    if (this.#file === undefined) return undefined;
    return createHash('sha256').update(this.#value).digest('hex').slice(0, 16);
  }

  /** One of the credentials is the token. Takes the same time for all. */
  isAmong(credentials: readonly string[]): boolean {
    return presents(credentials, this.#comparable);
  }

  /** Makes a new one; the old one opens nothing from now on. Throws a sentence for people when it can't be kept. */
  rotate(): void {
    if (this.#file === undefined) throw new Error('The token was set in SWITCHYARD_TOKEN: change it there.');
    this.#set(replaceSecret(this.#file));
  }

  /** Reads the file again. True when there is another token in it now. */
  reload(): boolean {
    const value = this.#file === undefined ? this.#value : readOrCreateSecret(this.#file);
    if (value === this.#value) return false;
    this.#set(value);
    return true;
  }

  #set(value: string): void {
    this.#value = value;
    this.#comparable = comparable(value);
  }
}
