// An event as it came over the wire. Its fields are decoded when somebody asks: a relayed stream asks for few of them.
import type { SseEvent } from './splitter.ts';

// ignoreBOM: a U+FEFF inside the data belongs to the data. Only the one at the stream's start is no content.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class ReceivedEvent implements SseEvent {
  readonly raw: Uint8Array;
  #fields: { event: string; data: string } | undefined;

  constructor(raw: Uint8Array) {
    this.raw = raw;
  }

  get event(): string {
    return this.#fields?.event ?? firstLineEvent(this.raw) ?? this.#read().event;
  }

  get data(): string {
    return this.#read().data;
  }

  #read(): { event: string; data: string } {
    this.#fields ??= readFields(this.raw);
    return this.#fields;
  }
}

const eventField = [...'event:'].map((character) => character.charCodeAt(0));

/** The name where it stands in the first line, as it does with every server that sends names: no need to decode the rest. */
function firstLineEvent(raw: Uint8Array): string | undefined {
  if (eventField.some((byte, at) => raw[at] !== byte)) return undefined;
  let end = eventField.length;
  while (end < raw.length && raw[end] !== 0x0a && raw[end] !== 0x0d) end++;
  const from = raw[eventField.length] === 0x20 ? eventField.length + 1 : eventField.length;
  return decoder.decode(raw.subarray(from, end));
}

function readFields(raw: Uint8Array): { event: string; data: string } {
  let event = '';
  let data: string | undefined;
  for (const line of decoder.decode(raw).split(lineEnd)) {
    const text = line.startsWith('\uFEFF') ? line.slice(1) : line;
    const colon = text.indexOf(':');
    // A line that starts with a colon is a comment.
    if (colon === 0) continue;
    const name = colon === -1 ? text : text.slice(0, colon);
    if (name !== 'event' && name !== 'data') continue;
    const from = text[colon + 1] === ' ' ? colon + 2 : colon + 1;
    const value = colon === -1 ? '' : text.slice(from);
    if (name === 'event') event = value;
    else data = data === undefined ? value : `${data}\n${value}`;
  }
  return { event, data: data ?? '' };
}

const lineEnd = /\r\n|\r|\n/;
