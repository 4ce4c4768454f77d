// When an upstream says it will be back.
import { seconds } from '../dialects/retry-text.ts';

/** No limit lasts longer, whatever the upstream says. */
export const longestLimit = 31 * 24 * 60 * 60_000;

type Headers = Readonly<Record<string, string>>;

/** What an error's body says about the end of a limit. */
export interface ToldInBody {
  /** Seconds. */
  retryAfter?: number;
  /** Milliseconds since the epoch. */
  resetAt?: number;
}

/**
 * Milliseconds since the epoch at which a limit ends, or undefined when the upstream did not tell. The first that tells
 * counts: `retry-after-ms`, `retry-after` (seconds or HTTP date), Anthropic's unified reset (epoch seconds), what the
 * body said, then the resets of limits that are used up: `x-ratelimit-reset…` (OpenAI, Groq: `6m0s`; OpenRouter: epoch
 * milliseconds), `anthropic-ratelimit-*-reset` (dates), `x-codex-*-reset-after-seconds`. At most 31 days from `now`.
 */
export function limitEnd(headers: Headers, now: number, body: ToldInBody = {}): number | undefined {
  const end = toldEnd(headers, now, body);
  return end === undefined ? undefined : Math.min(Math.max(end, now), now + longestLimit);
}

function toldEnd(headers: Headers, now: number, body: ToldInBody): number | undefined {
  const milliseconds = positive(headers['retry-after-ms']);
  // Azure says 0 here and 1 second there.
  if (milliseconds !== undefined && milliseconds > 0) return now + milliseconds;
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) {
    const wait = positive(retryAfter);
    if (wait !== undefined) return now + wait * 1000;
    const date = Date.parse(retryAfter);
    if (Number.isFinite(date)) return date;
  }
  const reset = positive(headers['anthropic-ratelimit-unified-reset']);
  if (reset !== undefined && reset * 1000 > now) return reset * 1000;
  if (body.resetAt !== undefined && body.resetAt > now) return body.resetAt;
  if (body.retryAfter !== undefined) return now + body.retryAfter * 1000;
  return latest(usedUp(headers, now));
}

/** Header of a reset → header of what remains: a limit that is not used up says nothing about this failure. */
const resets: readonly (readonly [reset: string, remaining: string])[] = [
  ['x-ratelimit-reset-requests', 'x-ratelimit-remaining-requests'],
  ['x-ratelimit-reset-tokens', 'x-ratelimit-remaining-tokens'],
  ['x-ratelimit-reset', 'x-ratelimit-remaining'],
  ['anthropic-ratelimit-requests-reset', 'anthropic-ratelimit-requests-remaining'],
  ['anthropic-ratelimit-tokens-reset', 'anthropic-ratelimit-tokens-remaining'],
  ['anthropic-ratelimit-input-tokens-reset', 'anthropic-ratelimit-input-tokens-remaining'],
  ['anthropic-ratelimit-output-tokens-reset', 'anthropic-ratelimit-output-tokens-remaining'],
];

function usedUp(headers: Headers, now: number): number[] {
  const ends = resets.flatMap(([reset, remaining]) => {
    if (headers[remaining] !== undefined && headers[remaining] !== '0') return [];
    return resetTime(headers[reset], now) ?? [];
  });
  const codex = ['primary', 'secondary'].flatMap((name) => {
    const used = positive(headers[`x-codex-${name}-used-percent`]);
    const wait = positive(headers[`x-codex-${name}-reset-after-seconds`]);
    return used !== undefined && used >= 100 && wait !== undefined ? [now + wait * 1000] : [];
  });
  return [...ends, ...codex].filter((end) => end > now);
}

/** `6m0s`, a date, epoch milliseconds, epoch seconds or seconds from now. */
function resetTime(text: string | undefined, now: number): number | undefined {
  const number = positive(text);
  if (number !== undefined) {
    if (number > 1e12) return number;
    return number > 1e9 ? number * 1000 : now + number * 1000;
  }
  const span = text === undefined ? undefined : seconds(text);
  if (span !== undefined) return now + span * 1000;
  const date = Date.parse(text ?? '');
  return Number.isFinite(date) ? date : undefined;
}

function latest(ends: readonly number[]): number | undefined {
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
