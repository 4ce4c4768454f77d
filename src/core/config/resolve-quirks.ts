// Quirks of a provider: what the preset knows, corrected by the file.
import type { DialectId } from '../dialects/dialect.ts';
import { plainQuirks, type Quirks } from '../dialects/quirks.ts';
import type { Preset } from './preset.ts';
import type { QuirksEntry } from './schema-provider.ts';

/** How each quirk is called in the file. */
const fields = {
  auth: 'auth',
  maxTokensField: 'max_tokens_field',
  reasoning: 'reasoning',
  reasoningHistory: 'reasoning_history',
  streamUsage: 'stream_usage',
  refuses: 'refuses',
  developerRole: 'developer_role',
  cacheControl: 'cache_control',
  fileParts: 'file_parts',
  webSearch: 'web_search',
  parallelToolCalls: 'parallel_tool_calls',
  efforts: 'efforts',
  jsonSchema: 'json_schema',
  promptCacheKey: 'prompt_cache_key',
  toolCallIds: 'tool_call_ids',
  tokenCount: 'token_count',
  embeddingBatch: 'embedding_batch',
} satisfies Record<keyof Quirks, keyof QuirksEntry>;

/** A preset's quirks hold for its own dialects only. */
export function resolveQuirks(
  entry: QuirksEntry | undefined,
  preset: Preset | undefined,
  dialect: DialectId,
): Quirks {
  const known = preset?.dialect === dialect ? preset.quirks : preset?.alternatives?.[dialect]?.quirks;
  const corrections = Object.entries(fields).flatMap(([own, written]) => {
    const value = entry?.[written];
    return value === undefined ? [] : [[own, value]];
  });
  return { ...plainQuirks, ...known, ...(Object.fromEntries(corrections) as Partial<Quirks>) };
}
