// Replaces one string inside a JSON text and leaves every other byte as it is: numbers keep their digits, keys their
// order, duplicates stay duplicates. A scan, not a search: a key inside a text or deeper in the tree is never touched.

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const comma = 0x2c;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

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

/** Same, for a key inside nested objects: `['message', 'model']`. Lists are not entered. */
export function replaceStringAt(
  body: Uint8Array,
  path: readonly string[],
  value: string,
): Uint8Array | undefined {
  const spans: Span[] = [];
  const start = skipBlank(body, startsWithBom(body) ? 3 : 0);
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
    const wanted = key !== undefined && sameKey(body, at, keyEnd, key);
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

function startsWithBom(body: Uint8Array): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}

function skipBlank(body: Uint8Array, start: number): number {
  let at = start;
  for (let byte = body[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = body[at])
    at++;
  return at;
}

/** From the opening quote to behind the closing one. */
function skipString(body: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    // indexOf runs in native code: request bodies are mostly long strings.
    const end = body.indexOf(quote, at);
    if (end === -1) return body.length;
    let slashes = 0;
    while (body[end - 1 - slashes] === backslash && end - 1 - slashes > start) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

function skipValue(body: Uint8Array, start: number): number {
  const first = body[start];
  if (first === quote) return skipString(body, start);
  let at = start;
  let depth = 0;
  while (at < body.length) {
    const byte = body[at];
    if (byte === quote) {
      at = skipString(body, at);
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === comma || isBlank(byte))) return at;
    at++;
  }
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function sameKey(body: Uint8Array, start: number, end: number, key: string): boolean {
  const text = body.subarray(start + 1, end - 1);
  if (!text.includes(backslash)) return decoder.decode(text) === key;
  try {
    return JSON.parse(decoder.decode(body.subarray(start, end))) === key;
  } catch {
    return false;
  }
}
