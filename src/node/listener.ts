// The HTTP front: loopback sockets, the checks that every request must pass, and nothing about models.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ClientError } from '../core/client-error.ts';
import type { DialectId } from '../core/dialects/dialect.ts';
import type { ClientRequest, ClientResponse } from '../core/gateway/client.ts';
import { isGoogleClient, matchEndpoint } from '../core/http/endpoints.ts';
import type { Log } from '../core/log.ts';
import { NodeClientResponse } from './client-response.ts';
import { isAllowedOrigin, isLoopbackHost, presentedTokens } from './loopback.ts';
import { isCode } from './private-files.ts';
import { RefusalLog } from './refusal-log.ts';
import { refuse, refuseSocket } from './refuse.ts';
import { BodyCut, declaresTooMuch, readBody, tooLarge } from './request-body.ts';

/** Bytes, milliseconds and counts. */
export interface ListenerLimits {
  body: number;
  /** Of requests that need no token. */
  publicBody: number;
  headerTimeout: number;
  /** For the whole request, its body included. */
  requestTimeout: number;
  connections: number;
}

export const defaultLimits: ListenerLimits = {
  body: 64 * 1024 * 1024,
  publicBody: 64 * 1024,
  headerTimeout: 20_000,
  requestTimeout: 120_000,
  connections: 1024,
};

/** Longer than the 60 s after which common clients drop idle connections themselves. */
const keepAliveTimeout = 75_000;
const headerBytes = 64 * 1024;
export const controlPrefix = '/_switchyard/';

export interface ListenerOptions {
  /** One of the credentials is the main token. */
  isToken(credentials: readonly string[]): boolean;
  /** Ends the sentence of a 401: where the right token is found. */
  tokenPlace: string;
  /** The name of the client that has one of these credentials as its own token; the main token is not its business. */
  findClient?(credentials: readonly string[]): Promise<string | undefined>;
  /** Takes requests that have passed every check. Never rejects. */
  handle(request: ClientRequest, response: ClientResponse): Promise<void>;
  /** Takes requests below `/_switchyard/`, which have a credential of their own; their body is unread. */
  control(request: IncomingMessage, response: ServerResponse): void;
  log: Log;
  limits?: Partial<ListenerLimits>;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #limits: ListenerLimits;
  readonly #refusals: RefusalLog;
  readonly #open = new Set<ServerResponse>();
  readonly #answering = new WeakMap<Duplex, ServerResponse>();
  #servers: Server[] = [];
  #closing = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#refusals = new RefusalLog(options.log, () => performance.now());
  }

  /**
   * Listens on 127.0.0.1 and, where there is one, on ::1; 0 picks a free port. Resolves to the port.
   * @throws an error with code EADDRINUSE when the port is taken; with `strict` also when only ::1 is.
   */
  async listen(port: number, strict = port === 0): Promise<number> {
    const first = this.#createServer();
    await bind(first, port, '127.0.0.1');
    const bound = (first.address() as AddressInfo).port;
    const second = this.#createServer();
    try {
      await bind(second, bound, '::1');
      this.#servers = [first, second];
    } catch (error) {
      this.#servers = [first];
      if (isCode(error, 'EADDRINUSE')) {
        if (strict) {
          this.#servers = [];
          await new Promise((resolve) => first.close(resolve));
          if (port === 0) return this.listen(0);
          throw error;
        }
        this.#options.log('warn', `Port ${bound} of ::1 is taken by another program; use 127.0.0.1.`);
      }
    }
    return bound;
  }

  /** Stops accepting; open answers get `grace` milliseconds to finish. */
  async close(grace: number): Promise<void> {
    this.#closing = true;
    const servers = this.#servers;
    this.#servers = [];
    const closed = Promise.all(
      servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
    const cut = (): void => {
      for (const server of servers) server.closeAllConnections();
    };
    if (grace <= 0 || this.#open.size === 0) cut();
    else if (Number.isFinite(grace)) {
      const timer = setTimeout(cut, grace);
      void closed.then(() => clearTimeout(timer));
    }
    for (const response of this.#open)
      response.once('close', () => servers.forEach((server) => void server.closeIdleConnections()));
    await closed;
  }

  #createServer(): Server {
    const server = createServer(
      {
        maxHeaderSize: headerBytes,
        headersTimeout: this.#limits.headerTimeout,
        requestTimeout: this.#limits.requestTimeout,
        connectionsCheckingInterval: Math.min(5000, this.#limits.headerTimeout / 4),
        keepAliveTimeout,
        insecureHTTPParser: false,
      },
      (request, response) => this.#serve(request, response),
    );
    server.maxConnections = this.#limits.connections;
    // Node's own header timeout begins with the first byte: connections that say nothing would be kept for ever. Half a
    // request comes under that one, which has an answer for it.
    server.on('connection', (socket: Socket) => socket.setTimeout(2 * this.#limits.headerTimeout));
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      this.#serve(request, response),
    );
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
      refuseSocket(error, socket, this.#answering.get(socket)?.headersSent ?? false),
    );
    server.on('drop', () => this.#refusals.add('too many open connections; one was turned away'));
    return server;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    request.socket.setTimeout(0);
    this.#open.add(response);
    this.#answering.set(request.socket, response);
    if (this.#closing) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.#open.delete(response);
      if (this.#answering.get(request.socket) === response) this.#answering.delete(request.socket);
    });
    // Errors of the socket show as `close`; without a listener they would be thrown.
    request.on('error', () => {});
    response.on('error', () => {});
    let dialect: DialectId = 'anthropic';
    const fail = (error: unknown): void => {
      if (error instanceof BodyCut) return;
      if (error instanceof ClientError) {
        const { method, url } = request;
        this.#refusals.add(`refused ${method} ${shownPath(url)}: ${error.status} ${error.message}`);
        refuse(request, response, dialect, error);
      } else {
        this.#options.log('error', `the listener failed: ${String(error)}`);
        refuse(
          request,
          response,
          dialect,
          new ClientError(500, 'api_error', 'Switchyard failed internally.'),
        );
      }
    };
    try {
      const target = splitTarget(request);
      const google = isGoogleClient({ headers: request.headers, query: target.query });
      const endpoint = matchEndpoint(request.method ?? '', target.path, google);
      dialect = endpoint.dialect;
      checkCaller(request);
      if (target.path.startsWith(controlPrefix)) {
        if (request.headers.expect) response.writeContinue();
        this.#options.control(request, response);
        return;
      }
      const headers = flatten(request);
      const limit = endpoint.public ? this.#limits.publicBody : this.#limits.body;
      const begin = (clientName?: string): void => {
        if (declaresTooMuch(request, limit)) throw tooLarge(limit);
        if (request.headers.expect) response.writeContinue();
        void this.#handle(request, response, { ...target, headers, limit, clientName }).catch(fail);
      };
      const credentials = presentedTokens(headers, target.query);
      if (endpoint.public || this.#options.isToken(credentials)) begin();
      else void this.#identify(credentials).then(begin).catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    parts: {
      path: string;
      query: URLSearchParams;
      headers: Record<string, string>;
      limit: number;
      clientName: string | undefined;
    },
  ): Promise<void> {
    const { path, query, headers, limit, clientName } = parts;
    // It may have gone while it was looked for its name.
    if (request.destroyed) throw new BodyCut();
    const body = await readBody(request, limit);
    delete headers['content-encoding'];
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    if (response.destroyed) return;
    const method = request.method ?? 'GET';
    // Not awaited: that would hold the body for as long as the answer streams.
    return this.#options.handle(
      {
        method,
        path,
        query,
        headers,
        ...(clientName !== undefined && { clientName }),
        body,
        signal: gone.signal,
      },
      new NodeClientResponse(response),
    );
  }

  /** The name of the client behind credentials that do not hold the main token. */
  async #identify(credentials: readonly string[]): Promise<string> {
    const name = credentials.length === 0 ? undefined : await this.#options.findClient?.(credentials);
    if (name !== undefined) return name;
    const what =
      credentials.length === 0 ? 'This request carries no token' : 'This is not the token of Switchyard';
    // Claude Code would try a 401 eleven times in three minutes unless told not to.
    throw new ClientError(401, 'authentication_error', `${what}. ${this.#options.tokenPlace}`, {
      'x-should-retry': 'false',
    });
  }
}

function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true, ipv6Only: host === '::1' }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Splits by hand: `new URL` would take the start of `//v1/messages` for a host. */
function splitTarget(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const url = request.url ?? '';
  if (!url.startsWith('/'))
    throw new ClientError(400, 'invalid_request_error', 'Switchyard is no forward proxy: send a path.');
  const mark = url.indexOf('?');
  return mark === -1
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

/** Host, Origin and protocol: what keeps web pages and other machines out. */
function checkCaller(request: IncomingMessage): void {
  if (countHeader(request, 'host') !== 1 || !isLoopbackHost(request.headers.host))
    throw new ClientError(
      403,
      'permission_error',
      'Switchyard answers only to localhost, 127.0.0.1 and [::1] (Host header).',
    );
  if (!isAllowedOrigin(request.headers.origin))
    throw new ClientError(403, 'permission_error', 'Web pages may not use Switchyard (Origin header).');
  if (/\bwebsocket\b/i.test(request.headers.upgrade ?? ''))
    throw new ClientError(426, 'invalid_request_error', 'Switchyard speaks no WebSocket; use plain HTTP.', {
      // What follows on such a connection is not read as HTTP any more.
      connection: 'Upgrade, close',
      upgrade: 'HTTP/1.1',
    });
}

/** How often a header came. `headersDistinct` tells it too, but builds a list for every header of the request. */
function countHeader({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === name.length && rawHeaders[at]?.toLowerCase() === name) count++;
  return count;
}

/** A client's path, fit for a line of the log: without its query, which may hold a token. */
function shownPath(url = ''): string {
  return JSON.stringify(url.split('?', 1)[0]?.slice(0, 100)).slice(1, -1);
}

/** Header values as single strings, names in lower case as node gives them. */
function flatten(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
