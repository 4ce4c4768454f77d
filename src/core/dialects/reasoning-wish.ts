// How much the client wants the model to think, before an upstream's own words are found for it.
import { isObject, type JsonObject, numberOf, textOf } from '../json/values.ts';
import type { HubRequest } from './hub.ts';

/** What the client asked for. `effort` is one of Anthropic's levels. */
export interface ReasoningWish {
  thinking: 'on' | 'off' | 'unsaid';
  effort?: string;
  budget?: number;
}

export function readWish(request: HubRequest): ReasoningWish {
  const config: JsonObject = isObject(request.thinking) ? request.thinking : {};
  const effort = isObject(request.output_config) ? textOf(request.output_config.effort) : undefined;
  const wish: ReasoningWish = { thinking: 'unsaid' };
  if (config.type === 'disabled') wish.thinking = 'off';
  else if (textOf(config.type) !== undefined) wish.thinking = 'on';
  if (effort !== undefined) wish.effort = effort;
  const budget = numberOf(config.budget_tokens);
  if (budget !== undefined) wish.budget = budget;
  return wish;
}

/** A budget is a level in other words; adaptive thinking without a level means the upstream's own default. */
export function effortOf({ effort, budget }: ReasoningWish): string | undefined {
  if (effort !== undefined || budget === undefined) return effort;
  if (budget >= 10_000) return 'high';
  return budget >= 5000 ? 'medium' : 'low';
}

const levels = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The highest level that the upstream takes and that is not above the one asked for. */
export function nearestEffort(
  effort: string,
  accepted: readonly string[] = ['low', 'medium', 'high'],
): string {
  const asked = levels.indexOf(effort);
  if (asked === -1 || accepted.includes(effort)) return effort;
  const lower = accepted.filter((level) => levels.indexOf(level) <= asked);
  return lower.at(-1) ?? accepted[0] ?? effort;
}

/** The level that stops the thinking, or comes closest to it; undefined when the upstream takes none such. */
export function leastEffort(accepted: readonly string[] | undefined): string | undefined {
  return ['none', 'minimal'].find((level) => accepted?.includes(level));
}

/** OpenAI's models before the reasoning line answer 400 to `reasoning_effort`. */
export function isKnownWithoutReasoning(model: string): boolean {
  return /(?:^|\/)(?:chatgpt-4o|gpt-3\.5|gpt-4)/.test(model);
}
