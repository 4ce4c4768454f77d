// How much the model is to think, in the words of the upstream.
import type { JsonObject } from '../../json/values.ts';
import type { HubRequest } from '../hub.ts';
import {
  effortOf,
  isKnownWithoutReasoning,
  leastEffort,
  nearestEffort,
  type ReasoningWish,
  readWish,
} from '../reasoning-wish.ts';
import type { TargetProfile } from '../target-profile.ts';

/** @param forcedTool the upstream must call a tool: thinking models refuse that while they think */
export function reasoningFields(request: HubRequest, target: TargetProfile, forcedTool: boolean): JsonObject {
  if (target.reasoning === false || isKnownWithoutReasoning(target.model)) return {};
  const wish = readWish(request);
  switch (target.quirks.reasoning) {
    case 'effort': {
      const { efforts } = target.quirks;
      const asked = effortOf(wish);
      const effort = wish.thinking === 'off' ? leastEffort(efforts) : asked && nearestEffort(asked, efforts);
      return effort === undefined ? {} : { reasoning_effort: effort };
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

function openRouter(wish: ReasoningWish): JsonObject {
  if (wish.thinking === 'off') return { reasoning: { enabled: false } };
  if (wish.effort !== undefined)
    return {
      reasoning: { effort: nearestEffort(wish.effort, ['minimal', 'low', 'medium', 'high', 'xhigh']) },
    };
  if (wish.budget !== undefined) return { reasoning: { max_tokens: wish.budget } };
  return wish.thinking === 'on' ? { reasoning: { enabled: true } } : {};
}

/** DashScope's open models think in streams only and refuse to be asked for it elsewhere. */
function enableThinking(wish: ReasoningWish, stream: boolean, forcedTool: boolean): JsonObject {
  if (!stream || forcedTool || wish.thinking === 'off') return { enable_thinking: false };
  if (wish.thinking === 'unsaid') return {};
  return { enable_thinking: true, ...(wish.budget === undefined ? {} : { thinking_budget: wish.budget }) };
}
