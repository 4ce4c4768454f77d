// What a provider's flavour of a dialect differs in. Data, set by presets and overridable per provider; the
// converters read it and never ask for a provider's name.

import type { KeyHeader } from '../config/auth.ts';
import type { SearchWay } from './search-ways.ts';

export interface Quirks {
  /** Header that carries the key; absent = the dialect's own: `x-api-key` (anthropic), `x-goog-api-key` (gemini), bearer otherwise. */
  auth?: KeyHeader;
  /** Name of the output limit in chat completions. */
  maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /**
   * How reasoning is asked for:
   * `effort` = `reasoning_effort`; `openrouter` = `reasoning: { effort }`; `thinking` = `thinking: { type }` (DeepSeek, Zhipu, Moonshot);
   * `enable_thinking` = DashScope/ModelScope's flag; `none` = nothing is sent.
   */
  reasoning: 'effort' | 'openrouter' | 'thinking' | 'enable_thinking' | 'none';
  /** In which field earlier reasoning goes back up with assistant messages. `drop` = it does not. */
  reasoningHistory: 'reasoning_content' | 'reasoning_details' | 'drop';
  /** `stream_options.include_usage` is understood. */
  streamUsage: boolean;
  /** Top-level request fields that the upstream refuses. */
  refuses: readonly string[];
  /** Messages of the role `developer` are taken; others get them as `system`. */
  developerRole?: boolean;
  /** `cache_control` marks may stay on content parts (OpenRouter, DashScope and other relays of Claude models). */
  cacheControl: boolean;
  /** PDF documents can be sent as `file` parts. */
  fileParts: boolean;
  /** How the upstream's own web search is asked for (`search-request.ts`); `none` = server web search is not offered. */
  webSearch: 'none' | SearchWay;
  /** Parallel tool calls can be switched off by `parallel_tool_calls: false`. */
  parallelToolCalls: boolean;
  /** Levels that `reasoning_effort` takes, lowest first. Unset: low, medium, high. */
  efforts?: readonly string[];
  /** How an answer in a JSON schema is asked for. Unset: `json_schema`. `prompt` and `json_object` put the schema into the system prompt. */
  jsonSchema?: 'json_schema' | 'json_object' | 'prompt';
  /** `prompt_cache_key` is understood: the session's id goes there. */
  promptCacheKey?: boolean;
  /**
   * How Gemini's countTokens is asked: `contents` = instructions and tools stand beside the contents (Vertex); unset: in a
   * `generateContentRequest`. `none`, in every dialect: the provider does not count.
   */
  tokenCount?: 'contents' | 'none';
  /** Mistral takes tool call ids of exactly nine letters and digits only. */
  toolCallIds?: 'any' | 'nine-alphanumerics';
  /** How many inputs for embeddings one request may hold. Unset: 100 at Gemini, else OpenAI's 2048. */
  embeddingBatch?: number;
}

/** A plain OpenAI-compatible server: what can be assumed of any. */
export const plainQuirks: Quirks = {
  maxTokensField: 'max_tokens',
  reasoning: 'effort',
  reasoningHistory: 'drop',
  streamUsage: true,
  refuses: [],
  cacheControl: false,
  fileParts: false,
  webSearch: 'none',
  parallelToolCalls: true,
};
