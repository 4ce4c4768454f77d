// How much the model is to think: a level from Gemini 3 on, a budget for Gemini 2.5, nothing for those before.
import type { JsonObject } from '../../json/values.ts';
import type { HubRequest } from '../hub.ts';
import { effortOf, nearestEffort, type ReasoningWish, readWish } from '../reasoning-wish.ts';
import type { TargetProfile } from '../target-profile.ts';
import { type ThinkingWay, thinkingWay } from './model-facts.ts';

/** Undefined = left to the model. Thoughts are asked for whenever the client thinks of thinking: they show that it works. */
export function thinkingConfig(request: HubRequest, target: TargetProfile): JsonObject | undefined {
  const way = thinkingWay(target.model);
  if (!way || target.reasoning === false || target.quirks.reasoning === 'none') return undefined;
  const wish = readWish(request);
  if (wish.thinking === 'unsaid' && wish.effort === undefined) return undefined;
  const config = way.kind === 'levels' ? level(wish, way, target.quirks.efforts) : budget(wish, way);
  if (wish.thinking === 'on') config.includeThoughts = true;
  return config;
}

function level(
  wish: ReasoningWish,
  way: Extract<ThinkingWay, { kind: 'levels' }>,
  efforts: readonly string[] = way.levels,
): JsonObject {
  const effort = wish.thinking === 'off' ? efforts[0] : effortOf(wish);
  return effort === undefined ? {} : { thinkingLevel: nearestEffort(effort, efforts) };
}

/** What Google's own compatible endpoint makes of the levels (ai.google.dev/gemini-api/docs/openai). */
const budgets: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576 };

function budget(wish: ReasoningWish, { least, most }: Extract<ThinkingWay, { kind: 'budget' }>): JsonObject {
  if (wish.thinking === 'off') return { thinkingBudget: least };
  const asked = wish.effort === undefined ? wish.budget : (budgets[wish.effort] ?? most);
  // -1: as much as the model finds right.
  return { thinkingBudget: asked === undefined ? -1 : Math.min(Math.max(asked, least, 1), most) };
}
