// Lines of a log to a stream, those of a moment in one write: a pipe takes each write with a system call that the
// requests have to wait for.
import type { Clock } from '../core/clock.ts';

/** Milliseconds that a line may wait. */
const moment = 20;

/** The part of a writable stream that is used. */
export interface TextSink {
  write(text: string): unknown;
}

export class LineWriter {
  readonly #sink: TextSink;
  readonly #clock: Clock;
  #pending = '';
  #scheduled = false;

  constructor(sink: TextSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  /** `line` comes without its line break. */
  write(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(moment, () => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes what is pending now: call it when the process ends. */
  flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') this.#sink.write(text);
  }
}
