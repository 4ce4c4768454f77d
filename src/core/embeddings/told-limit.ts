// How many inputs a provider takes at once, from its refusal of more.
import { isUpstreamFailure } from '../failure.ts';

/** `should not be larger than 10`, `maximum allowed batch size 32`, `at most 100 requests`, `exceeds the limit: 64`. */
const limitWords =
  /(?:max(?:imum)?\b|at most|(?:larger|greater|more|less) than|exceed\w*|up to|limit\w*)\D{0,40}?(\d+)(?!\d|\s*tokens)/gi;
const isAboutInputs = /batch|array|inputs?\b|items|requests|list|texts|documents/i;
const refusals: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/**
 * Undefined when the failure is about something else or tells no number below `sent`.
 * @param sent how many inputs the refused request held
 */
export function toldBatchLimit(error: unknown, sent: number): number | undefined {
  if (!isUpstreamFailure(error)) return undefined;
  const { message, answered, final } = error.failure;
  if (final) return undefined;
  if (!refusals.has(answered?.status) || !isAboutInputs.test(message)) return undefined;
  const told = [...message.matchAll(limitWords)].map(([, number]) => Number(number));
  return told.find((number) => number > 0 && number < sent);
}
