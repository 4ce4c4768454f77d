// A Messages request as a Responses request. Nothing is stored at the provider: what has to come back (encrypted
// reasoning) travels through the client. Nothing here is shared with the original, which other attempts use too.
import { type JsonObject, listOf, numberOf, objectOf } from '../../json/values.ts';
import { answerMemory } from '../answer-memory.ts';
import { answerSchema, isStrictSchema, schemaInstruction } from '../answer-schema.ts';
import type { EncodedRequest } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { otherFields, settleFields } from '../other-fields.ts';
import {
  effortOf,
  isKnownWithoutReasoning,
  leastEffort,
  nearestEffort,
  readWish,
} from '../reasoning-wish.ts';
import { outputLimit, sessionIdOf } from '../request-facts.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolNames } from '../tool-names.ts';
import { noSearchInstruction } from '../web-search-text.ts';
import { encodeInput } from './input.ts';
import { type EncodedTools, encodeTools } from './tools.ts';

export function encodeResponsesRequest(request: HubRequest, target: TargetProfile): EncodedRequest {
  const notes: string[] = [];
  const names = new ToolNames();
  const tools = encodeTools(request, target, names, notes);
  const { instructions, input } = encodeInput(request, target, names, notes);
  const format = encodeFormat(request, target);
  const system = [
    instructions,
    format.instruction,
    tools.webSearch && !tools.searches && noSearchInstruction,
  ];
  const fields: JsonObject = {
    ...limitFields(request, target, notes),
    ...samplingFields(request, notes),
    ...(request.stream === true ? { stream: true } : {}),
    ...reasoningFields(request, target),
    ...includeFields(target, tools),
    ...tools.fields,
    ...format.fields,
    ...sessionFields(request, target),
    ...otherFields(request, target, ownFields, notes),
    store: false,
  };
  const head: JsonObject = { model: target.model };
  const text = system.filter(Boolean).join('\n\n');
  if (text !== '') head.instructions = text;
  return {
    path: '/responses',
    body: { ...head, ...settleFields({ input, ...fields }, target, 'max_output_tokens', notes) },
    memory: answerMemory(request, names, tools.searches ? tools.webSearch : undefined),
    notes: [...new Set(notes)],
  };
}

/** Fields of the API itself: a client that sends them means them. */
const ownFields = new Set(
  `max_tool_calls prompt_cache_key prompt_cache_retention safety_identifier top_logprobs truncation user`.split(
    ' ',
  ),
);

/** OpenAI refuses less; Claude Code probes a model with one token. */
const leastOutput = 16;

function limitFields(request: HubRequest, target: TargetProfile, notes: string[]): JsonObject {
  const limit = outputLimit(request, target, notes);
  return limit === undefined ? {} : { max_output_tokens: Math.max(limit, leastOutput) };
}

function samplingFields(request: HubRequest, notes: string[]): JsonObject {
  const fields: JsonObject = {};
  if (numberOf(request.temperature) !== undefined) fields.temperature = request.temperature;
  if (numberOf(request.top_p) !== undefined) fields.top_p = request.top_p;
  if (listOf(request.stop_sequences).length > 0)
    notes.push('stop_sequences dropped: the Responses API has none');
  return fields;
}

/** The model may be asked to reason, by all that is known of it. */
export function mayReason({ quirks, reasoning, model }: TargetProfile): boolean {
  return reasoning !== false && quirks.reasoning !== 'none' && !isKnownWithoutReasoning(model);
}

/** A summary is asked for where the client wants to see thinking. */
function reasoningFields(request: HubRequest, target: TargetProfile): JsonObject {
  if (!mayReason(target)) return {};
  const wish = readWish(request);
  const { efforts } = target.quirks;
  if (wish.thinking === 'off') {
    const least = leastEffort(efforts);
    return least === undefined ? {} : { reasoning: { effort: least } };
  }
  const effort = effortOf(wish);
  const reasoning: JsonObject = {};
  if (effort !== undefined) reasoning.effort = nearestEffort(effort, efforts);
  if (wish.thinking === 'on' && objectOf(request.thinking)?.display !== 'omitted') reasoning.summary = 'auto';
  return Object.keys(reasoning).length === 0 ? {} : { reasoning };
}

/** Models that don't reason refuse to be asked for encrypted reasoning. */
function includeFields(target: TargetProfile, tools: EncodedTools): JsonObject {
  const include: string[] = [];
  if (mayReason(target)) include.push('reasoning.encrypted_content');
  // OpenAI's own word; elsewhere sources come as citations.
  if (tools.searches && target.quirks.webSearch === 'web_search_tool')
    include.push('web_search_call.action.sources');
  return include.length === 0 ? {} : { include };
}

/** The session's id keeps a conversation on one cache. */
function sessionFields(request: HubRequest, { quirks }: TargetProfile): JsonObject {
  const session = quirks.promptCacheKey ? sessionIdOf(request) : undefined;
  return session === undefined ? {} : { prompt_cache_key: session };
}

/** `fields` of the request, and an instruction where the upstream can't be given the answer's schema. */
export function encodeFormat(
  request: HubRequest,
  { quirks }: TargetProfile,
): { fields: JsonObject; instruction?: string } {
  const schema = answerSchema(request);
  if (!schema) return { fields: {} };
  const way = quirks.refuses.includes('text') ? 'prompt' : (quirks.jsonSchema ?? 'json_schema');
  if (way === 'json_schema')
    return {
      fields: {
        text: { format: { type: 'json_schema', name: 'answer', schema, strict: isStrictSchema(schema) } },
      },
    };
  return {
    fields: way === 'json_object' ? { text: { format: { type: 'json_object' } } } : {},
    instruction: schemaInstruction(schema),
  };
}
