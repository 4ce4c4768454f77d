// A whole router on real sockets, with a home folder of its own, for one test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ExchangeRecord } from '../../src/core/gateway/exchange.ts';
import type { RouterSnapshot } from '../../src/core/snapshot.ts';
import { Router, type RouterInit } from '../../src/node/router.ts';

export interface TestRouterOptions extends Omit<Partial<RouterInit>, 'port'> {
  /** Default 0; `undefined` given on purpose: the router finds its port as in a window. */
  port?: number | undefined;
  /** Text of the configuration file. */
  config?: string;
}

/** A folder that is gone after the test. */
export function temporaryFolder(t: TestContext, name = 'home'): string {
  const folder = mkdtempSync(join(tmpdir(), `switchyard-${name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A router that is started and knows its configuration; it stops after the test. */
export async function startTestRouter(t: TestContext, options: TestRouterOptions = {}): Promise<TestRouter> {
  const router = createTestRouter(t, options);
  await router.start();
  return router;
}

export function createTestRouter(t: TestContext, options: TestRouterOptions = {}): TestRouter {
  const { config, ...init } = options;
  const home = init.home ?? temporaryFolder(t);
  const configFile = init.configFile ?? join(home, 'config.yaml');
  if (config !== undefined) writeFileSync(configFile, config);
  const { port, ...rest } = { port: 0, ...init };
  const router = new TestRouter({
    version: '0.0.0-test',
    env: {},
    secrets: {},
    ...rest,
    home,
    configFile,
    ...(port === undefined ? {} : { port }),
  });
  t.after(() => router.stop());
  return router;
}

export class TestRouter {
  readonly init: RouterInit;
  readonly router: Router;
  readonly log: string[] = [];
  readonly snapshots: RouterSnapshot[] = [];
  readonly exchanges: ExchangeRecord[] = [];
  token = '';
  port = 0;
  #waiters: (() => void)[] = [];

  constructor(init: RouterInit) {
    this.init = init;
    this.router = new Router(init, {
      snapshot: (snapshot) => this.#told(this.snapshots, snapshot),
      exchange: (exchange) => this.#told(this.exchanges, structuredClone(exchange)),
      token: (token) => {
        this.token = token;
      },
      log: (level, message) => this.#told(this.log, `${level} ${message}`),
    });
  }

  async start(): Promise<void> {
    const claim = await this.router.start();
    this.port = claim.port;
    await this.router.ready();
  }

  async stop(): Promise<void> {
    await this.router.stop(0);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves as soon as `condition` holds; looks again after every snapshot, exchange and log line. */
  async until<T>(condition: () => T | undefined | false): Promise<T> {
    for (;;) {
      const value = condition();
      if (value) return value;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** The first snapshot that fits, among those to come and the last one. */
  snapshot(fits: (snapshot: RouterSnapshot) => boolean): Promise<RouterSnapshot> {
    return this.until(() => {
      const last = this.snapshots.at(-1);
      return last && fits(last) ? last : undefined;
    });
  }

  /** A request with the token; a body makes it a POST. */
  fetch(
    path: string,
    body?: unknown,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return fetch(this.url + path, {
      ...(body === undefined
        ? {}
        : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...init,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...init.headers },
    });
  }

  #told<T>(list: T[], item: T): void {
    list.push(item);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

/** An HTTP server of the test's own; resolves to its URL. It is closed after the test. */
export async function serveForTest(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A whole answer in Anthropic's dialect. */
export function wholeAnswer(text: string, model = 'm'): string {
  return JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Sends bytes as they stand and resolves with all that comes back until the server closes (or `enough` is there). */
export function exchangeBytes(
  port: number,
  bytes: string | Buffer,
  options: { host?: string; halfClose?: boolean; enough?: (text: string) => boolean } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, options.host ?? '127.0.0.1', () => {
      socket.write(bytes);
      if (options.halfClose) socket.end();
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
      if (options.enough?.(text)) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? undefined : reject(error),
    );
    socket.on('close', () => resolve(text));
  });
}

/** A Messages request of the smallest kind. */
export function messagesBody(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'claude-switchyard/auto',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hi' }],
    ...more,
  };
}
