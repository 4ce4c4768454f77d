// Lines about what the listener turned away: anybody on this machine can cause them, so they are counted when they are many.
import type { Log } from '../core/log.ts';

/** Lines in one stretch of time; what comes then is counted. */
const mostLines = 30;
/** Milliseconds. */
const stretch = 60_000;

export class RefusalLog {
  readonly #log: Log;
  readonly #now: () => number;
  #begun = 0;
  #lines = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  add(message: string): void {
    const now = this.#now();
    if (this.#lines === 0 || now - this.#begun >= stretch) {
      const unsaid = this.#lines - mostLines;
      if (unsaid > 0) this.#log('warn', `${unsaid} more requests or connections were refused`);
      this.#begun = now;
      this.#lines = 0;
    }
    this.#lines++;
    if (this.#lines < mostLines) this.#log('warn', message);
    else if (this.#lines === mostLines)
      this.#log('warn', `${message}; further refusals in this minute are only counted`);
  }
}
