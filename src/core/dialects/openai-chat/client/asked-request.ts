// A chat completions request as a Messages request.
import { type JsonObject, listOf, numberOf } from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { sessionFields } from '../../asked-session.ts';
import type { HubRequest } from '../../hub.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';
import { isHubField } from '../../other-fields.ts';
import { askedFormat } from './asked-format.ts';
import { askedMessages } from './asked-messages.ts';
import { askedReasoning, reasoningFieldNames } from './asked-reasoning.ts';
import { askedTools } from './asked-tools.ts';

/** Throws `ClientError` (400) that names the field. */
export function decodeChatRequest(body: Record<string, unknown>, carried?: Carried): HubRequest {
  if (typeof body.model !== 'string')
    throw refused(
      body.model === undefined
        ? "Missing required parameter: 'model'."
        : "Invalid type for 'model': expected a string.",
    );
  checkAnswerable(body, carried);
  const { system, messages } = askedMessages(body.messages, carried);
  const { tools, choice } = askedTools(body);
  const format = askedFormat(body.response_format, carried);
  if (format.instruction !== undefined) system.push({ type: 'text', text: format.instruction });
  const limit = outputLimit(body);
  const { thinking, effort } = askedReasoning(body, limit);
  const config: JsonObject = {
    ...(effort === undefined ? {} : { effort }),
    ...(format.format ? { format: format.format } : {}),
  };
  const request: JsonObject = {
    ...otherFields(body),
    ...format.fields,
    ...samplingFields(body),
    ...sessionFields(body),
    model: body.model,
    messages,
  };
  if (system.length > 0) request.system = system;
  if (tools.length > 0) request.tools = tools;
  if (choice) request.tool_choice = choice;
  // May be missing: upstreams that need it have a default.
  if (limit !== undefined) request.max_tokens = limit;
  if (thinking) request.thinking = thinking;
  if (Object.keys(config).length > 0) request.output_config = config;
  if (body.stream === true) request.stream = true;
  return request as unknown as HubRequest;
}

/** What no answer of the hub could hold. Saying nothing would give the client half of what it asked for. */
function checkAnswerable(body: JsonObject, carried: Carried): void {
  const { n, modalities, stream } = body;
  if (n !== undefined && n !== null && n !== 1)
    onlyCarried(
      refused("Unsupported value: 'n' must be 1. Only one choice can be given; ask several times instead."),
      carried,
    );
  if (listOf(modalities).includes('audio'))
    onlyCarried(refused("Unsupported value: 'modalities' with 'audio'. Only text can be answered."), carried);
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw refused("Invalid type for 'stream': expected a boolean.");
}

/** Zero and less mean "no limit" to some clients. */
function outputLimit(body: JsonObject): number | undefined {
  for (const field of ['max_completion_tokens', 'max_tokens']) {
    const value = numberIn(body, field);
    if (value === undefined) continue;
    if (!Number.isInteger(value)) throw refused(`Invalid type for '${field}': expected an integer.`);
    if (value > 0) return value;
  }
  return undefined;
}

function numberIn(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw refused(`Invalid type for '${field}': expected a number.`);
  return number;
}

function samplingFields(body: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const field of ['temperature', 'top_p', 'top_k']) {
    const value = numberIn(body, field);
    if (value !== undefined) fields[field] = value;
  }
  const { stop } = body;
  if (stop === undefined || stop === null) return fields;
  const stops = Array.isArray(stop) ? stop : [stop];
  if (stops.some((word) => typeof word !== 'string'))
    throw refused("Invalid type for 'stop': expected a string or a list of strings.");
  const words = stops.filter((word) => word !== '');
  if (words.length > 0) fields.stop_sequences = words;
  return fields;
}

/** Converted here, or without meaning to an upstream that is not OpenAI itself. */
const settled: ReadonlySet<string> = new Set([
  ...reasoningFieldNames,
  ...`max_completion_tokens stop n user prompt_cache_key safety_identifier stream_options functions function_call
  parallel_tool_calls response_format web_search_options store prompt_cache_retention logprobs top_logprobs modalities
  audio`.split(/\s+/),
]);

/** `seed`, `logit_bias` and whatever a client sends to a server that it knows: for upstreams that know it too. */
function otherFields(body: JsonObject): JsonObject {
  const kept = Object.entries(body).filter(
    ([key, value]) => !settled.has(key) && !isHubField(key) && value !== null && value !== undefined,
  );
  return Object.fromEntries(kept);
}
