// What an Anthropic upstream must not get is taken out of a request: signatures of other providers, ids and results that
// other models made, media that the model can't read, limits beyond the model's. Everything else stays as it came.
import { isObject, type JsonObject, numberOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { prepareMessages } from './prepare-messages.ts';

export interface PreparedRequest {
  /** False: the client's bytes may travel as they are, but for the model's name. */
  changed: boolean;
  request: HubRequest;
  /** Sentences for the log. */
  notes: string[];
}

/** Never changes `request` itself. `model` is left to the caller. */
export function prepareAnthropicRequest(request: HubRequest, target: TargetProfile): PreparedRequest {
  const notes: string[] = [];
  let body: JsonObject = request;
  for (const step of [withDefaults, withoutRefused, withinLimits, withCleanMessages])
    body = step(body, target, notes);
  // Each step returns what it was given, or a copy with known fields replaced by ones of the same type.
  return { changed: body !== request, request: body as HubRequest, notes };
}

function withDefaults(body: JsonObject, target: TargetProfile): JsonObject {
  const missing = Object.entries(target.params).filter(([key]) => body[key] === undefined);
  return missing.length === 0 ? body : { ...body, ...Object.fromEntries(missing) };
}

function withoutRefused(body: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const refused = target.quirks.refuses.filter((field) => field in body && !(field in target.params));
  if (refused.length === 0) return body;
  notes.push(`${refused.join(', ')} dropped: ${target.provider} refuses it`);
  return Object.fromEntries(Object.entries(body).filter(([key]) => !refused.includes(key)));
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
  if (!prepared) return body;
  notes.push(...prepared.notes);
  const result: JsonObject = { ...body, messages: prepared.messages };
  const fixedBudget = isObject(body.thinking) && body.thinking.type === 'enabled';
  if (!fixedBudget || !prepared.thinkingRemoved || !lacksThinking(prepared.messages)) return result;
  notes.push('thinking switched off for this turn: it began at another provider');
  return withoutThinking(result);
}

/** With a fixed budget the last assistant turn of a tool loop has to begin with its thinking; ours was removed. */
function lacksThinking(messages: readonly JsonObject[]): boolean {
  const content = messages.findLast((message) => message.role === 'assistant')?.content;
  if (!Array.isArray(content) || !content.some((block) => isObject(block) && block.type === 'tool_use'))
    return false;
  const first = content[0];
  return isObject(first) && first.type !== 'thinking' && first.type !== 'redacted_thinking';
}

/** Without thinking, the clearing of old thinking is refused too. */
function withoutThinking(body: JsonObject): JsonObject {
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
