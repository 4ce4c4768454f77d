// How much a chat client wants the model to think, in any of the words that are sent to one server or another:
// `reasoning_effort` (OpenAI), `reasoning` (OpenRouter), `thinking` (DeepSeek, Zhipu, Moonshot and relays of Claude
// models), `enable_thinking` (DashScope), `chat_template_kwargs` (vLLM, Nvidia), `extra_body` (Google).
import { type JsonObject, numberOf, objectOf, textOf } from '../../../json/values.ts';

/** The hub's fields; `effort` belongs to `output_config`. */
export interface AskedReasoning {
  thinking?: JsonObject;
  effort?: string;
}

export const reasoningFieldNames =
  'reasoning_effort reasoning thinking enable_thinking thinking_budget'.split(' ');

/** @param limit the output limit, if the client set one: a budget must stay below it */
export function askedReasoning(body: JsonObject, limit: number | undefined): AskedReasoning {
  const reasoning = objectOf(body.reasoning);
  const thinking = objectOf(body.thinking);
  const template = objectOf(body.chat_template_kwargs);
  const google = objectOf(objectOf(objectOf(body.extra_body)?.google)?.thinking_config);
  const switches = [body.enable_thinking, template?.enable_thinking, template?.thinking];
  const effort = textOf(body.reasoning_effort) ?? textOf(reasoning?.effort) ?? textOf(google?.thinking_level);
  const off =
    effort === 'none' ||
    reasoning?.enabled === false ||
    thinking?.type === 'disabled' ||
    google?.thinking_budget === 0 ||
    switches.includes(false);
  if (off) return { thinking: { type: 'disabled' } };
  const budget = [
    thinking?.budget_tokens,
    reasoning?.max_tokens,
    body.thinking_budget,
    template?.thinking_budget,
    google?.thinking_budget,
  ].flatMap((told) => numberOf(told) ?? [])[0];
  const on = reasoning?.enabled === true || textOf(thinking?.type) !== undefined || switches.includes(true);
  if (effort === undefined && budget === undefined && !on) return {};
  const display = reasoning?.exclude === true ? 'omitted' : 'summarized';
  if (effort === undefined && budget !== undefined) {
    const budget_tokens = withinLimit(budget, limit);
    if (budget_tokens !== undefined) return { thinking: { type: 'enabled', budget_tokens, display } };
  }
  const asked: AskedReasoning = { thinking: { type: 'adaptive', display } };
  if (effort !== undefined && !unsaid.has(effort)) asked.effort = effort === 'minimal' ? 'low' : effort;
  return asked;
}

/** Words that leave it to the model. */
const unsaid: ReadonlySet<string> = new Set(['auto', 'default']);

/** Anthropic takes no smaller budget. */
const leastBudget = 1024;

/** Undefined when there is no room for thinking of a fixed length and an answer. */
function withinLimit(budget: number, limit: number | undefined): number | undefined {
  if (budget <= 0 || (limit !== undefined && limit <= leastBudget)) return undefined;
  const most = limit === undefined ? budget : Math.min(budget, limit - 1);
  return Math.max(Math.floor(most), leastBudget);
}
