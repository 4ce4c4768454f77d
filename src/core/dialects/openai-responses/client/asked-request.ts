// A Responses request as a Messages request.
import { isObject, type JsonObject, listOf, numberOf, objectOf, textOf } from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { sessionFields } from '../../asked-session.ts';
import type { HubRequest } from '../../hub.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';
import { askedInput } from './asked-input.ts';
import { askedChoice, askedTools } from './asked-tools.ts';

/** Throws `ClientError` (400) that names the field. */
export function decodeResponsesRequest(body: Record<string, unknown>, carried?: Carried): HubRequest {
  if (typeof body.model !== 'string')
    throw refused(
      body.model === undefined
        ? "Missing required parameter: 'model'."
        : "Invalid type for 'model': expected a string.",
    );
  const stored = checkStored(body, carried);
  // What is stored may be all that there is to say.
  const input =
    stored.length > 0 && listOf(body.input).length === 0 ? (textOf(body.input) ?? stored) : body.input;
  const { system, messages } = askedInput(input, carried);
  const instructions = textOf(body.instructions);
  if (instructions !== undefined) system.unshift({ type: 'text', text: instructions });
  const { tools, choice } = askedChoice(body, askedTools(body));
  const request: JsonObject = { model: body.model, messages };
  if (system.length > 0) request.system = system;
  if (tools.length > 0) request.tools = tools;
  if (choice && tools.length > 0) request.tool_choice = choice;
  Object.assign(request, numberFields(body), reasoningFields(body), sessionFields(body));
  if (body.stream !== undefined && body.stream !== null) {
    if (typeof body.stream !== 'boolean') throw refused("Invalid type for 'stream': expected a boolean.");
    request.stream = body.stream;
  }
  // `max_tokens` may be missing: upstreams that need it have a default.
  return request as unknown as HubRequest;
}

/** What would have to be remembered from earlier requests. Saying nothing would lose the conversation. */
function checkStored(body: JsonObject, carried: Carried): JsonObject[] {
  const stored = ['previous_response_id', 'conversation', 'prompt'].flatMap((field) =>
    body[field] === undefined || body[field] === null
      ? []
      : onlyCarried(
          refused(`Unsupported parameter: '${field}'. Nothing is stored here: send the whole input instead.`),
          carried,
        ),
  );
  if (body.background === true)
    onlyCarried(
      refused("Unsupported parameter: 'background'. Nothing is stored here: wait for the answer instead."),
      carried,
    );
  return stored.length === 0 ? [] : [{ role: 'user', content: stored }];
}

const numbers = { max_output_tokens: 'max_tokens', temperature: 'temperature', top_p: 'top_p' } as const;

function numberFields(body: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const [asked, own] of Object.entries(numbers)) {
    const value = body[asked];
    if (value === undefined || value === null) continue;
    if (numberOf(value) === undefined) throw refused(`Invalid type for '${asked}': expected a number.`);
    fields[own] = value;
  }
  return fields;
}

/** Effort and answer format share a field in the hub. */
function reasoningFields(body: JsonObject): JsonObject {
  const reasoning = objectOf(body.reasoning) ?? {};
  const asked = textOf(reasoning.effort);
  const summary = textOf(reasoning.summary) ?? textOf(reasoning.generate_summary);
  const config: JsonObject = {};
  const fields: JsonObject = {};
  if (asked === 'none') fields.thinking = { type: 'disabled' };
  else if (asked !== undefined || summary !== undefined) {
    const display = summary === undefined || summary === 'none' ? 'omitted' : 'summarized';
    fields.thinking = { type: 'adaptive', display };
    if (asked !== undefined) config.effort = asked === 'minimal' ? 'low' : asked;
  }
  const format = objectOf(objectOf(body.text)?.format);
  if (format?.type === 'json_schema') {
    if (!isObject(format.schema)) throw refused("Missing required parameter: 'text.format.schema'.");
    config.format = { type: 'json_schema', schema: format.schema };
  }
  if (Object.keys(config).length > 0) fields.output_config = config;
  return fields;
}
