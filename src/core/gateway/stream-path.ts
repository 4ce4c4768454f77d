// The way of one stream from upstream bytes to client bytes, cut into pieces that say what they are. Two ways:
// relayed as received (same dialect) or decoded to the hub and encoded for the client.
import type { StreamDecoder, StreamEncoder } from '../dialects/dialect.ts';
import { frameKindOf } from '../dialects/frame-kind.ts';
import type { HubEvent } from '../dialects/hub.ts';
import type { PeekedFrame, StreamPeek } from '../dialects/relay.ts';
import { usageOf } from '../dialects/usage.ts';
import { joinBytes } from '../json/bytes.ts';
import { parseJson } from '../json/values.ts';
import type { SseEvent } from '../sse/event.ts';
import { ReceivedEvent } from '../sse/received-event.ts';
import { SseSplitter } from '../sse/splitter.ts';

const emptyLine = new TextEncoder().encode('\n\n');

/** A piece of a stream on its way to the client. */
export interface Piece extends Omit<PeekedFrame, 'bytes'> {
  /** May be empty. */
  bytes: Uint8Array | string;
}

export interface StreamPath {
  push(chunk: Uint8Array): Piece[];
  /** The upstream's body ended; a cut answer yields an error piece. */
  end(): Piece[];
  /** The answer's last event has passed: whatever the connection does now, nothing is missing. */
  readonly complete: boolean;
}

/** The same dialect on both sides: bytes pass. */
export class RelayPath implements StreamPath {
  readonly #splitter = new SseSplitter();
  readonly #peek: StreamPeek;

  constructor(peek: StreamPeek) {
    this.#peek = peek;
  }

  get complete(): boolean {
    return this.#peek.complete;
  }

  push(chunk: Uint8Array): Piece[] {
    return this.#splitter.push(chunk).map((event) => this.#peek.push(event));
  }

  end(): Piece[] {
    const pieces: Piece[] = this.#splitter
      .end()
      .filter(isWhole)
      .map((event) => this.#peek.push(closed(event)));
    return pieces.some((piece) => piece.error) ? pieces : [...pieces, ...this.#peek.end()];
  }
}

/** Clients wait for the empty line, and what comes behind must not be read as a part of the event. */
function closed({ raw }: SseEvent): SseEvent {
  return new ReceivedEvent(joinBytes([raw, emptyLine]));
}

/** Cut in its middle an event says nothing. What is no event is the peek's business. */
function isWhole({ event, data }: SseEvent): boolean {
  return event === 'error' || data === '' || data.trim() === '[DONE]' || parseJson(data) !== undefined;
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
