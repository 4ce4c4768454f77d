// The router's own API below `/_switchyard/`, for other windows of the same user. Its credential is the `control`
// secret; the client token opens nothing here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ClientError } from '../core/client-error.ts';
import type { Clock } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { isNonce, prove } from './control-proof.ts';
import { controlPrefix } from './listener.ts';
import { comparable, presents } from './loopback.ts';
import { refuse } from './refuse.ts';
import { BodyCut, readBody } from './request-body.ts';

export interface ControlApiOptions {
  secret: string;
  version: string;
  clock: Clock;
  snapshot(): RouterSnapshot;
  /** Resolves when there is a state worth telling. */
  ready(): Promise<void>;
  /** Rejects with a sentence for people. */
  call(name: string, params: unknown): Promise<unknown>;
}

const bodyLimit = 1024 * 1024;
/** Milliseconds between two signs of life on the event stream. */
export const beatInterval = 2000;

export class ControlApi {
  readonly #options: ControlApiOptions;
  readonly #secret: Buffer;
  /** Followers, and whether each missed a snapshot because it reads slowly. */
  readonly #followers = new Map<ServerResponse, { behind: boolean }>();
  #cancelBeat: (() => void) | undefined;

  constructor(options: ControlApiOptions) {
    this.#options = options;
    this.#secret = comparable(options.secret);
  }

  /** Serves one request whose body is unread. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#serve(request, response).catch((error: unknown) => {
      if (error instanceof BodyCut) return;
      const known =
        error instanceof ClientError ? error : new ClientError(500, 'api_error', 'The call failed.');
      refuse(request, response, 'anthropic', known);
    });
  }

  /** Somebody wants to hear what is published. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  publishSnapshot(snapshot: RouterSnapshot): void {
    const frame = sse('snapshot', snapshot);
    for (const [response, state] of this.#followers) {
      if (response.writableNeedDrain) state.behind = true;
      else response.write(frame);
    }
  }

  publishExchange(exchange: ExchangeRecord): void {
    const frame = sse('exchange', exchange);
    for (const response of this.#followers.keys()) {
      if (!response.writableNeedDrain) response.write(frame);
    }
  }

  /** Tells the followers that the leader goes: the end of their stream is the signal to take over. */
  close(): void {
    for (const response of this.#followers.keys()) response.end();
    this.#followers.clear();
  }

  /** Without anything new, silence would look like a router that hangs. */
  #beat(): void {
    this.#cancelBeat = undefined;
    if (this.#followers.size === 0) return;
    for (const response of this.#followers.keys())
      if (!response.writableNeedDrain) response.write(': beat\n\n');
    this.#cancelBeat = this.#options.clock.after(beatInterval, () => this.#beat());
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const endpoint = `${request.method} ${url.pathname.slice(controlPrefix.length)}`;
    if (endpoint === 'GET hello') return this.#hello(request, response, url.searchParams.get('nonce'));
    const credential = /^bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!presents(credential === undefined ? [] : [credential], this.#secret))
      throw new ClientError(401, 'authentication_error', 'This API is for Switchyard itself.', {
        'x-should-retry': 'false',
      });
    if (endpoint === 'GET state') {
      await this.#options.ready();
      return answer(response, this.#options.snapshot());
    }
    if (endpoint === 'GET events') return this.#events(response);
    if (endpoint === 'POST call') return this.#call(request, response);
    throw new ClientError(404, 'not_found_error', 'There is no such control endpoint.');
  }

  #hello(request: IncomingMessage, response: ServerResponse, nonce: string | null): void {
    if (!isNonce(nonce)) throw new ClientError(400, 'invalid_request_error', 'nonce: 32 to 128 hex digits.');
    const port = request.socket.localPort ?? 0;
    answer(response, {
      product: 'switchyard',
      version: this.#options.version,
      pid: process.pid,
      proof: prove(this.#options.secret, port, nonce),
    });
  }

  async #events(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    await this.#options.ready();
    if (response.destroyed) return;
    const state = { behind: false };
    this.#followers.set(response, state);
    this.#cancelBeat ??= this.#options.clock.after(beatInterval, () => this.#beat());
    response.on('close', () => this.#followers.delete(response));
    response.on('drain', () => {
      if (!state.behind) return;
      state.behind = false;
      response.write(sse('snapshot', this.#options.snapshot()));
    });
    response.write(sse('snapshot', this.#options.snapshot()));
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, bodyLimit);
    const { call, params } = parseCall(body);
    try {
      answer(response, { ok: true, value: await this.#options.call(call, params) });
    } catch (error) {
      answer(response, { ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }
}

function parseCall(body: Uint8Array): { call: string; params: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    if (typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'string')
      return { call: value.call, params: 'params' in value ? value.params : {} };
  } catch {
    // Answered below.
  }
  throw new ClientError(400, 'invalid_request_error', 'The body must be {"call": …, "params": …}.');
}

function answer(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

function sse(event: string, value: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
}
