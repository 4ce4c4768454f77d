// Cuts a byte stream into server-sent events without copying more than it must and without ever cutting a character.
// Rules: WHATWG HTML, section "Server-sent events" (line ends CR, LF, CRLF; BOM; comments; several data lines).
import { UpstreamFailure } from '../failure.ts';
import { badStream } from '../resilience/classify.ts';
import type { SseEvent } from './event.ts';
import { ReceivedEvent } from './received-event.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** A whole answer with pictures in it may be one event. Nothing of an event reaches the client before its end. */
const largestEvent = 16 * 1024 * 1024;

/**
 * One splitter per stream. Every byte comes out again in some event's `raw`, in order. A LF that arrives after the CR
 * which completed an event (CRLF cut in two) opens the next event's `raw`.
 */
export class SseSplitter {
  readonly #limit: number;
  /** Chunks of the event that is not complete yet. */
  #parts: Uint8Array[] = [];
  #size = 0;
  /** The current line has no byte yet. */
  #lineEmpty = true;
  /** The last byte was a CR: a LF now belongs to the same line end. */
  #afterReturn = false;
  /** The current event has more than line ends. */
  #filled = false;
  /** The last event was an empty line alone. */
  #afterBlank = false;

  /** @param limit largest size of one event in bytes */
  constructor(limit = largestEvent) {
    this.#limit = limit;
  }

  /** Throws `UpstreamFailure` (bad-stream) when an event grows beyond the limit. */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed && this.#afterReturn) {
        this.#afterReturn = false;
        continue;
      }
      this.#afterReturn = byte === carriageReturn;
      if (byte !== lineFeed && byte !== carriageReturn) {
        this.#lineEmpty = false;
        this.#filled = true;
        at = endOfLine(chunk, at) - 1;
        continue;
      }
      if (!this.#lineEmpty) {
        this.#lineEmpty = true;
        continue;
      }
      if (byte === carriageReturn && chunk[at + 1] === lineFeed) {
        this.#afterReturn = false;
        at++;
      }
      // Of empty lines in a row the first is an event, the others open the next one: a megabyte of line ends must not
      // become a million events.
      if (!this.#filled && this.#afterBlank) continue;
      this.#afterBlank = !this.#filled;
      this.#filled = false;
      events.push(this.#complete(chunk.subarray(start, at + 1)));
      start = at + 1;
    }
    if (start < chunk.length) this.#keep(start === 0 ? chunk : chunk.subarray(start));
    return events;
  }

  /** What is left when the stream ends without a last blank line. */
  end(): SseEvent[] {
    if (this.#size === 0) return [];
    return [this.#complete(new Uint8Array(0))];
  }

  #keep(part: Uint8Array): void {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size > this.#limit)
      throw new UpstreamFailure(badStream(`one event of the stream is larger than ${this.#limit} bytes`));
  }

  #complete(last: Uint8Array): SseEvent {
    if (this.#size === 0) return new ReceivedEvent(last);
    this.#keep(last);
    const raw = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      raw.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#size = 0;
    return new ReceivedEvent(raw);
  }
}

/** Offset of the next CR or LF at or after `from`, or the chunk's end. */
function endOfLine(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && chunk[at] !== lineFeed && chunk[at] !== carriageReturn) at++;
  return at;
}
