// A Messages request as a chat completions request. One parse before, one stringify after; nothing here is shared with
// the original, which other attempts use too.
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../../json/values.ts';
import type { AnswerMemory, EncodedRequest, TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { outputLimit, searchQuery, sessionIdOf } from '../request-facts.ts';
import { ToolNames } from '../tool-names.ts';
import { encodeFormat } from './answer-format.ts';
import { encodeMessages } from './messages.ts';
import { otherFields } from './other-fields.ts';
import { reasoningFields } from './reasoning-request.ts';
import { encodeTools, isForced } from './tools.ts';
import { webSearchFields } from './web-search.ts';
import type { WireMessage } from './wire.ts';

export function encodeChatRequest(request: HubRequest, target: TargetProfile): EncodedRequest {
  const notes: string[] = [];
  const names = new ToolNames();
  const tools = encodeTools(request, target, names, notes);
  const { messages, toolIds } = encodeMessages(request, target, names, notes);
  const format = encodeFormat(request, target);
  if (format.instruction !== undefined) instruct(messages, format.instruction);
  const search = tools.webSearch && webSearchFields(tools.webSearch, target, notes);
  if (tools.webSearch && !search) instruct(messages, noSearch);
  const fields: JsonObject = {
    ...limitFields(request, target, notes),
    ...samplingFields(request, notes),
    ...streamFields(request, target),
    ...reasoningFields(request, target, isForced(tools.fields.tool_choice)),
    ...tools.fields,
    ...format.fields,
    ...search,
    ...sessionFields(request, target),
    ...otherFields(request, target, notes),
  };
  const memory: AnswerMemory = { toolNames: names.changed, toolIds };
  const query = searchQuery(request);
  if (objectOf(request.thinking)?.type === 'disabled') memory.hideThinking = true;
  if (tools.webSearch && search) memory.webSearchTool = textOf(tools.webSearch.name) ?? 'web_search';
  if (memory.webSearchTool !== undefined && query !== undefined) memory.webSearchQuery = query;
  return {
    path: '/chat/completions',
    body: { model: target.model, messages, ...withoutRefused(fields, target, notes) },
    memory,
    notes: [...new Set(notes)],
  };
}

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

/** The target's own parameters fill what the client left open; what the upstream refuses goes. */
function withoutRefused(fields: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const { quirks, params, provider } = target;
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) {
    if (quirks.refuses.includes(key)) notes.push(`${key} dropped: ${provider} refuses it`);
    else kept[key] = value;
  }
  const { max_tokens, max_completion_tokens, ...others } = params;
  const limit = max_completion_tokens ?? max_tokens;
  if (limit !== undefined) kept[quirks.maxTokensField] ??= limit;
  for (const [key, value] of Object.entries(others)) kept[key] ??= value;
  return kept;
}

/** Without it, models make up results and links. */
const noSearch =
  'Web search is not available. Answer from what you know, give no links, and say that you did not search.';

function instruct(messages: WireMessage[], instruction: string): void {
  const [first] = messages;
  if (first?.role !== 'system') messages.unshift({ role: 'system', content: instruction });
  else if (typeof first.content === 'string') first.content += `\n\n${instruction}`;
  else first.content.push({ type: 'text', text: instruction });
}
