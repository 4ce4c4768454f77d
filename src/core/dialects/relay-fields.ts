// Top-level fields of a request that goes on to an upstream of the same dialect: what the provider's configuration and
// quirks demand. Each function gives the body itself when nothing has to change, else a copy.
import { without } from '../json/edits.ts';
import { type JsonObject, numberOf } from '../json/values.ts';
import { withoutFields } from './refused-fields.ts';
import type { TargetProfile } from './target-profile.ts';

/** The body without these fields; a note names those that it had. */
export function dropped(
  body: JsonObject,
  names: readonly string[],
  { provider }: TargetProfile,
  notes: string[],
): JsonObject {
  const present = names.filter((name) => name in body);
  if (present.length > 0) notes.push(`${present.join(', ')} dropped: ${provider} does not take it`);
  return without(body, present);
}

/** @param needed fields without which there is no request */
export function withoutRefused(
  body: JsonObject,
  { quirks, params, provider }: TargetProfile,
  needed: readonly string[],
  notes: string[],
): JsonObject {
  const found = new Set<string>();
  const refused = quirks.refuses.filter((path) => !needed.includes(path) && !(path in params));
  const result = withoutFields(body, refused, found);
  if (found.size > 0) notes.push(`${[...found].join(', ')} dropped: ${provider} refuses it`);
  return result;
}

/** What a target refused before concerns fields and limits only: the functions here and their callers obey that. */
export function refusedFieldsOnly({
  schemas,
  toolNames,
  systemMessages,
  thinkingHistory,
}: TargetProfile): boolean {
  return [schemas, toolNames, systemMessages, thinkingHistory].every((what) => what === undefined);
}

/** Ways to name the output limit in a model's `params`. */
const limitNames: ReadonlySet<string> = new Set(['max_tokens', 'max_completion_tokens', 'max_output_tokens']);

/** The model's own parameters fill what the client left open. @param limitField how the API calls the output limit */
export function withDefaults(body: JsonObject, { params }: TargetProfile, limitField: string): JsonObject {
  const missing = Object.entries(params)
    .map(([name, value]): [string, unknown] => [limitNames.has(name) ? limitField : name, value])
    .filter(([name]) => body[name] === undefined || body[name] === null);
  return missing.length === 0 ? body : { ...body, ...Object.fromEntries(missing) };
}

/**
 * The output limit under the name that the upstream knows, at most the model's.
 * @param names under which a client may say it, the one that counts first
 */
export function withLimit(
  body: JsonObject,
  names: readonly string[],
  field: string,
  most: number | undefined,
  notes: string[],
): JsonObject {
  const told = names.find((name) => body[name] !== undefined && body[name] !== null);
  if (told === undefined) return body;
  const asked = numberOf(body[told]);
  const lowered = asked !== undefined && most !== undefined && asked > most;
  if (lowered) notes.push(`${told} lowered from ${asked} to ${most}`);
  const others = names.filter((name) => name !== field && name in body);
  if (!lowered && others.length === 0) return body;
  return { ...without(body, others), [field]: lowered ? most : body[told] };
}
