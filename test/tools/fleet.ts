// Upstreams on loopback sockets that answer by script, in front of a gateway whose clock is moved by hand: a deadline is
// reached only when the network is still.
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { RouterConfig } from '../../src/core/config/router-config.ts';
import { Gateway } from '../../src/core/gateway/gateway.ts';
import type { Transport, UpstreamRequest, UpstreamResponse } from '../../src/core/gateway/transport.ts';
import { NetworkTransport } from '../../src/node/upstream.ts';
import { frames, type Recorded, startRequest, wholeStream } from './gateway-harness.ts';
import { fixedRandom, ManualClock } from './manual-clock.ts';

/** How an upstream answers: a status with what it sends, or one of the ways to fail without one. */
export interface Scripted {
  /** A number, or a word of `ways`. */
  status: string;
  headers?: Record<string, string>;
  body?: string;
}

type Way = (response: ServerResponse, body: string) => void;

const start = (response: ServerResponse, type = 'text/event-stream') =>
  response.writeHead(200, { 'content-type': type });
const begun = frames.start() + frames.blockStart + frames.text('hello');

const ways: Record<string, Way> = {
  reset: (response) => response.destroy(),
  '200': (response) => start(response).end(wholeStream('hello')),
  '200, silent': (response) => start(response).flushHeaders(),
  '200, empty': (response) => start(response).end(),
  '200, web page': (response) => start(response, 'text/html').end('<!DOCTYPE html><title>Sign in</title>'),
  '200, cut': (response) => start(response).end(frames.start()),
  '200, error event': (response, body) => start(response).end(`event: error\ndata: ${body}\n\n`),
  '200, broken off': (response) => start(response).write(begun, () => response.destroy()),
  '200, stalled': (response) => start(response).write(begun),
};

/** A port where nothing listens: the discard service is never there. */
const deadUrl = 'http://127.0.0.1:9';

export class Fleet {
  readonly clock = new ManualClock(Date.parse('2026-03-01T12:00:00Z'));
  readonly gateway: Gateway;
  /** Who was asked, and when: seconds from the beginning. */
  readonly asked: { provider: string; after: number }[] = [];
  /** Nothing listens there at this call; asked after the call was noted. */
  refuses: (provider: string) => boolean = () => false;
  readonly #network = new NetworkTransport({ env: {}, log() {} });
  readonly #addresses = new Map<string, string>();
  readonly #start = this.clock.now();
  #underWay = 0;

  constructor(config: RouterConfig) {
    const transport: Transport = { send: (request) => this.#send(request) };
    this.gateway = new Gateway({
      transport,
      clock: this.clock,
      random: fixedRandom(),
      log() {},
      version: '0.0.0',
      readKey: () => 'key',
      onExchange() {},
      onChange() {},
    });
    this.gateway.applyConfig(config);
  }

  /** `http://NAME.test` is answered by `script`; gone after the test. */
  async add(t: TestContext, name: string, script: () => Scripted): Promise<void> {
    const server: Server = createServer((request, response) => {
      request.resume().on('end', () => answer(response, script()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#addresses.set(`${name}.test`, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    t.after(async () => {
      await this.#network.close();
      server.closeAllConnections();
      server.close();
    });
  }

  /**
   * Sends one request and lets it come to its end. Time stands still while an upstream is at work; `silence` lets
   * seconds pass once the client has got `after`.
   */
  async ask(body: object, silence?: { seconds: number; after: string }): Promise<Recorded> {
    const asked = this.asked.length;
    const { recorded, done } = startRequest(this.gateway, body);
    let finished = false;
    void done.then(() => {
      finished = true;
    });
    for (let turn = 0; !finished; turn++) {
      if (turn > 10_000) throw new Error('the request does not come to an end');
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (finished) break;
      const [next] = this.clock.waiting;
      if (this.#underWay === 0 && next !== undefined) await this.clock.advance(next);
      else if (silence && turn % 20 === 0 && this.asked.length === asked + 1) {
        // Of the first upstream only: the next one is about to answer.
        if (recorded.body.includes(silence.after)) await this.clock.advance(silence.seconds * 1000);
      }
    }
    await done;
    return recorded;
  }

  async #send(request: UpstreamRequest): Promise<UpstreamResponse> {
    const url = new URL(request.url);
    const provider = url.hostname.replace('.test', '');
    this.asked.push({ provider, after: (this.clock.now() - this.#start) / 1000 });
    const address = this.refuses(provider) ? deadUrl : (this.#addresses.get(url.hostname) ?? deadUrl);
    this.#underWay++;
    try {
      const response = await this.#network.send({ ...request, url: `${address}${url.pathname}` });
      return { ...response, body: this.#watched(response.body) };
    } catch (error) {
      this.#underWay--;
      throw error;
    }
  }

  async *#watched(body: UpstreamResponse['body']): UpstreamResponse['body'] {
    try {
      yield* body;
    } finally {
      this.#underWay--;
    }
  }
}

function answer(response: ServerResponse, { status, headers = {}, body = '' }: Scripted): void {
  const way = ways[status];
  if (way) way(response, body);
  else response.writeHead(Number(status), { 'content-type': 'application/json', ...headers }).end(body);
}
