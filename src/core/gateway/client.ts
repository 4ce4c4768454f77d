// The client's side of an exchange, free of sockets.

export interface ClientRequest {
  method: string;
  /** Path without query, as sent. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Which of the configured clients sent it; undefined for the main token. */
  clientName?: string;
  /** The whole body; read once. */
  body: Uint8Array;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** Where the answer goes. Nothing is sent before `writeHead`. */
export interface ClientResponse {
  readonly headSent: boolean;
  writeHead(status: number, headers: Record<string, string>): void;
  /** False when the caller should await `drained()` before writing more. */
  write(chunk: Uint8Array | string): boolean;
  drained(): Promise<void>;
  end(chunk?: Uint8Array | string): void;
}
