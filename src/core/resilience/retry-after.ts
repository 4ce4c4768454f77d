// When an upstream says it will be back.

/** No limit lasts longer, whatever the upstream says. */
export const longestLimit = 31 * 24 * 60 * 60_000;

/**
 * Milliseconds since the epoch at which a limit ends, or undefined when the upstream did not tell.
 * Read, in this order: `retry-after-ms`, `retry-after` (seconds or HTTP date), `anthropic-ratelimit-unified-reset`
 * (epoch seconds), then `bodySeconds`, what the body said. At most 31 days from `now`.
 */
export function limitEnd(
  headers: Readonly<Record<string, string>>,
  now: number,
  bodySeconds?: number,
): number | undefined {
  const end = toldEnd(headers, now, bodySeconds);
  return end === undefined ? undefined : Math.min(end, now + longestLimit);
}

function toldEnd(
  headers: Readonly<Record<string, string>>,
  now: number,
  bodySeconds: number | undefined,
): number | undefined {
  const milliseconds = positive(headers['retry-after-ms']);
  if (milliseconds !== undefined) return now + milliseconds;
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) {
    const seconds = positive(retryAfter);
    if (seconds !== undefined) return now + seconds * 1000;
    const date = Date.parse(retryAfter);
    if (Number.isFinite(date)) return Math.max(now, date);
  }
  const reset = positive(headers['anthropic-ratelimit-unified-reset']);
  if (reset !== undefined && reset * 1000 > now) return reset * 1000;
  return bodySeconds === undefined ? undefined : now + bodySeconds * 1000;
}

function positive(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
