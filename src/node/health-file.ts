// `health.json`: cooldowns survive a restart with their deadlines. Only the leader writes it.
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { readIfPresent, writePrivateFile } from './private-files.ts';

/** Milliseconds between a change and its place on disk. */
const delay = 1000;

export class HealthFile {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #read: () => unknown;
  #written = '';
  #cancel: (() => void) | undefined;

  /** @param read the state to persist; plain data without secrets */
  constructor(file: string, clock: Clock, log: Log, read: () => unknown) {
    this.#file = file;
    this.#clock = clock;
    this.#log = log;
    this.#read = read;
  }

  /** What an earlier run left; undefined when there is nothing usable. */
  load(): unknown {
    try {
      return JSON.parse(readIfPresent(this.#file) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** Something may have changed: written soon, many changes at once. */
  touch(): void {
    this.#cancel ??= this.#clock.after(delay, () => this.flush());
  }

  /** Writes now, if there is anything new. Failures are logged: health is worth less than service. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const text = JSON.stringify(this.#read());
    if (text === undefined || text === this.#written) return;
    try {
      writePrivateFile(this.#file, text);
      this.#written = text;
    } catch (error) {
      this.#log('warn', `health.json could not be written: ${String(error)}`);
    }
  }
}
