// What a model of an Anthropic upstream takes less of than others: ways to think, levels of effort, words in schemas.
// Nothing is changed where nothing is known of the model. Each step returns what it was given, or a copy.
import { isObject, type JsonObject, listOf, numberOf, objectOf } from '../../json/values.ts';
import type { HubRequest } from '../hub.ts';
import { plainSchema } from '../plain-schema.ts';
import { effortOf, nearestEffort, readWish } from '../reasoning-wish.ts';
import { withoutFields } from '../refused-fields.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolNames } from '../tool-names.ts';

/** Tokens for thinking, where a budget must stand for a level. */
const budgets: Readonly<Record<string, number>> = { low: 2048, medium: 8192 };
const usualBudget = 16_000;
const leastBudget = 1024;

export function withFittingThinking(body: JsonObject, target: TargetProfile): JsonObject {
  if (target.reasoning === false) return withoutFields(withoutThinking(body), ['output_config.effort']);
  const thinking = objectOf(body.thinking);
  if (target.thinkingType === 'adaptive' && thinking?.type === 'enabled') {
    const { budget_tokens: _, ...rest } = thinking;
    const effort = effortOf(readWish(body as HubRequest));
    const config = effort === undefined ? {} : { output_config: { ...objectOf(body.output_config), effort } };
    return { ...body, ...config, thinking: { ...rest, type: 'adaptive' } };
  }
  if (target.thinkingType === 'enabled' && thinking?.type === 'adaptive') {
    const wanted = budgets[readWish(body as HubRequest).effort ?? ''] ?? usualBudget;
    const budget = Math.min(wanted, (numberOf(body.max_tokens) ?? wanted) - 1);
    if (budget < leastBudget) return withoutThinking(body);
    return { ...body, thinking: { ...thinking, type: 'enabled', budget_tokens: budget } };
  }
  return body;
}

export function withFittingEffort(body: JsonObject, { quirks }: TargetProfile): JsonObject {
  const { effort } = readWish(body as HubRequest);
  if (quirks.efforts === undefined || effort === undefined) return body;
  const nearest = nearestEffort(effort, quirks.efforts);
  if (nearest === effort) return body;
  return { ...body, output_config: { ...objectOf(body.output_config), effort: nearest } };
}

export function withPlainSchemas(body: JsonObject, { schemas }: TargetProfile): JsonObject {
  if (schemas !== 'plain' || !Array.isArray(body.tools)) return body;
  const tools = body.tools.map((tool: unknown) =>
    isObject(tool) && isObject(tool.input_schema)
      ? { ...tool, input_schema: plainSchema(tool.input_schema) }
      : tool,
  );
  return { ...body, tools };
}

/** Tools' names that every upstream takes, wherever they stand. `names` knows the way back. */
export function withShortNames(body: JsonObject, names: ToolNames): JsonObject {
  const named = (value: unknown): unknown =>
    isObject(value) && typeof value.name === 'string' ? { ...value, name: names.encode(value.name) } : value;
  const ofType = (type: string) => (block: unknown) =>
    isObject(block) && block.type === type ? named(block) : block;
  const result: JsonObject = {
    ...body,
    messages: listOf(body.messages).map((message) =>
      isObject(message) && Array.isArray(message.content)
        ? { ...message, content: message.content.map(ofType('tool_use')) }
        : message,
    ),
  };
  if (Array.isArray(body.tools))
    result.tools = body.tools.map((tool: unknown) =>
      isObject(tool) && isObject(tool.input_schema) ? named(tool) : tool,
    );
  if (isObject(body.tool_choice)) result.tool_choice = ofType('tool')(body.tool_choice);
  return names.changed.size === 0 ? body : result;
}

/** Without thinking, the clearing of old thinking is refused too. */
export function withoutThinking(body: JsonObject): JsonObject {
  if (body.thinking === undefined && body.context_management === undefined) return body;
  const { thinking: _, ...rest } = body;
  const management = rest.context_management;
  if (!isObject(management) || !Array.isArray(management.edits)) return rest;
  const edits = management.edits.filter(
    (edit) => !(isObject(edit) && typeof edit.type === 'string' && edit.type.startsWith('clear_thinking')),
  );
  if (edits.length > 0) return { ...rest, context_management: { ...management, edits } };
  const { context_management: __, ...others } = rest;
  return others;
}
