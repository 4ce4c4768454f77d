// One event of a stream that passes: what it is, and how a single string in it is replaced.
import { openBrace } from '../json/scan.ts';
import { replaceStringAt } from '../json/top-level.ts';
import { isObject, parseJson } from '../json/values.ts';
import type { SseEvent } from '../sse/event.ts';
import { dataStart } from '../sse/received-event.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The event's bytes with `value` at `path` of its data, an object; its own bytes where there is no such place. */
export function withStringAt(event: SseEvent, path: readonly string[], value: string): Uint8Array {
  const { raw } = event;
  const start = raw.indexOf(openBrace, dataStart(raw));
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

const typeField = /^\s{0,8}\{\s{0,8}"type"\s{0,8}:\s{0,8}"([a-z_.]{1,80})"/;

/** The event's type, from its name or, where a server left the names out, from the beginning of its data; '' without one. */
export function typeOfEvent(event: SseEvent): string {
  if (event.event !== '') return event.event;
  if (event.data === '') return '';
  const told = typeField.exec(event.data)?.[1];
  if (told !== undefined) return told;
  const value = parseJson(event.data);
  if (!isObject(value)) return '';
  return typeof value.type === 'string' ? value.type : 'error' in value ? 'error' : '';
}
