// Finding one's way in the bytes of a JSON text without parsing it. Nothing is checked: whoever asks has parsed it, or
// takes what comes.

const quote = 0x22;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
const colon = 0x3a;
export const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Where the text's value begins: behind the byte order mark and white space. */
export function startOf(body: Uint8Array): number {
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  return skipBlank(body, marked ? 3 : 0);
}

export function skipBlank(body: Uint8Array, start: number): number {
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

/** Where a member of an object stands: offsets of the first byte of key and value, and behind them. */
export interface Member {
  key: number;
  keyEnd: number;
  value: number;
  end: number;
}

/** The members of the object whose opening brace stands at `open`, as far as the text makes sense. */
export function* membersAt(body: Uint8Array, open: number): Generator<Member> {
  let key = skipBlank(body, open + 1);
  while (body[key] === quote) {
    const keyEnd = skipString(body, key);
    const behindKey = skipBlank(body, keyEnd);
    if (body[behindKey] !== colon) return;
    const value = skipBlank(body, behindKey + 1);
    const end = skipValue(body, value);
    yield { key, keyEnd, value, end };
    const behind = skipBlank(body, end);
    if (body[behind] !== comma) return;
    key = skipBlank(body, behind + 1);
  }
}

/** From a value's first byte to behind its last one. */
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

/** Whether the key from its opening quote at `start` to behind the closing one is `name`, in whatever spelling. */
export function isKey(body: Uint8Array, start: number, end: number, name: string): boolean {
  for (let at = start + 1; at < end - 1; at++) {
    const byte = body[at] ?? 0;
    // Only plain letters can be compared as they stand.
    if (byte === backslash || byte >= 0x80) return keyText(body, start, end) === name;
    if (byte !== name.charCodeAt(at - start - 1)) return false;
  }
  return name.length === end - start - 2;
}

/** A key from its opening quote at `start` to behind the closing one; undefined when it is no JSON string. */
function keyText(body: Uint8Array, start: number, end: number): string | undefined {
  const text = body.subarray(start + 1, end - 1);
  if (!text.includes(backslash)) return decoder.decode(text);
  try {
    const key: unknown = JSON.parse(decoder.decode(body.subarray(start, end)));
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
