// What a provider's refusal means, in plain words, for somebody who has just typed a URL and a key.

import type { DialectId } from '../dialects/dialect.ts';
import { upstreamDialect } from '../dialects/registry.ts';

const longestMessage = 300;

/** A probe that failed; the message is for people and holds no key. */
export class ProbeError extends Error {
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.name = 'ProbeError';
    this.status = status;
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One sentence about an answer that is not 2xx, with the provider's own words. */
export function describeRefusal(
  dialect: DialectId,
  status: number,
  body: string,
  key: string | undefined,
): ProbeError {
  return new ProbeError(`${meaning(status)} (${status})${quoted(dialect, status, body, key)}`, status);
}

function meaning(status: number): string {
  if (status === 401 || status === 403) return 'The key was refused';
  if (status === 402) return 'The account has no credit';
  if (status === 404) return 'There is nothing at this address, or no such model';
  if (status === 429) return 'Too many requests, or the quota is used up';
  if (status >= 500) return 'The provider has trouble';
  if (status >= 300 && status < 400) return 'The address redirects elsewhere; enter the final one';
  return 'The provider did not accept the request';
}

function quoted(dialect: DialectId, status: number, body: string, key: string | undefined): string {
  if (isWebPage(body)) return ': it answers with a web page; check the base URL.';
  let words = upstreamDialect(dialect)?.decodeError(status, body).message ?? body;
  if (key) words = words.replaceAll(key, '[redacted]');
  words = words.replace(/\s+/g, ' ').trim().slice(0, longestMessage);
  return words === '' ? '.' : `: ${words}`;
}

export function isWebPage(body: string): boolean {
  return /^\s*<(?:!doctype|html)/i.test(body);
}
