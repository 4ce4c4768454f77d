// The gateway without sockets: scripted upstream answers, a manual clock, and a client response that records.

import type { RouterConfig } from '../../src/core/config/router-config.ts';
import type { ClientRequest, ClientResponse } from '../../src/core/gateway/client.ts';
import type { ExchangeRecord } from '../../src/core/gateway/exchange.ts';
import { Gateway, type GatewayDeps } from '../../src/core/gateway/gateway.ts';
import type { Transport, UpstreamRequest, UpstreamResponse } from '../../src/core/gateway/transport.ts';
import { fixedRandom, ManualClock } from './manual-clock.ts';

export type UpstreamScript = (request: UpstreamRequest) => UpstreamResponse | Promise<UpstreamResponse>;

/** A streamed question of the smallest kind. */
export const ask = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  stream: true,
  messages: [{ role: 'user', content: 'hi' }],
};

/** Which provider was called: `config-builder.ts` puts each at `http://NAME.test`. */
export function from(request: UpstreamRequest): string {
  return new URL(request.url).hostname.replace('.test', '');
}

export interface Recorded {
  status: number;
  headers: Record<string, string>;
  body: string;
  ended: boolean;
}

export function createHarness(
  config: RouterConfig,
  upstream: UpstreamScript,
  more: Partial<GatewayDeps> = {},
) {
  const clock = new ManualClock();
  const sent: UpstreamRequest[] = [];
  const logs: string[] = [];
  const exchanges: ExchangeRecord[] = [];
  const transport: Transport = {
    async send(request) {
      sent.push(request);
      return upstream(request);
    },
  };
  const gateway = new Gateway({
    transport,
    clock,
    random: fixedRandom(),
    log: (level, message) => logs.push(`${level} ${message}`),
    version: '0.0.0',
    readKey: (reference) => `value-of-${reference}`,
    onExchange: (record) => exchanges.push(structuredClone(record)),
    onChange() {},
    ...more,
  });
  gateway.applyConfig(config);
  return { gateway, clock, sent, logs, exchanges };
}

/** Starts a request; `done` resolves when the gateway is finished with it. */
export function startRequest(
  gateway: Gateway,
  body: unknown,
  options: {
    path?: string;
    /** Without the question mark. */
    query?: string;
    method?: string;
    headers?: Record<string, string>;
    /** The client reads slowly: every write is followed by a wait for this. */
    drained?: () => Promise<void>;
  } = {},
) {
  const abort = new AbortController();
  const recorded: Recorded = { status: 0, headers: {}, body: '', ended: false };
  const decoder = new TextDecoder();
  const text = (chunk: Uint8Array | string) => (typeof chunk === 'string' ? chunk : decoder.decode(chunk));
  const request: ClientRequest = {
    method: options.method ?? 'POST',
    path: options.path ?? '/v1/messages',
    query: new URLSearchParams(options.query),
    headers: { 'content-type': 'application/json', ...options.headers },
    body:
      typeof body === 'string'
        ? new TextEncoder().encode(body)
        : new TextEncoder().encode(JSON.stringify(body)),
    signal: abort.signal,
  };
  const response: ClientResponse = {
    get headSent() {
      return recorded.status !== 0;
    },
    writeHead(status, headers) {
      Object.assign(recorded, { status, headers });
    },
    write(chunk) {
      recorded.body += text(chunk);
      return options.drained === undefined;
    },
    drained: options.drained ?? (() => Promise.resolve()),
    end(chunk) {
      if (chunk !== undefined) recorded.body += text(chunk);
      recorded.ended = true;
    },
  };
  return { recorded, done: gateway.handle(request, response), leave: () => abort.abort() };
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): UpstreamResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: chunksOf(JSON.stringify(body)),
  };
}

export function streamAnswer(...parts: (string | Promise<string>)[]): UpstreamResponse {
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: chunksOf(...parts) };
}

async function* chunksOf(...parts: (string | Promise<string>)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield new TextEncoder().encode(await part);
}

/** One SSE frame of the Messages format. */
export function frame(event: { type: string } & Record<string, unknown>): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

export const frames = {
  start: (model = 'm') =>
    frame({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 12, output_tokens: 1 },
      },
    }),
  blockStart: frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  text: (text: string) =>
    frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  blockStop: frame({ type: 'content_block_stop', index: 0 }),
  end:
    frame({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 7 },
    }) + frame({ type: 'message_stop' }),
  ping: frame({ type: 'ping' }),
  error: (type: string, message: string) => frame({ type: 'error', error: { type, message } }),
};

/** A whole streamed answer. */
export function wholeStream(text: string, model = 'm'): string {
  return frames.start(model) + frames.blockStart + frames.text(text) + frames.blockStop + frames.end;
}
