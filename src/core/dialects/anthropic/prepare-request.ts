// What an Anthropic upstream must not get is taken out of a request: signatures of other providers, ids and results that
// other models made, media that the model can't read, limits beyond the model's. Everything else stays as it came.
import { isObject, type JsonObject, numberOf } from '../../json/values.ts';
import type { HubRequest } from '../hub.ts';
import { withDefaults, withLimit, withoutRefused } from '../relay-fields.ts';
import type { TargetProfile } from '../target-profile.ts';
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

const limitField = 'max_tokens';
const needed = ['model', 'messages'];

const steps: readonly ((body: JsonObject, target: TargetProfile, notes: string[]) => JsonObject)[] = [
  (body, target) => withDefaults(body, target, limitField),
  withinLimits,
  withFittingThinking,
  withFittingEffort,
  withPlainSchemas,
  withCleanMessages,
  (body, target, notes) => withoutRefused(body, target, needed, notes),
];

function withinLimits(body: JsonObject, { maxOutput }: TargetProfile, notes: string[]): JsonObject {
  const result = withLimit(body, [limitField], limitField, maxOutput, notes);
  if (result === body || maxOutput === undefined) return body;
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
