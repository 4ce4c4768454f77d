// When to come back, as told in an error's body. Headers are read elsewhere.
import { objectOf, objectsOf, textOf } from '../json/values.ts';

/** Seconds in `1m30.5s`, `34s`, `250ms`. */
function seconds(text: string): number | undefined {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)(ms|s))?$/.exec(text);
  if (!match || text === '') return undefined;
  const [, hours = '0', minutes = '0', rest = '0', unit] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) / (unit === 'ms' ? 1000 : 1);
}

// OpenAI, Groq: "Please try again in 1m30.5s". Azure: "Please retry after 60 seconds". Google: "Please retry in 34.07s".
const wording =
  /(?:try again|retry|retry after|available|reset[s]?)\s+(?:in|after)\s+([\dhms.]{2,30}|\d{1,9})(\s*seconds?| minutes?)?/i;

/** Seconds until a retry makes sense, if the message or Google's `RetryInfo` says so. */
export function retryAfterOf(message: string, body: unknown): number | undefined {
  const root = Array.isArray(body) ? objectOf(body[0]) : objectOf(body);
  for (const detail of objectsOf(objectOf(root?.error)?.details)) {
    const delay = seconds(textOf(detail.retryDelay) ?? '');
    if (delay !== undefined) return delay;
  }
  const match = wording.exec(message.slice(0, 2000));
  if (!match?.[1]) return undefined;
  const [, amount, unit] = match;
  const text = amount.replace(/\.$/, '');
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * (unit?.trim().startsWith('minute') ? 60 : 1);
  return seconds(text);
}
