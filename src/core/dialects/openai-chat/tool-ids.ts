// Ids of tool calls as chat completions servers take them. OpenAI: at most 40 characters.
import type { Quirks } from '../quirks.ts';
import { shortHash, shortId } from '../short-hash.ts';

const longest = 40;

/** A function that gives the same for the same id. */
export function idCleaner(quirks: Quirks): (id: string) => string {
  return quirks.toolCallIds === 'nine-alphanumerics' ? nineCharacters : (id) => shortId(id, longest);
}

function nineCharacters(id: string): string {
  return /^[a-zA-Z0-9]{9}$/.test(id) ? id : `c${shortHash(id)}`;
}
