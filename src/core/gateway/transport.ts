// How the core reaches an upstream. `src/node/upstream.ts` does it over the network, `core/demo` in process.

export interface UpstreamRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  /** Pieces that follow each other. */
  body?: readonly Uint8Array[];
  /** Proxy URL, `direct`, or undefined for the environment's own. */
  proxy?: string;
  /** Seconds until the connection must stand. */
  connectTimeout: number;
  signal: AbortSignal;
}

export interface UpstreamResponse {
  status: number;
  /** Lower-case names; several values joined by ", ". */
  headers: Record<string, string>;
  /** Bytes as they arrive, already decompressed. Leaving the loop early closes the connection. */
  body: AsyncIterable<Uint8Array>;
}

/** Throws `UpstreamFailure` (connect, reset) when no answer came; redirects are answers, never followed. */
export interface Transport {
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
}
