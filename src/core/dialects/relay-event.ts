// One event of a stream that passes, with a single string in it replaced.
import { openBrace } from '../json/scan.ts';
import { replaceStringAt } from '../json/top-level.ts';
import type { SseEvent } from '../sse/splitter.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The event's bytes with `value` at `path` of its data, an object; its own bytes where there is no such place. */
export function withStringAt(event: SseEvent, path: readonly string[], value: string): Uint8Array {
  const { raw } = event;
  const start = raw.indexOf(openBrace);
  if (start === -1) return raw;
  return replaceStringAt(raw, path, value, start) ?? (inSeveralLines(event, path, value) || raw);
}

/** Data in several lines can't be scanned as it stands. */
function inSeveralLines(event: SseEvent, path: readonly string[], value: string): Uint8Array | undefined {
  if (!event.data.includes('\n')) return undefined;
  const data = replaceStringAt(encoder.encode(event.data), path, value);
  return data && eventBytes(event.event, decoder.decode(data));
}

/** @param name of the event; '' for none */
export function eventBytes(name: string, data: string): Uint8Array {
  // A line break inside the data would end the line; JSON has none outside of its white space.
  const lines = data.split('\n').map((line) => `data: ${line}\n`);
  return encoder.encode(`${name === '' ? '' : `event: ${name}\n`}${lines.join('')}\n`);
}
