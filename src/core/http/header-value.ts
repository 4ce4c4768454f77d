// Text in response headers.

/** A value fit for a response header: characters outside 0x20–0x7E percent-encoded, at most 512 bytes. */
export function headerValue(text: string): string {
  let value = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const safe = code >= 0x20 && code <= 0x7e ? character : encodeURIComponent(character.toWellFormed());
    if (value.length + safe.length > 512) break;
    value += safe;
  }
  return value;
}
