// Gemini's token counts. Its prompt count includes cached tokens but not those that its own tools fed to the model; its
// candidates' count leaves thoughts out.

import { type JsonObject, numberOf, objectOf } from '../../json/values.ts';
import type { TokenUsage } from '../../tokens/usage.ts';

const fields = {
  prompt: 'promptTokenCount',
  tools: 'toolUsePromptTokenCount',
  cached: 'cachedContentTokenCount',
  candidates: 'candidatesTokenCount',
  thoughts: 'thoughtsTokenCount',
  total: 'totalTokenCount',
} as const;

/** Collects counts over the chunks of one answer. Counts are cumulative: the last one that is not zero wins. */
export class UsageReader {
  readonly #counts: Partial<Record<keyof typeof fields, number>> = {};

  read(chunk: JsonObject): void {
    const usage = objectOf(chunk.usageMetadata);
    if (!usage) return;
    for (const [own, name] of Object.entries(fields) as [keyof typeof fields, string][]) {
      const value = numberOf(usage[name]);
      if (value !== undefined && (value > 0 || this.#counts[own] === undefined)) this.#counts[own] = value;
    }
  }

  get thoughts(): number {
    return this.#counts.thoughts ?? 0;
  }

  /** In our words; what was not told is left out. */
  counts(): Partial<TokenUsage> {
    const { prompt, tools = 0, cached = 0, candidates, thoughts } = this.#counts;
    const result: Partial<TokenUsage> = { cacheRead: cached, cacheWrite: 0 };
    if (prompt !== undefined) result.input = Math.max(0, prompt + tools - cached);
    if (candidates !== undefined || thoughts !== undefined)
      result.output = (candidates ?? 0) + (this.#thoughtsInside() ? 0 : (thoughts ?? 0));
    // The whole answer was told as nothing: a blocked one.
    else if (prompt !== undefined && this.#counts.total === prompt + tools) result.output = 0;
    return result;
  }

  /** Some relays count thoughts among the candidates' tokens: the total tells. */
  #thoughtsInside(): boolean {
    const { prompt, tools = 0, candidates, thoughts, total } = this.#counts;
    return (
      thoughts !== undefined &&
      prompt !== undefined &&
      candidates !== undefined &&
      candidates >= thoughts &&
      total === prompt + tools + candidates
    );
  }
}
