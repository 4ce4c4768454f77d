// At most one call in so many milliseconds; the last request is never lost.
import type { Clock } from '../core/clock.ts';

export class Throttle {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #run: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, interval: number, run: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#run = run;
  }

  /** Runs as soon as the interval allows. */
  request(): void {
    if (this.#cancel) return;
    const wait = this.#last + this.#interval - this.#clock.elapsed();
    if (wait <= 0) this.now();
    else this.#cancel = this.#clock.after(wait, () => this.now());
  }

  /** Runs at once. */
  now(): void {
    this.stop();
    this.#last = this.#clock.elapsed();
    this.#run();
  }

  /** Forgets a pending run. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
