// Whether somebody is there. A VS Code server keeps the extension host of a window that went away alive for hours, in case
// it comes back; the host is not told, but nothing that it asks of its window is answered any more.

/** Milliseconds from one answered question to the next, and until an unanswered one says that the window is gone. */
const interval = 10_000;
const patience = 15_000;

export class UserPresence {
  readonly #ask: () => PromiseLike<unknown>;
  readonly #tell: (alone: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /**
   * @param ask a cheap question that only the window itself can answer
   * @param tell hears whether the window is gone, each time that an answer comes or fails to come
   */
  constructor(ask: () => PromiseLike<unknown>, tell: (alone: boolean) => void) {
    this.#ask = ask;
    this.#tell = tell;
    this.#later(interval, () => this.#look());
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    this.#later(patience, () => this.#tell(true));
    // However late it comes: an answer says that the window is there, or there again. So does a refusal.
    const answered = (): void => {
      if (this.#disposed) return;
      this.#tell(false);
      this.#later(interval, () => this.#look());
    };
    this.#ask().then(answered, answered);
  }

  #later(milliseconds: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, milliseconds);
    this.#timer.unref();
  }
}
