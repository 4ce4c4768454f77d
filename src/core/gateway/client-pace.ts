// Requests per minute of clients that have a limit.
import { ClientError } from '../client-error.ts';
import type { Clock } from '../clock.ts';
import type { ClientConfig } from '../config/router-config.ts';

/** Milliseconds. */
const minute = 60_000;

export class ClientPace {
  readonly #clock: Clock;
  /** When a client's requests of the last minute came, oldest first. */
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts a request.
   * @throws ClientError (429 with `retry-after` in seconds) when it is one too many within a minute; it is not counted
   */
  admit({ name, rpm }: ClientConfig): void {
    if (rpm === undefined) return;
    const now = this.#clock.now();
    const times = (this.#times.get(name) ?? []).filter(
      // Times still to come are from before the clock was set back: nobody knows any more how long ago they were.
      (time) => time <= now && time > now - minute,
    );
    this.#times.set(name, times);
    // A limit that was lowered meanwhile: as many must grow old as there are too many.
    const oldest = times[times.length - rpm];
    if (oldest === undefined) {
      times.push(now);
      return;
    }
    const wait = Math.ceil((oldest + minute - now) / 1000);
    throw new ClientError(
      429,
      'rate_limit_error',
      `The client "${name}" may ask ${rpm} times a minute (clients[].rpm); the next time in ${wait} s.`,
      { 'retry-after': String(wait) },
    );
  }
}
