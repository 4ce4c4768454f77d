// One call as undici's dispatcher tells it, turned into a head and a body that is read piece by piece. Its own streams
// do the same with more ceremony for every piece, which is what a relay spends most of its time on.
import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;

export interface ResponseHead {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Bytes that are read ahead of a slow reader before the socket is paused. */
const mostAhead = 64 * 1024;

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Errors of the call come out of `head` as they are, or of the body, once the head is there, in the words of `explain`.
 * Leaving the body early ends the call.
 */
export class DispatchedCall implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array> {
  readonly head: Promise<ResponseHead>;
  readonly #signal: AbortSignal;
  readonly #explain: (error: unknown) => Error;
  readonly #settleHead: Pick<PromiseWithResolvers<ResponseHead>, 'resolve' | 'reject'>;
  #controller: Controller | undefined;
  #pieces: Uint8Array[] = [];
  #ahead = 0;
  #paused = false;
  #over = false;
  #error: Error | undefined;
  #reader: PromiseWithResolvers<IteratorResult<Uint8Array, undefined>> | undefined;

  constructor(signal: AbortSignal, explain: (error: unknown) => Error) {
    const { promise, resolve, reject } = Promise.withResolvers<ResponseHead>();
    this.head = promise;
    this.#settleHead = { resolve, reject };
    this.#signal = signal;
    this.#explain = explain;
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  // What undici tells.

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#error) controller.abort(this.#error);
  }

  onResponseStart(_: Controller, status: number, headers: ResponseHead['headers']): void {
    // An interim answer (103) comes before the real one.
    if (status >= 200) this.#settleHead.resolve({ status, headers });
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.#over) return;
    if (this.#reader) {
      this.#answer({ done: false, value: chunk });
      return;
    }
    this.#pieces.push(chunk);
    this.#ahead += chunk.length;
    if (this.#ahead >= mostAhead && !this.#paused) {
      this.#paused = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#finish(undefined);
  }

  onResponseError(_: Controller, error: Error): void {
    this.#finish(error);
  }

  // What the reader asks.

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const piece = this.#pieces.shift();
    if (piece) {
      this.#ahead -= piece.length;
      if (this.#paused && this.#ahead === 0) {
        this.#paused = false;
        this.#controller?.resume();
      }
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#error) return Promise.reject(this.#explain(this.#error));
    if (this.#over) return Promise.resolve(end);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#pieces = [];
    if (!this.#over) {
      this.#over = true;
      this.#signal.removeEventListener('abort', this.#onAbort);
      this.#controller?.abort(new Error('the answer is not wanted any more'));
    }
    return Promise.resolve(end);
  }

  readonly #onAbort = (): void => {
    const { reason } = this.#signal;
    const error = reason instanceof Error ? reason : new Error('the call was given up');
    this.#finish(error);
    this.#controller?.abort(error);
  };

  #finish(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (error) {
      this.#settleHead.reject(error);
      const reader = this.#reader;
      this.#reader = undefined;
      reader?.reject(this.#explain(error));
    } else if (this.#reader) this.#answer(end);
  }

  #answer(result: IteratorResult<Uint8Array, undefined>): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve(result);
  }
}
