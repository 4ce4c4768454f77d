// Token counts of a response. `input_tokens` include the cached ones, Anthropic's don't.

import { type JsonObject, numberOf, objectOf } from '../../json/values.ts';
import type { TokenUsage } from '../../tokens/usage.ts';

export interface ResponseCounts {
  counts: Partial<TokenUsage>;
  reasoning: number;
}

/** @param response a whole response or the one in a stream's event; what was not told is left out */
export function responseCounts(response: JsonObject): ResponseCounts {
  const usage = objectOf(response.usage) ?? {};
  const details = objectOf(usage.input_tokens_details) ?? objectOf(usage.prompt_tokens_details) ?? {};
  const made = objectOf(usage.output_tokens_details) ?? objectOf(usage.completion_tokens_details) ?? {};
  const input = numberOf(usage.input_tokens) ?? numberOf(usage.prompt_tokens);
  const output = numberOf(usage.output_tokens) ?? numberOf(usage.completion_tokens);
  const cacheRead = numberOf(details.cached_tokens) ?? 0;
  const cacheWrite = numberOf(details.cache_write_tokens) ?? 0;
  const counts: Partial<TokenUsage> = {};
  if (input !== undefined) {
    // Some servers tell more cached tokens than the prompt has.
    Object.assign(counts, { input: Math.max(0, input - cacheRead - cacheWrite), cacheRead, cacheWrite });
  }
  if (output !== undefined) counts.output = output;
  return { counts, reasoning: numberOf(made.reasoning_tokens) ?? 0 };
}
