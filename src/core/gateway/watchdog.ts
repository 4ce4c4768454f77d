// Times one attempt: the first content, silence, and the whole. Our own clock; the transport's timeouts are off.
import type { Clock } from '../clock.ts';
import type { Timeouts } from '../config/router-config.ts';
import type { Failure } from '../failure.ts';
import { timeoutFailure } from '../resilience/classify.ts';

/** Seconds between the last event of an answer and the end of its connection. */
const endTime = 1;
/**
 * A timer that comes so many milliseconds late says that our own process stood still (a stopped process, a machine that
 * slept): what the provider sent meanwhile is still unread, so that its time begins anew.
 */
const standstill = 1000;

export class Watchdog {
  readonly #clock: Clock;
  readonly #provider: string;
  readonly #onTimeout: (failure: Failure) => void;
  readonly #cancel = new Set<() => void>();
  #listening = false;
  #complete = false;
  #lastActivity = 0;
  #stopFirstToken: (() => void) | undefined;

  constructor(clock: Clock, provider: string, onTimeout: (failure: Failure) => void) {
    this.#clock = clock;
    this.#provider = provider;
    this.#onTimeout = onTimeout;
  }

  /** Starts the clocks; `timeouts` in seconds. Whole answers know only `total`. */
  start(timeouts: Timeouts, stream: boolean): void {
    this.#after(timeouts.total, `no complete answer within ${timeouts.total} s`);
    if (stream)
      this.#stopFirstToken = this.#after(timeouts.firstToken, `no content within ${timeouts.firstToken} s`);
  }

  /** The first content came: from now on only silence counts. */
  contentSeen(idleSeconds: number): void {
    if (!this.#stopFirstToken) return;
    this.#stopFirstToken();
    this.#stopFirstToken = undefined;
    this.#lastActivity = this.#clock.elapsed();
    this.#watchSilence(idleSeconds, idleSeconds * 1000);
  }

  /**
   * Silence counts only while we listen: a client that is stopped or reads slowly is not the provider's fault. Cheap:
   * no timer is touched.
   */
  listen(listening: boolean): void {
    this.#listening = listening;
    this.#lastActivity = this.#clock.elapsed();
  }

  /** The answer is complete; the connection gets a moment to end, so that it can be used again. */
  complete(): void {
    if (this.#complete) return;
    this.#complete = true;
    this.stop();
    this.#after(endTime, 'no end of its complete answer');
  }

  stop(): void {
    for (const cancel of this.#cancel) cancel();
    this.#cancel.clear();
  }

  #watchSilence(idleSeconds: number, wait: number): void {
    this.#wait(wait, (late) => {
      const now = this.#clock.elapsed();
      const since = this.#listening && !late ? this.#lastActivity : now;
      const left = since + idleSeconds * 1000 - now;
      if (left > 0) this.#watchSilence(idleSeconds, left);
      else this.#fire(`nothing for ${idleSeconds} s in the middle of the answer`);
    });
  }

  #after(seconds: number, what: string): () => void {
    let cancel = (): void => {};
    const watch = (): void => {
      cancel = this.#wait(seconds * 1000, (late) => (late ? watch() : this.#fire(what)));
    };
    watch();
    return () => cancel();
  }

  /** `late`: our process stood still when the time was up. */
  #wait(milliseconds: number, run: (late: boolean) => void): () => void {
    const due = this.#clock.elapsed() + milliseconds;
    const stop = this.#clock.after(milliseconds, () => {
      this.#cancel.delete(stop);
      run(this.#clock.elapsed() - due > standstill);
    });
    this.#cancel.add(stop);
    return () => {
      stop();
      this.#cancel.delete(stop);
    };
  }

  #fire(what: string): void {
    this.stop();
    this.#onTimeout(timeoutFailure(`${this.#provider} sent ${what}`));
  }
}
