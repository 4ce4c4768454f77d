// What a chat completions upstream must not get is taken out of a chat client's request; everything else stays as it
// came, fields that nobody here knows included.

import { withList, without } from '../../../json/edits.ts';
import { type JsonObject, listOf, objectOf, textOf } from '../../../json/values.ts';
import type { HubRequest } from '../../hub.ts';
import { isKnownWithoutReasoning, nearestEffort } from '../../reasoning-wish.ts';
import { dropped, withDefaults, withLimit, withoutRefused } from '../../relay-fields.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { encodeFormat } from '../answer-format.ts';
import { reasoningFieldNames } from '../client/asked-reasoning.ts';
import { reasoningFields } from '../reasoning-request.ts';
import { isForced } from '../tools.ts';
import { instructed, prepareMessages, withoutMarks } from './prepare-messages.ts';

export interface PreparedChat {
  prepared: JsonObject;
  /** The client did not ask for the counts that the stream will end with. */
  usageHidden: boolean;
  notes: string[];
}

export function prepareChatRequest(
  body: Readonly<JsonObject>,
  hub: HubRequest,
  target: TargetProfile,
): PreparedChat {
  const notes: string[] = [];
  const { quirks } = target;
  const limits = ['max_completion_tokens', 'max_tokens'];
  let next: JsonObject = withList(body, 'messages', prepareMessages(listOf(body.messages), target, notes));
  if (Array.isArray(next.tools)) next = withList(next, 'tools', withoutMarks(next.tools, quirks));
  next = withLimit(next, limits, quirks.maxTokensField, target.maxOutput, notes);
  next = withReasoning(next, hub, target, notes);
  next = withFormat(next, hub, target, notes);
  next = withStreamOptions(next, target, notes);
  if (!quirks.parallelToolCalls) next = dropped(next, ['parallel_tool_calls'], target, notes);
  next = withoutRefused(next, target, ['model', 'messages'], notes);
  next = withDefaults(next, target, quirks.maxTokensField);
  return {
    prepared: { ...next, model: target.model },
    usageHidden: body.stream === true && objectOf(body.stream_options)?.include_usage !== true,
    notes: [...new Set(notes)],
  };
}

/** The words of each way to ask for reasoning. */
const ownWords: Readonly<Record<TargetProfile['quirks']['reasoning'], readonly string[]>> = {
  effort: ['reasoning_effort'],
  openrouter: ['reasoning', 'reasoning_effort'],
  thinking: ['thinking'],
  enable_thinking: ['enable_thinking', 'thinking_budget'],
  none: [],
};

/** Clients ask in the words of the server that they were made for: the upstream gets its own. */
function withReasoning(
  body: JsonObject,
  hub: HubRequest,
  target: TargetProfile,
  notes: string[],
): JsonObject {
  const said = reasoningFieldNames.filter((name) => body[name] !== undefined && body[name] !== null);
  if (said.length === 0) return body;
  const { reasoning, efforts } = target.quirks;
  if (reasoning === 'none' || target.reasoning === false || isKnownWithoutReasoning(target.model))
    return dropped(body, said, target, notes);
  const own = said.filter((name) => ownWords[reasoning].includes(name));
  const foreign = said.filter((name) => !own.includes(name));
  let next = body;
  if (foreign.length > 0) {
    notes.push(`${foreign.join(', ')} said in the words of ${target.provider}`);
    const meant = own.length > 0 ? {} : reasoningFields(hub, target, isForced(body.tool_choice));
    next = { ...without(body, foreign), ...meant };
  }
  const effort = textOf(next.reasoning_effort);
  const nearest = effort === undefined || !efforts ? effort : nearestEffort(effort, efforts);
  return nearest === effort ? next : { ...next, reasoning_effort: nearest };
}

/** A schema that the upstream can't be given is said in words. */
function withFormat(body: JsonObject, hub: HubRequest, target: TargetProfile, notes: string[]): JsonObject {
  if (objectOf(body.response_format)?.type !== 'json_schema') return body;
  const { fields, instruction } = encodeFormat(hub, target);
  if (instruction === undefined) return body;
  notes.push(`the answer's schema said in words: ${target.provider} does not take it`);
  const rest = without(body, ['response_format']);
  return { ...rest, messages: instructed(listOf(body.messages), instruction), ...fields };
}

/** Streams end with their counts, which the router wants to know; servers that don't know the field refuse it. */
function withStreamOptions(body: JsonObject, { quirks }: TargetProfile, notes: string[]): JsonObject {
  if (body.stream !== true) return body;
  const options = objectOf(body.stream_options) ?? {};
  if (quirks.streamUsage)
    return options.include_usage === true
      ? body
      : { ...body, stream_options: { ...options, include_usage: true } };
  if (!('include_usage' in options)) return body;
  notes.push('stream_options.include_usage dropped: the provider does not know it');
  const others = without(options, ['include_usage']);
  return Object.keys(others).length === 0
    ? without(body, ['stream_options'])
    : { ...body, stream_options: others };
}
