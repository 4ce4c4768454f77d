// The way of one stream from upstream bytes to client bytes, cut into pieces that say what they are. Two ways:
// relayed as received (same dialect) or decoded to the hub and encoded for the client.
import { AnthropicStreamPeek } from '../dialects/anthropic/pass-through.ts';
import type { StreamDecoder, StreamEncoder } from '../dialects/dialect.ts';
import { type FrameKind, frameKindOf } from '../dialects/frame-kind.ts';
import type { HubEvent } from '../dialects/hub.ts';
import { usageOf } from '../dialects/usage.ts';
import { SseSplitter } from '../sse/splitter.ts';
import type { TokenUsage } from './exchange.ts';

export interface Piece {
  /** For the client; may be empty. */
  bytes: Uint8Array | string;
  kind: FrameKind;
  usage?: Partial<TokenUsage>;
  error?: { type: string; message: string; status?: number };
}

export interface StreamPath {
  push(chunk: Uint8Array): Piece[];
  /** The upstream's body ended; a cut answer yields an error piece. */
  end(): Piece[];
  /** The answer's last event has passed: whatever the connection does now, nothing is missing. */
  readonly complete: boolean;
}

/** Anthropic → Anthropic: bytes pass, only the model in `message_start` is put back. */
export class RelayPath implements StreamPath {
  readonly #splitter = new SseSplitter();
  readonly #peek: AnthropicStreamPeek;

  constructor(replaceModel: string | undefined) {
    this.#peek = new AnthropicStreamPeek(replaceModel === undefined ? {} : { replaceModel });
  }

  get complete(): boolean {
    return this.#peek.complete;
  }

  push(chunk: Uint8Array): Piece[] {
    return this.#read(this.#splitter.push(chunk));
  }

  end(): Piece[] {
    const pieces = this.#read(this.#splitter.end());
    if (!this.complete && !pieces.some((piece) => piece.kind === 'error'))
      pieces.push({
        bytes: '',
        kind: 'error',
        error: { type: 'api_error', message: 'the answer was cut off before its end' },
      });
    return pieces;
  }

  #read(events: ReturnType<SseSplitter['push']>): Piece[] {
    const pieces: Piece[] = [];
    for (const event of events) {
      const { bytes, kind, usage, error } = this.#peek.push(event);
      const piece: Piece = { bytes, kind };
      if (usage) piece.usage = usage;
      if (error) piece.error = error;
      pieces.push(piece);
    }
    return pieces;
  }
}

/** Any upstream dialect → hub → the client's dialect. */
export class ConvertedPath implements StreamPath {
  readonly #splitter = new SseSplitter();
  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder;
  #complete = false;

  constructor(decoder: StreamDecoder, encoder: StreamEncoder) {
    this.#decoder = decoder;
    this.#encoder = encoder;
  }

  get complete(): boolean {
    return this.#complete;
  }

  push(chunk: Uint8Array): Piece[] {
    return this.#splitter.push(chunk).flatMap((event) => this.#encode(this.#decoder.push(event)));
  }

  end(): Piece[] {
    const last = this.#splitter.end().flatMap((event) => this.#decoder.push(event));
    return this.#encode([...last, ...this.#decoder.end()]);
  }

  #encode(events: HubEvent[]): Piece[] {
    if (events.at(-1)?.type === 'message_stop') this.#complete = true;
    return encodePieces(events, this.#encoder);
  }
}

/** Hub events in the client's dialect, one piece each. */
export function encodePieces(events: HubEvent[], encoder: StreamEncoder): Piece[] {
  return events.map((event) => {
    const piece: Piece = { bytes: encoder.push(event), kind: frameKindOf(event) };
    const usage = usageOf(event);
    if (usage) piece.usage = usage;
    if (event.type === 'error') {
      piece.error = { ...event.error };
      if (event.status !== undefined) piece.error.status = event.status;
    }
    return piece;
  });
}
