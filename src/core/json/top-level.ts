// Replaces one string inside a JSON text and leaves every other byte as it is: numbers keep their digits, keys their
// order, duplicates stay duplicates. A scan, not a search: a key inside a text or deeper in the tree is never touched.

import { isKey, membersAt, openBrace, startOf } from './scan.ts';

const encoder = new TextEncoder();

interface Span {
  start: number;
  end: number;
}

/**
 * Replaces the value of every top-level `key` of a JSON object, duplicates and escaped spellings (`"mod\u0065l"`)
 * included. The value may be of any type; it becomes the JSON string `value`.
 * @returns new bytes, or undefined when `body` is no object or has no such key at top level.
 */
export function replaceTopLevelString(body: Uint8Array, key: string, value: string): Uint8Array | undefined {
  return replaceStringAt(body, [key], value);
}

/**
 * Same, for a key inside nested objects: `['message', 'model']`. Lists are not entered.
 * @param start of the object, where something else stands before it
 */
export function replaceStringAt(
  body: Uint8Array,
  path: readonly string[],
  value: string,
  start = startOf(body),
): Uint8Array | undefined {
  const spans: Span[] = [];
  if (body[start] !== openBrace) return undefined;
  collectSpans(body, start, path, spans);
  if (spans.length === 0) return undefined;
  return splice(body, spans, encoder.encode(JSON.stringify(value)));
}

/** Collects where the values at `path` stand in the object at `open`. */
function collectSpans(body: Uint8Array, open: number, path: readonly string[], spans: Span[]): void {
  const [key = '', ...rest] = path;
  for (const member of membersAt(body, open)) {
    if (!isKey(body, member.key, member.keyEnd, key)) continue;
    if (rest.length === 0) spans.push({ start: member.value, end: member.end });
    else if (body[member.value] === openBrace) collectSpans(body, member.value, rest, spans);
  }
}

function splice(body: Uint8Array, spans: readonly Span[], value: Uint8Array): Uint8Array {
  const removed = spans.reduce((sum, span) => sum + span.end - span.start, 0);
  const result = new Uint8Array(body.length - removed + spans.length * value.length);
  let from = 0;
  let to = 0;
  for (const span of spans) {
    result.set(body.subarray(from, span.start), to);
    to += span.start - from;
    result.set(value, to);
    to += value.length;
    from = span.end;
  }
  result.set(body.subarray(from), to);
  return result;
}
