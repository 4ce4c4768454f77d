// Token counts in hub events and messages. Anthropic's counts: `input_tokens` without the cached ones.

import { isObject, type JsonObject, numberOf, objectOf } from '../json/values.ts';
import type { TokenUsage } from '../tokens/usage.ts';
import type { HubEvent, HubMessage } from './hub.ts';

/** The counts that an event or a message carries; only those that it names. */
export function usageOf(source: HubEvent | HubMessage): Partial<TokenUsage> | undefined {
  if (source.type === 'message_start') return readUsage(source.message?.usage);
  if (source.type === 'message_delta' || source.type === 'message') return readUsage(source.usage);
  return undefined;
}

/** Anthropic's usage object in our words; undefined when there is no number in it. */
export function readUsage(usage: unknown): Partial<TokenUsage> | undefined {
  if (!isObject(usage)) return undefined;
  const result: Partial<TokenUsage> = {};
  const input = numberOf(usage.input_tokens);
  if (input !== undefined) result.input = input;
  const output = numberOf(usage.output_tokens);
  if (output !== undefined) result.output = output;
  const cacheRead = numberOf(usage.cache_read_input_tokens);
  if (cacheRead !== undefined) result.cacheRead = cacheRead;
  const cacheWrite = numberOf(usage.cache_creation_input_tokens);
  if (cacheWrite !== undefined) result.cacheWrite = cacheWrite;
  return Object.keys(result).length === 0 ? undefined : result;
}

/** The usage object of a message, complete, from the counts that are known. */
export function hubUsage(counts: Partial<TokenUsage>, details: UsageDetails = {}): HubMessage['usage'] {
  return {
    input_tokens: counts.input ?? 0,
    output_tokens: counts.output ?? 0,
    cache_creation_input_tokens: counts.cacheWrite ?? 0,
    cache_read_input_tokens: counts.cacheRead ?? 0,
    cache_creation: null,
    inference_geo: null,
    output_tokens_details: details.thinking ? { thinking_tokens: details.thinking } : null,
    server_tool_use: details.webSearches
      ? { web_fetch_requests: 0, web_search_requests: details.webSearches }
      : null,
    service_tier: null,
    speed: null,
  };
}

export interface UsageDetails {
  /** Tokens of reasoning. */
  thinking?: number;
  webSearches?: number;
}

/**
 * The hub's usage object in the words of those APIs whose input includes the cached tokens; what is not told is 0.
 * `input` holds `cached` and `written`, `output` holds `reasoning`.
 */
export function promptUsage(
  usage: unknown,
): Record<'input' | 'cached' | 'written' | 'output' | 'reasoning', number> {
  const counts: JsonObject = isObject(usage) ? usage : {};
  const cached = numberOf(counts.cache_read_input_tokens) ?? 0;
  const written = numberOf(counts.cache_creation_input_tokens) ?? 0;
  return {
    input: (numberOf(counts.input_tokens) ?? 0) + cached + written,
    cached,
    written,
    output: numberOf(counts.output_tokens) ?? 0,
    reasoning: numberOf(objectOf(counts.output_tokens_details)?.thinking_tokens) ?? 0,
  };
}

const promptCounts = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];

/**
 * Copies the counts of a later usage object over an earlier one. Zeros and nulls do not overwrite, because some upstreams
 * end with zeros. The counts of the prompt belong together: where one of them is told anew, zeros beside it are the truth.
 */
export function mergeHubUsage(known: JsonObject, next: unknown): JsonObject {
  if (!isObject(next)) return known;
  const promptTold = promptCounts.some((key) => Boolean(next[key]));
  const merged = { ...known };
  for (const [key, value] of Object.entries(next)) {
    const told = promptTold && promptCounts.includes(key) ? typeof value === 'number' : Boolean(value);
    if (told || merged[key] === undefined) merged[key] = value;
  }
  return merged;
}
