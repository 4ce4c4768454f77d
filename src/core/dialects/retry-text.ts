// When to come back, as told in an error's body. Headers are read elsewhere.
import { type JsonObject, numberOf, objectOf, objectsOf, textOf } from '../json/values.ts';

/** Seconds in `1m30.5s`, `34s`, `250ms`, `2h`; undefined for anything else. */
export function seconds(text: string): number | undefined {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)(ms|s))?$/.exec(text);
  if (!match || text === '') return undefined;
  const [, hours = '0', minutes = '0', rest = '0', unit] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) / (unit === 'ms' ? 1000 : 1);
}

// OpenAI, Groq: "Please try again in 1m30.5s". Azure: "Please retry after 60 seconds". Google: "Please retry in 34.07s".
const wording =
  /(?:try again|retry|retry after|available|reset[s]?)\s+(?:in|after)\s+([\dhms.]{2,30}|\d{1,9})(\s*seconds?| minutes?)?/i;

/** Seconds until a retry makes sense, if the message, Google's `RetryInfo` or Codex' `resets_in_seconds` says so. */
export function retryAfterOf(message: string, body: unknown): number | undefined {
  for (const place of placesOf(body)) {
    for (const detail of objectsOf(place.details)) {
      const delay = seconds(textOf(detail.retryDelay) ?? '');
      if (delay !== undefined) return delay;
    }
    // Codex.
    const reset = numberOf(place.resets_in_seconds);
    if (reset !== undefined) return reset;
  }
  const match = wording.exec(message.slice(0, 2000));
  if (!match?.[1]) return undefined;
  const [, amount, unit] = match;
  const text = amount.replace(/\.$/, '');
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * (unit?.trim().startsWith('minute') ? 60 : 1);
  return seconds(text);
}

/** Zhipu says it in Beijing's time, in Chinese and in English. */
const resetWording =
  /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[^\n]{0,10}重置|reset at (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/i;

/**
 * The time at which a limit ends, in milliseconds since the epoch: claude-relay-service's `resetAt` (a date), Codex'
 * `resets_at` (epoch seconds), OpenRouter's copy of its reset header, or a date in the message.
 */
export function resetAtOf(message: string, body: unknown): number | undefined {
  for (const place of placesOf(body)) {
    const date = Date.parse(textOf(place.resetAt) ?? '');
    if (Number.isFinite(date)) return date;
    const epoch = numberOf(place.resets_at);
    if (epoch !== undefined) return epoch * 1000;
    const header = Number(
      textOf(objectOf(objectOf(place.metadata)?.headers)?.['X-RateLimit-Reset']) ?? 'none',
    );
    if (header > 1e12) return header;
  }
  const match = resetWording.exec(message.slice(0, 2000));
  if (!match) return undefined;
  const [, day, time, otherDay, otherTime] = match;
  const told = Date.parse(`${day ?? otherDay}T${time ?? otherTime}+08:00`);
  return Number.isFinite(told) ? told : undefined;
}

/** Where an error body may keep such things: itself and its `error`. Google sends a list with one error in it. */
function placesOf(body: unknown): JsonObject[] {
  const root = Array.isArray(body) ? objectOf(body[0]) : objectOf(body);
  const error = objectOf(root?.error);
  return [...(error ? [error] : []), ...(root ? [root] : [])];
}
