// Replaces one string inside a JSON text and leaves every other byte as it is: numbers keep their digits, keys their
// order, duplicates stay duplicates. A scan, not a search: a key inside a text or deeper in the tree is never touched.

import {
  closeBrace,
  colon,
  comma,
  keyText,
  openBrace,
  quote,
  skipBlank,
  skipString,
  skipValue,
  startOf,
} from './scan.ts';

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
  scanObject(body, start, path, spans);
  if (spans.length === 0) return undefined;
  return splice(body, spans, encoder.encode(JSON.stringify(value)));
}

/** Reads an object's members; collects where the values at `path` stand. Returns the offset behind the object. */
function scanObject(body: Uint8Array, start: number, path: readonly string[], spans: Span[]): number {
  const [key, ...rest] = path;
  let at = skipBlank(body, start + 1);
  while (at < body.length && body[at] !== closeBrace) {
    if (body[at] !== quote) return body.length;
    const keyEnd = skipString(body, at);
    const wanted = key !== undefined && keyText(body, at, keyEnd) === key;
    at = skipBlank(body, keyEnd);
    if (body[at] !== colon) return body.length;
    at = skipBlank(body, at + 1);
    const valueStart = at;
    if (wanted && rest.length > 0 && body[at] === openBrace) at = scanObject(body, at, rest, spans);
    else at = skipValue(body, at);
    if (wanted && rest.length === 0 && at > valueStart) spans.push({ start: valueStart, end: at });
    at = skipBlank(body, at);
    if (body[at] === comma) at = skipBlank(body, at + 1);
    else break;
  }
  return at + 1;
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
