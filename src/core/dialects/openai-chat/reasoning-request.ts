// How much the model is to think, in the words of the upstream.
import { isObject, type JsonObject, numberOf, textOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';

/** What the client asked for. `effort` is one of Anthropic's levels. */
interface Wish {
  thinking: 'on' | 'off' | 'unsaid';
  effort?: string;
  budget?: number;
}

/** @param forcedTool the upstream must call a tool: thinking models refuse that while they think */
export function reasoningFields(request: HubRequest, target: TargetProfile, forcedTool: boolean): JsonObject {
  if (target.reasoning === false || isKnownWithoutReasoning(target.model)) return {};
  const wish = readWish(request);
  switch (target.quirks.reasoning) {
    case 'effort': {
      const effort = wish.thinking === 'off' ? undefined : effortOf(wish);
      return effort === undefined ? {} : { reasoning_effort: nearest(effort, target.quirks.efforts) };
    }
    case 'openrouter':
      return openRouter(wish);
    case 'thinking': {
      if (forcedTool) return { thinking: { type: 'disabled' } };
      if (wish.thinking === 'unsaid') return {};
      return { thinking: { type: wish.thinking === 'on' ? 'enabled' : 'disabled' } };
    }
    case 'enable_thinking':
      return enableThinking(wish, request.stream === true, forcedTool);
    default:
      return {};
  }
}

function readWish(request: HubRequest): Wish {
  const config: JsonObject = isObject(request.thinking) ? request.thinking : {};
  const effort = isObject(request.output_config) ? textOf(request.output_config.effort) : undefined;
  const wish: Wish = { thinking: 'unsaid' };
  if (config.type === 'disabled') wish.thinking = 'off';
  else if (textOf(config.type) !== undefined) wish.thinking = 'on';
  if (effort !== undefined) wish.effort = effort;
  const budget = numberOf(config.budget_tokens);
  if (budget !== undefined) wish.budget = budget;
  return wish;
}

/** A budget is a level in other words; adaptive thinking without a level means the upstream's own default. */
function effortOf({ effort, budget }: Wish): string | undefined {
  if (effort !== undefined || budget === undefined) return effort;
  if (budget >= 10_000) return 'high';
  return budget >= 5000 ? 'medium' : 'low';
}

const levels = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The highest level that the upstream takes and that is not above the one asked for. */
function nearest(effort: string, accepted: readonly string[] = ['low', 'medium', 'high']): string {
  const asked = levels.indexOf(effort);
  if (asked === -1 || accepted.includes(effort)) return effort;
  const lower = accepted.filter((level) => levels.indexOf(level) <= asked);
  return lower.at(-1) ?? accepted[0] ?? effort;
}

function openRouter(wish: Wish): JsonObject {
  if (wish.thinking === 'off') return { reasoning: { enabled: false } };
  if (wish.effort !== undefined)
    return { reasoning: { effort: nearest(wish.effort, ['minimal', 'low', 'medium', 'high', 'xhigh']) } };
  if (wish.budget !== undefined) return { reasoning: { max_tokens: wish.budget } };
  return wish.thinking === 'on' ? { reasoning: { enabled: true } } : {};
}

/** DashScope's open models think in streams only and refuse to be asked for it elsewhere. */
function enableThinking(wish: Wish, stream: boolean, forcedTool: boolean): JsonObject {
  if (!stream || forcedTool || wish.thinking === 'off') return { enable_thinking: false };
  if (wish.thinking === 'unsaid') return {};
  return { enable_thinking: true, ...(wish.budget === undefined ? {} : { thinking_budget: wish.budget }) };
}

/** OpenAI's models before the reasoning line answer 400 to `reasoning_effort`. */
function isKnownWithoutReasoning(model: string): boolean {
  return /(?:^|\/)(?:chatgpt-4o|gpt-3\.5|gpt-4)/.test(model);
}
