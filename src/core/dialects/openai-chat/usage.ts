// Token counts of chat completions, in every place where some server puts them. OpenAI's `prompt_tokens` include the
// cached ones, Anthropic's `input_tokens` don't.

import { isObject, type JsonObject, numberOf, objectOf } from '../../json/values.ts';
import type { TokenUsage } from '../../tokens/usage.ts';

interface Counts {
  prompt?: number;
  completion?: number;
  cached?: number;
  written?: number;
  reasoning?: number;
}

/** Collects counts over the chunks of one answer. Counts are cumulative: the last one that is not zero wins. */
export class UsageReader {
  readonly #counts: Counts = {};

  /** @param chunk a chunk or a whole answer. Places: `usage`, `choices[0].usage` (Moonshot), `x_groq.usage`, `timings` (llama.cpp). True when there was some. */
  read(chunk: JsonObject, choice: JsonObject | undefined): boolean {
    const usage = chunk.usage ?? choice?.usage ?? objectOf(chunk.x_groq)?.usage;
    if (isObject(usage)) this.#take(fromUsage(usage));
    else if (isObject(chunk.timings)) this.#take(fromTimings(chunk.timings));
    else return false;
    return true;
  }

  get seen(): boolean {
    return this.#counts.prompt !== undefined || this.#counts.completion !== undefined;
  }

  get reasoning(): number {
    return this.#counts.reasoning ?? 0;
  }

  /** In our words; what was not told is left out. */
  counts(): Partial<TokenUsage> {
    const { prompt, completion, cached = 0, written = 0 } = this.#counts;
    const result: Partial<TokenUsage> = { cacheRead: cached, cacheWrite: written };
    // Some servers tell more cached tokens than the prompt has.
    if (prompt !== undefined) result.input = Math.max(0, prompt - cached - written);
    if (completion !== undefined) result.output = completion;
    return result;
  }

  #take(next: Counts): void {
    for (const key of ['prompt', 'completion', 'cached', 'written', 'reasoning'] as const) {
      const value = next[key];
      if (value !== undefined && (value > 0 || this.#counts[key] === undefined)) this.#counts[key] = value;
    }
  }
}

function fromUsage(usage: JsonObject): Counts {
  const input = objectOf(usage.prompt_tokens_details) ?? {};
  const output = objectOf(usage.completion_tokens_details) ?? {};
  return withoutUnknown({
    prompt: numberOf(usage.prompt_tokens),
    completion: numberOf(usage.completion_tokens),
    // OpenAI and most; Anthropic models behind relays; DeepSeek; Moonshot.
    cached:
      numberOf(input.cached_tokens) ??
      numberOf(usage.cache_read_input_tokens) ??
      numberOf(usage.prompt_cache_hit_tokens) ??
      numberOf(usage.cached_tokens),
    written: numberOf(input.cache_write_tokens) ?? numberOf(usage.cache_creation_input_tokens),
    reasoning: numberOf(output.reasoning_tokens) ?? numberOf(usage.reasoning_tokens),
  });
}

function fromTimings(timings: JsonObject): Counts {
  const fresh = numberOf(timings.prompt_n);
  const cached = numberOf(timings.cache_n);
  return withoutUnknown({
    prompt: fresh === undefined ? undefined : fresh + (cached ?? 0),
    completion: numberOf(timings.predicted_n),
    cached,
  });
}

function withoutUnknown(counts: { [Key in keyof Counts]: number | undefined }): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined));
}
