// Who may talk to the listener at all: DNS rebinding and web pages are kept out before anything is read.
import { createHash, timingSafeEqual } from 'node:crypto';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for `localhost`, `127.0.0.1` and `[::1]` with any port or none. */
export function isLoopbackHost(host: string | undefined): boolean {
  const match = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(host ?? '');
  return match?.[1] !== undefined && loopbackNames.has(match[1].toLowerCase());
}

/** True for every name and address of this machine's loopback, as `URL.hostname` gives it. */
export function isLoopbackAddress(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return loopbackNames.has(name) || name.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** False for the origin of a web page that does not come from this machine. Editors' and apps' own schemes pass. */
export function isAllowedOrigin(origin: string | undefined): boolean {
  const match = /^https?:\/\/(.*)$/i.exec(origin ?? '');
  return !match || isLoopbackHost(match[1]);
}

/** Longer credentials are compared by their fingerprints: a token has 64 characters, and one of the user's own hardly more. */
const longestCredential = 1024;

/** A secret in a form that is compared in constant time, whatever its length: all of one size, filled up with zeros. */
export function comparable(secret: string): Buffer {
  const form = Buffer.alloc(longestCredential);
  if (Buffer.byteLength(secret) < longestCredential) form.write(secret);
  else {
    // A fingerprint of what does not fit, told by the last byte, which no credential that fits reaches.
    createHash('sha256').update(secret).digest().copy(form);
    form[longestCredential - 1] = 1;
  }
  return form;
}

/** True when any of the presented credentials is the expected one; looks at all of them either way. */
export function presents(credentials: readonly string[], expected: Buffer): boolean {
  let found = false;
  for (const credential of credentials) {
    if (timingSafeEqual(comparable(credential), expected)) found = true;
  }
  return found;
}

const tokenHeaders = ['x-api-key', 'x-goog-api-key', 'api-key', 'x-litellm-api-key'];

/** Every place in which a client may put its token. */
export function presentedTokens(
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams | undefined,
): string[] {
  const found: string[] = [];
  const authorization = headers.authorization;
  if (authorization !== undefined) found.push(withoutScheme(authorization));
  for (const name of tokenHeaders) {
    const value = headers[name];
    // LiteLLM's own header is documented with "Bearer " in front.
    if (value !== undefined) found.push(withoutScheme(value));
  }
  const key = query?.get('key');
  if (key != null) found.push(key);
  return found;
}

function withoutScheme(value: string): string {
  return value.trim().replace(/^bearer\s+/i, '');
}
