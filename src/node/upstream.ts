// Calls to providers over the network, by undici. Pools of our own: nothing is shared with the editor or with `fetch`.
import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { Transport, UpstreamRequest, UpstreamResponse } from '../core/gateway/transport.ts';
import type { Log } from '../core/log.ts';
import { sendable } from './body-pieces.ts';
import { loadCertificates } from './certificates.ts';
import { decompressed, decompressorFor } from './decompress.ts';
import { DispatchedCall } from './dispatched-call.ts';
import type { ProxySettings } from './host-link.ts';
import { chooseProxy } from './proxy.ts';
import { upstreamFailure } from './upstream-failure.ts';

export interface UpstreamOptions {
  env: Record<string, string | undefined>;
  proxy?: ProxySettings;
  log: Log;
}

const noEditor: ProxySettings = { proxy: '', noProxy: [], strictSsl: true };

/** Loaded with the first call: it takes longer to load than the listener needs to start. */
let undici: typeof import('undici') | undefined;

/**
 * The network transport. HTTP/1.1, one request per connection at a time, redirects are answers, undici's own timeouts
 * are off except for connecting. Answers are asked for uncompressed (`accept-encoding: identity`) unless the caller
 * says otherwise: unfolding costs more here than the bytes cost on the way, and some relays hold compressed streams back.
 */
export class NetworkTransport implements Transport {
  readonly #env: Record<string, string | undefined>;
  readonly #log: Log;
  #settings: ProxySettings;
  #dispatchers = new Map<string, Dispatcher>();
  #certificates: SecureContext | undefined;

  constructor(options: UpstreamOptions) {
    this.#env = options.env;
    this.#log = options.log;
    this.#settings = options.proxy ?? noEditor;
  }

  /** New proxy settings of the editor; running calls keep their connection. */
  setProxy(settings: ProxySettings): void {
    this.#settings = settings;
    const old = this.#dispatchers;
    this.#dispatchers = new Map();
    for (const dispatcher of old.values()) void dispatcher.close();
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    const old = this.#dispatchers;
    this.#dispatchers = new Map();
    await Promise.all([...old.values()].map((dispatcher) => dispatcher.destroy()));
  }

  async send(request: UpstreamRequest): Promise<UpstreamResponse> {
    const url = new URL(request.url);
    // The answer's reader holds what `explain` holds: not the request.
    const { signal } = request;
    const { host } = url;
    try {
      undici ??= await import('undici');
      const dispatcher = this.#dispatcher(undici, url, request);
      const explain = (error: unknown) => upstreamFailure(error, host, 'body', signal);
      const content = request.body && sendable(request.body);
      const call = new DispatchedCall(signal, explain);
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: { 'accept-encoding': 'identity', ...request.headers, ...content?.headers },
          body: content?.body ?? null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        call,
      );
      const { status, headers: received } = await call.head;
      const headers = flatten(received);
      const unfold = decompressorFor(headers['content-encoding']);
      if (!unfold) return { status, headers, body: call };
      delete headers['content-encoding'];
      delete headers['content-length'];
      return { status, headers, body: explained(decompressed(Readable.from(call), unfold), explain) };
    } catch (error) {
      throw upstreamFailure(error, host, 'head', signal);
    }
  }

  #dispatcher(lib: typeof import('undici'), url: URL, request: UpstreamRequest): Dispatcher {
    const proxy = chooseProxy(url, request.proxy, { editor: this.#settings, env: this.#env });
    const secure = url.protocol === 'https:' || (proxy !== undefined && !proxy.startsWith('http:'));
    const key = `${proxy ?? 'direct'} ${request.connectTimeout} ${secure}`;
    const known = this.#dispatchers.get(key);
    if (known) return known;
    const timeout = request.connectTimeout * 1000;
    const tls = {
      rejectUnauthorized: this.#settings.strictSsl,
      ...(secure ? { secureContext: this.#secureContext() } : {}),
    };
    const common = { allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
    const dispatcher = proxy
      ? new lib.ProxyAgent({
          uri: proxy,
          ...common,
          connectTimeout: timeout,
          requestTls: { ...tls, timeout },
          proxyTls: { ...tls, timeout },
        })
      : new lib.Agent({ ...common, connect: { ...tls, timeout } });
    this.#dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  #secureContext(): SecureContext {
    this.#certificates ??= loadCertificates(this.#log);
    return this.#certificates;
  }
}

/** The body with its errors in words. */
async function* explained(body: Readable, explain: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw explain(error);
  } finally {
    body.destroy();
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
