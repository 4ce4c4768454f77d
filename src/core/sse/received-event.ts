// An event as it came over the wire. Its fields are decoded when somebody asks: a relayed stream asks for few of them.
import type { SseEvent } from './event.ts';

// ignoreBOM: a U+FEFF inside the data belongs to the data. Only the one at the stream's start is no content.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class ReceivedEvent implements SseEvent {
  readonly raw: Uint8Array;
  #event: string | undefined;
  #data: string | undefined;

  constructor(raw: Uint8Array) {
    this.raw = raw;
  }

  get event(): string {
    this.#event ??= lastValue(this.raw, eventField);
    return this.#event;
  }

  get data(): string {
    this.#data ??= joinedValues(this.raw, dataField);
    return this.#data;
  }
}

const eventField = bytesOf('event');
const dataField = bytesOf('data');
const colon = 0x3a;
const byteOrderMark = [0xef, 0xbb, 0xbf];

function bytesOf(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

/** Where the first data line of an event's bytes begins; behind all of them when there is none. */
export function dataStart(raw: Uint8Array): number {
  let at = firstLine(raw);
  while (at < raw.length && !(startsWith(raw, at, dataField) && raw[at + dataField.length] === colon))
    at = nextLine(raw, at);
  return at;
}

function lastValue(raw: Uint8Array, field: readonly number[]): string {
  let value = '';
  for (let at = firstLine(raw); at < raw.length; at = nextLine(raw, at))
    if (startsWith(raw, at, field)) value = valueAt(raw, at + field.length) ?? value;
  return value;
}

function joinedValues(raw: Uint8Array, field: readonly number[]): string {
  let joined: string | undefined;
  for (let at = firstLine(raw); at < raw.length; at = nextLine(raw, at)) {
    const value = startsWith(raw, at, field) ? valueAt(raw, at + field.length) : undefined;
    if (value !== undefined) joined = joined === undefined ? value : `${joined}\n${value}`;
  }
  return joined ?? '';
}

function firstLine(raw: Uint8Array): number {
  return startsWith(raw, 0, byteOrderMark) ? byteOrderMark.length : 0;
}

function startsWith(raw: Uint8Array, at: number, bytes: readonly number[]): boolean {
  for (let index = 0; index < bytes.length; index++) if (raw[at + index] !== bytes[index]) return false;
  return true;
}

/** The value behind the field's name; undefined when the name goes on, as in `database:`. */
function valueAt(raw: Uint8Array, at: number): string | undefined {
  const end = lineEnd(raw, at);
  if (at === end) return '';
  if (raw[at] !== colon) return undefined;
  return decoder.decode(raw.subarray(raw[at + 1] === 0x20 ? at + 2 : at + 1, end));
}

function lineEnd(raw: Uint8Array, from: number): number {
  let at = from;
  while (at < raw.length && raw[at] !== 0x0a && raw[at] !== 0x0d) at++;
  return at;
}

/** Where the next line starts. The LF of a CRLF reads as an empty line, which says nothing. */
function nextLine(raw: Uint8Array, at: number): number {
  return lineEnd(raw, at) + 1;
}
