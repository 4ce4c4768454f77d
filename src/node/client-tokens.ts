// The tokens of the configured clients: who sends a credential.
import { timingSafeEqual } from 'node:crypto';
import type { ClientConfig } from '../core/config/router-config.ts';
import { comparable } from './loopback.ts';

export class ClientTokens {
  readonly #readKey: (reference: string) => string | undefined;
  /** By value, so that each token is prepared once. */
  readonly #known = new Map<string, Buffer>();

  constructor(readKey: (reference: string) => string | undefined) {
    this.#readKey = readKey;
  }

  /** The name of the client that one of the credentials belongs to. Looks at all clients either way. */
  find(credentials: readonly string[], clients: readonly ClientConfig[]): string | undefined {
    const presented = credentials.map(comparable);
    let found: string | undefined;
    for (const { name, reference } of clients) {
      const token = this.#readKey(reference);
      if (token === undefined) continue;
      const expected = this.#comparableOf(token, clients.length);
      for (const each of presented) if (timingSafeEqual(each, expected)) found ??= name;
    }
    return found;
  }

  /** The clients that nobody can be, because their token is missing. */
  missing(clients: readonly ClientConfig[]): ClientConfig[] {
    return clients.filter(({ reference }) => this.#readKey(reference) === undefined);
  }

  #comparableOf(token: string, clients: number): Buffer {
    let known = this.#known.get(token);
    if (known === undefined) {
      // Tokens that were replaced are not kept for ever.
      if (this.#known.size > 2 * clients) this.#known.clear();
      known = comparable(token);
      this.#known.set(token, known);
    }
    return known;
  }
}
