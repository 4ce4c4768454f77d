// What an Anthropic upstream must not get is taken out of a request: signatures of other providers, ids and results that
// other models made, media that the model can't read, limits beyond the model's. Everything else stays as it came.
import { isObject, type JsonObject, numberOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { withoutFields } from '../refused-fields.ts';
import { ToolNames } from '../tool-names.ts';
import {
  withFittingEffort,
  withFittingThinking,
  withoutThinking,
  withPlainSchemas,
  withShortNames,
} from './fit-model.ts';
import { lacksThinking } from './lacks-thinking.ts';
import { prepareMessages } from './prepare-messages.ts';

export interface PreparedRequest {
  /** False: the client's bytes may travel as they are, but for the model's name. */
  changed: boolean;
  request: HubRequest;
  /** Shortened tool name → the client's own: then the answer has to be changed as well. */
  toolNames: ReadonlyMap<string, string>;
  /** Sentences for the log. */
  notes: string[];
}

/** Never changes `request` itself. `model` is left to the caller. */
export function prepareAnthropicRequest(request: HubRequest, target: TargetProfile): PreparedRequest {
  const notes: string[] = [];
  const names = new ToolNames();
  let body: JsonObject = request;
  for (const step of steps) body = step(body, target, notes);
  if (target.toolNames === 'short') body = withShortNames(body, names);
  // Each step returns what it was given, or a copy with known fields replaced by ones of the same type.
  return { changed: body !== request, request: body as HubRequest, toolNames: names.changed, notes };
}

const steps = [
  withDefaults,
  withinLimits,
  withFittingThinking,
  withFittingEffort,
  withPlainSchemas,
  withCleanMessages,
  withoutRefused,
];

function withDefaults(body: JsonObject, target: TargetProfile): JsonObject {
  const missing = Object.entries(target.params).filter(([key]) => body[key] === undefined);
  return missing.length === 0 ? body : { ...body, ...Object.fromEntries(missing) };
}

function withoutRefused(body: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const found = new Set<string>();
  const refused = target.quirks.refuses.filter((field) => !(field in target.params));
  const result = withoutFields(body, refused, found);
  if (found.size > 0) notes.push(`${[...found].join(', ')} dropped: ${target.provider} refuses it`);
  return result;
}

function withinLimits(body: JsonObject, { maxOutput }: TargetProfile, notes: string[]): JsonObject {
  const asked = numberOf(body.max_tokens);
  if (maxOutput === undefined || asked === undefined || asked <= maxOutput) return body;
  notes.push(`max_tokens lowered from ${asked} to ${maxOutput}`);
  const result: JsonObject = { ...body, max_tokens: maxOutput };
  const budget = isObject(body.thinking) ? numberOf(body.thinking.budget_tokens) : undefined;
  if (budget === undefined || budget < maxOutput) return result;
  // The budget must be smaller than max_tokens and at least 1024.
  if (maxOutput > 1024)
    return { ...result, thinking: { ...(body.thinking as JsonObject), budget_tokens: maxOutput - 1 } };
  return withoutThinking(result);
}

function withCleanMessages(body: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const messages = (body as HubRequest).messages as unknown as readonly JsonObject[];
  const prepared = prepareMessages(messages, target);
  if (prepared) notes.push(...prepared.notes);
  const result: JsonObject = prepared ? { ...body, messages: prepared.messages } : body;
  const fixedBudget = isObject(body.thinking) && body.thinking.type === 'enabled';
  const removed = prepared?.thinkingRemoved === true || target.thinkingHistory === 'dropped';
  if (!fixedBudget || !removed || !lacksThinking(prepared?.messages ?? messages)) return result;
  notes.push('thinking switched off for this turn: it began at another provider');
  return withoutThinking(result);
}
