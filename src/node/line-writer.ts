// Lines of a log to a stream, those of one turn of the event loop in one write: a pipe takes each write with a system
// call that the requests have to wait for.

/** The part of a writable stream that is used. */
export interface TextSink {
  write(text: string): unknown;
}

export class LineWriter {
  readonly #sink: TextSink;
  #pending = '';
  #scheduled = false;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  /** `line` comes without its line break. */
  write(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
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
