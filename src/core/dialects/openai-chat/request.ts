// A Messages request as a chat completions request. One parse before, one stringify after; nothing here is shared with
// the original, which other attempts use too.
import { type JsonObject, listOf, numberOf, textOf } from '../../json/values.ts';
import { answerMemory } from '../answer-memory.ts';
import type { EncodedRequest } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { otherFields, settleFields } from '../other-fields.ts';
import { outputLimit, sessionIdOf } from '../request-facts.ts';
import { askSearch } from '../search-request.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolNames } from '../tool-names.ts';
import { noSearchInstruction } from '../web-search-text.ts';
import { encodeFormat } from './answer-format.ts';
import { encodeMessages } from './messages.ts';
import { reasoningFields } from './reasoning-request.ts';
import { encodeTools, isForced } from './tools.ts';
import type { WireMessage } from './wire.ts';

export function encodeChatRequest(request: HubRequest, target: TargetProfile): EncodedRequest {
  const notes: string[] = [];
  const names = new ToolNames();
  const tools = encodeTools(request, target, names, notes);
  const messages = encodeMessages(request, target, names, notes);
  const format = encodeFormat(request, target);
  if (format.instruction !== undefined) instruct(messages, format.instruction);
  const search = tools.webSearch && askSearch(tools.webSearch, !tools.fields.tools, target, notes);
  if (tools.webSearch && !search) instruct(messages, noSearchInstruction);
  const fields: JsonObject = {
    ...limitFields(request, target, notes),
    ...samplingFields(request, notes),
    ...(search?.echoed ? {} : streamFields(request, target)),
    ...reasoningFields(request, target, isForced(tools.fields.tool_choice)),
    ...tools.fields,
    ...(search?.tool ? { tools: [...listOf(tools.fields.tools), search.tool] } : {}),
    ...format.fields,
    ...search?.fields,
    ...sessionFields(request, target),
    ...otherFields(request, target, ownFields, notes),
  };
  return {
    path: '/chat/completions',
    body: {
      model: target.model,
      ...settleFields({ messages, ...fields }, target, target.quirks.maxTokensField, notes),
    },
    memory: answerMemory(request, names, search && tools.webSearch, search?.echoed),
    notes: [...new Set(notes)],
  };
}

/** Fields of chat completions themselves: a client that sends them means them. */
const ownFields = new Set(
  `frequency_penalty logit_bias logprobs presence_penalty seed top_logprobs verbosity prompt_cache_key safety_identifier
   prediction modalities audio web_search_options reasoning_effort response_format`.split(/\s+/),
);

function limitFields(request: HubRequest, target: TargetProfile, notes: string[]): JsonObject {
  const limit = outputLimit(request, target, notes);
  return limit === undefined ? {} : { [target.quirks.maxTokensField]: limit };
}

/** OpenAI and most of its imitators take four. */
const mostStops = 4;

function samplingFields(request: HubRequest, notes: string[]): JsonObject {
  const fields: JsonObject = {};
  if (numberOf(request.temperature) !== undefined) fields.temperature = request.temperature;
  if (numberOf(request.top_p) !== undefined) fields.top_p = request.top_p;
  const stops = listOf(request.stop_sequences).filter((stop) => textOf(stop) !== undefined);
  if (stops.length > mostStops)
    notes.push(`${stops.length - mostStops} stop sequences dropped: only ${mostStops} are taken`);
  if (stops.length > 0) fields.stop = stops.slice(0, mostStops);
  return fields;
}

function streamFields(request: HubRequest, { quirks }: TargetProfile): JsonObject {
  if (request.stream !== true) return {};
  return quirks.streamUsage ? { stream: true, stream_options: { include_usage: true } } : { stream: true };
}

/** The session's id keeps a conversation on one cache. */
function sessionFields(request: HubRequest, { quirks }: TargetProfile): JsonObject {
  const session = quirks.promptCacheKey ? sessionIdOf(request) : undefined;
  return session === undefined ? {} : { prompt_cache_key: session };
}

function instruct(messages: WireMessage[], instruction: string): void {
  const [first] = messages;
  if (first?.role !== 'system') messages.unshift({ role: 'system', content: instruction });
  else if (typeof first.content === 'string') first.content += `\n\n${instruction}`;
  else first.content.push({ type: 'text', text: instruction });
}
