// A clock that only moves when told, and chance without chance.
import type { Clock, Random } from '../../src/core/clock.ts';

export class ManualClock implements Clock {
  /** Wall-clock time when `elapsed` was 0. */
  #epoch: number;
  #elapsed = 0;
  #timers: { at: number; run: () => void }[] = [];

  constructor(now = 1_000_000) {
    this.#epoch = now;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Sets the wall clock forward, or back: no time passes, and no timer hears of it. */
  set(by: number): void {
    this.#epoch += by;
  }

  /** The process stands still: time passes, and timers that fell due run late, all at its end. */
  async freeze(ms: number): Promise<void> {
    this.#elapsed += ms;
    await this.advance(0);
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#elapsed + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Timers that wait, as milliseconds from now, soonest first. */
  get waiting(): number[] {
    return this.#timers.map((timer) => timer.at - this.#elapsed).sort((a, b) => a - b);
  }

  /** Moves the time on, timer by timer, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.run();
      await settle();
    }
    this.#elapsed = end;
  }
}

/** Lets all promises that can go on go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Always the same fraction; ids count up. */
export function fixedRandom(fraction = 0): Random {
  let count = 0;
  return { fraction: () => fraction, id: (prefix) => `${prefix}${++count}` };
}
