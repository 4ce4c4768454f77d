// The client's end of an exchange on a node:http response.
import type { ServerResponse } from 'node:http';
import type { ClientResponse } from '../core/gateway/client.ts';

/**
 * The head leaves with the first bytes of the body, or a moment later when none follow at once; a whole answer thus
 * goes out in one packet with its length. Writes to a client that is gone are dropped.
 */
export class NodeClientResponse implements ClientResponse {
  readonly #response: ServerResponse;
  #head: { status: number; headers: Record<string, string> } | undefined;
  #headSent = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get headSent(): boolean {
    return this.#headSent;
  }

  writeHead(status: number, headers: Record<string, string>): void {
    if (this.#headSent) throw new Error('The head of this answer was sent already.');
    this.#headSent = true;
    this.#head = { status, headers };
    queueMicrotask(() => {
      if (this.#head && !this.#gone) {
        this.#sendHead();
        this.#response.flushHeaders();
      }
    });
  }

  write(chunk: Uint8Array | string): boolean {
    if (this.#gone) return true;
    this.#sendHead();
    return this.#response.write(chunk);
  }

  drained(): Promise<void> {
    const response = this.#response;
    if (this.#gone || !response.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        response.off('drain', done).off('close', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
    });
  }

  end(chunk?: Uint8Array | string): void {
    if (this.#gone) return;
    if (this.#head && chunk !== undefined) this.#head.headers = withLength(this.#head.headers, chunk);
    this.#sendHead();
    this.#response.end(chunk);
  }

  get #gone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  #sendHead(): void {
    const head = this.#head;
    if (!head) return;
    this.#head = undefined;
    this.#response.writeHead(head.status, head.headers);
  }
}

function withLength(headers: Record<string, string>, body: Uint8Array | string): Record<string, string> {
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return headers;
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}
