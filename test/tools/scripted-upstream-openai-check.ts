// Refuses what OpenAI's Chat Completions API refuses, in its words; and what the stricter of its imitators refuse
// (empty messages, arguments that are no JSON object).
import { isObject, type JsonObject, listAt, objectAt, Refusal, textAt } from './scripted-upstream-types.ts';

export interface OpenAiRules {
  maxOutput: number | undefined;
  /**
   * Fields beyond OpenAI's own that this upstream takes, in the request and in messages (`thinking`, `reasoning_content`, …);
   * `reasoning_effort`: levels of its own, as DeepSeek's `max`.
   */
  extensions: readonly string[];
}

const requestFields = new Set(
  `model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata
   modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort
   response_format safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools
   top_logprobs top_p user verbosity web_search_options`.split(/\s+/),
);
const messageFields: Record<string, string[]> = {
  system: ['role', 'content', 'name'],
  developer: ['role', 'content', 'name'],
  user: ['role', 'content', 'name'],
  assistant: ['role', 'content', 'name', 'refusal', 'tool_calls', 'function_call', 'audio'],
  tool: ['role', 'content', 'tool_call_id'],
};
const partTypes: Record<string, string[]> = {
  system: ['text'],
  developer: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file'],
  assistant: ['text', 'refusal'],
  tool: ['text'],
};
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];

/** Throws `Refusal` for a request that the real API would answer with 4xx. */
export function checkOpenAi(body: JsonObject, rules: OpenAiRules): void {
  if (typeof body.model !== 'string') throw new Refusal('you must provide a model parameter');
  for (const field of Object.keys(body))
    if (!requestFields.has(field) && !rules.extensions.includes(field))
      throw new Refusal(`Unknown parameter: '${field}'.`, { param: field, code: 'unknown_parameter' });
  checkLimits(body, rules);
  checkTools(body);
  checkFormat(body);
  checkMessages(body, rules);
}

function empty(param: string): Refusal {
  return new Refusal(
    `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    { param, code: 'empty_array' },
  );
}

function badValue(value: unknown, known: readonly string[], param: string): Refusal {
  const names = known.map((name) => `'${name}'`).join(', ');
  return new Refusal(`Invalid value: '${value}'. Supported values are: ${names}.`, {
    param,
    code: 'invalid_value',
  });
}

function tooLong(param: string, most: number, length: number, kind: 'string' | 'array'): Refusal {
  return new Refusal(
    `Invalid '${param}': ${kind} too long. Expected ${kind === 'array' ? 'an array' : 'a string'} with maximum length ${most}, ` +
      `but got ${kind === 'array' ? 'an array' : 'a string'} with length ${length} instead.`,
    { param, code: `${kind}_above_max_length` },
  );
}

function checkName(name: unknown, param: string): string {
  const text = textAt(name, param);
  if (text.length > 64) throw tooLong(param, 64, text.length, 'string');
  if (!/^[a-zA-Z0-9_-]+$/.test(text))
    throw new Refusal(
      `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
      { param, code: 'invalid_value' },
    );
  return text;
}

function checkLimits(body: JsonObject, rules: OpenAiRules): void {
  const { max_tokens: old, max_completion_tokens: limit, temperature, stop, reasoning_effort: effort } = body;
  if (old !== undefined && limit !== undefined)
    throw new Refusal("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
  for (const [field, value] of Object.entries({ max_tokens: old, max_completion_tokens: limit })) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw new Refusal(`Invalid type for '${field}': expected an integer.`, { param: field });
    if (value < 1)
      throw new Refusal(
        `Invalid '${field}': integer below minimum value. Expected a value >= 1, but got ${value} instead.`,
        { param: field, code: 'integer_below_min_value' },
      );
    if (rules.maxOutput !== undefined && value > rules.maxOutput)
      throw new Refusal(
        `${field} is too large: ${value}. This model supports at most ${rules.maxOutput} completion tokens, whereas you provided ${value}.`,
        { param: field, code: 'invalid_value' },
      );
  }
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 2))
    throw new Refusal(`Invalid 'temperature': expected a decimal between 0 and 2.`, { param: 'temperature' });
  if (Array.isArray(stop)) {
    if (stop.length === 0) throw empty('stop');
    if (stop.length > 4) throw tooLong('stop', 4, stop.length, 'array');
  }
  const levels = rules.extensions.includes('reasoning_effort') ? undefined : efforts;
  if (effort !== undefined && levels?.includes(String(effort)) === false)
    throw badValue(effort, efforts, 'reasoning_effort');
  if (body.stream_options !== undefined && body.stream !== true)
    throw new Refusal("The 'stream_options' parameter is only allowed when 'stream' is enabled.", {
      param: 'stream_options',
    });
}

function checkTools(body: JsonObject): void {
  const { tools } = body;
  const names: string[] = [];
  if (tools !== undefined) {
    const list = listAt(tools, 'tools');
    if (list.length === 0) throw empty('tools');
    if (list.length > 128) throw tooLong('tools', 128, list.length, 'array');
    for (const [index, value] of list.entries()) {
      const tool = objectAt(value, `tools[${index}]`);
      if (tool.type !== 'function') throw badValue(tool.type, ['function', 'custom'], `tools[${index}].type`);
      for (const field of Object.keys(tool))
        if (field !== 'type' && field !== 'function')
          throw new Refusal(`Unknown parameter: 'tools[${index}].${field}'.`, { code: 'unknown_parameter' });
      names.push(checkFunction(objectAt(tool.function, `tools[${index}].function`), index));
    }
    if (new Set(names).size !== names.length)
      throw new Refusal('Tool names must be unique.', { param: 'tools' });
  }
  for (const field of ['tool_choice', 'parallel_tool_calls'])
    if (body[field] !== undefined && names.length === 0)
      throw new Refusal(
        `Invalid value for '${field}': '${field}' is only allowed when 'tools' are specified.`,
        {
          param: field,
        },
      );
  const choice = body.tool_choice;
  if (typeof choice === 'string' && !['none', 'auto', 'required'].includes(choice))
    throw badValue(choice, ['none', 'auto', 'required'], 'tool_choice');
  if (isObject(choice)) {
    const name = isObject(choice.function) ? choice.function.name : undefined;
    if (choice.type !== 'function' || !names.includes(String(name)))
      throw new Refusal(`Tool choice 'function' not found in 'tools' parameter.`, { param: 'tool_choice' });
  }
}

function checkFunction(definition: JsonObject, index: number): string {
  const place = `tools[${index}].function`;
  const name = checkName(definition.name, `${place}.name`);
  for (const field of Object.keys(definition))
    if (!['name', 'description', 'parameters', 'strict'].includes(field))
      throw new Refusal(`Unknown parameter: '${place}.${field}'.`, { code: 'unknown_parameter' });
  const { parameters } = definition;
  if (parameters !== undefined && (!isObject(parameters) || parameters.type !== 'object')) {
    const type = isObject(parameters) ? parameters.type : undefined;
    throw new Refusal(
      `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: "${type ?? 'None'}"'.`,
      { param: `${place}.parameters`, code: 'invalid_function_parameters' },
    );
  }
  return name;
}

function checkFormat(body: JsonObject): void {
  if (body.response_format === undefined) return;
  const format = objectAt(body.response_format, 'response_format');
  const types = ['json_object', 'json_schema', 'text'];
  if (!types.includes(String(format.type))) throw badValue(format.type, types, 'response_format.type');
  if (format.type !== 'json_schema') return;
  const schema = objectAt(format.json_schema, 'response_format.json_schema');
  checkName(schema.name, 'response_format.json_schema.name');
  const shape = objectAt(schema.schema, 'response_format.json_schema.schema');
  if (schema.strict === true && shape.additionalProperties !== false)
    throw new Refusal(
      `Invalid schema for response_format '${schema.name}': In context=(), 'additionalProperties' is required to be supplied and to be false.`,
      { param: 'response_format' },
    );
}

function checkMessages(body: JsonObject, rules: OpenAiRules): void {
  const messages = listAt(body.messages, 'messages');
  if (messages.length === 0) throw empty('messages');
  let open: string[] = [];
  for (const [index, value] of messages.entries()) {
    const place = `messages[${index}]`;
    const message = objectAt(value, place);
    const role = String(message.role);
    const fields = messageFields[role];
    if (fields === undefined) throw badValue(role, Object.keys(messageFields), `${place}.role`);
    for (const field of Object.keys(message))
      if (!fields.includes(field) && !rules.extensions.includes(field))
        throw new Refusal(`Unknown parameter: '${place}.${field}'.`, {
          param: `${place}.${field}`,
          code: 'unknown_parameter',
        });
    checkContent(message, role, index, rules);
    if (role === 'tool') {
      const id = textAt(message.tool_call_id, `${place}.tool_call_id`);
      if (!open.includes(id))
        throw new Refusal(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          { param: `messages.[${index}].role` },
        );
      open = open.filter((other) => other !== id);
      continue;
    }
    if (open.length > 0) throw unanswered(open, index);
    if (role === 'assistant') open = checkCalls(message, place);
  }
  if (open.length > 0) throw unanswered(open, messages.length);
}

function unanswered(ids: string[], index: number): Refusal {
  return new Refusal(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. ` +
      `The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    { param: `messages.[${index}].role` },
  );
}

function checkContent(message: JsonObject, role: string, index: number, rules: OpenAiRules): void {
  const place = `messages[${index}].content`;
  const { content } = message;
  const blank =
    content === null || content === undefined || (typeof content === 'string' && content.trim() === '');
  if (blank && role === 'assistant' && message.tool_calls !== undefined) return;
  if (blank && role !== 'tool')
    throw new Refusal(`Invalid request: message at position ${index} with role '${role}' must not be empty`, {
      param: place,
    });
  if (typeof content === 'string') return;
  const parts = listAt(content, place);
  if (parts.length === 0) throw empty(place);
  for (const [at, value] of parts.entries()) {
    const part = objectAt(value, `${place}[${at}]`);
    const type = String(part.type);
    if (!partTypes[role]?.includes(type)) throw badPart(type, role, index, at);
    for (const field of Object.keys(part))
      if (field !== 'type' && field !== type && !rules.extensions.includes(field))
        throw new Refusal(`Unknown parameter: '${place}[${at}].${field}'.`, { code: 'unknown_parameter' });
    if (type === 'text' && textAt(part.text, `${place}[${at}].text`) === '')
      throw new Refusal(`Invalid '${place}[${at}].text': empty string.`, { param: place });
    if (type === 'image_url') checkImage(objectAt(part.image_url, `${place}[${at}].image_url`));
    if (type === 'file') {
      const { file_data: data, file_id: id } = objectAt(part.file, `${place}[${at}].file`);
      if (id === undefined && !String(data).startsWith('data:application/pdf;base64,JVBERi'))
        throw new Refusal(`Missing required parameter: '${place}[${at}].file.file_id'.`, { param: place });
    }
  }
}

function badPart(type: string, role: string, index: number, at: number): Refusal {
  const param = `messages.[${index}].content.[${at}].type`;
  if (type === 'image_url')
    return new Refusal(
      `Invalid 'messages[${index}]'. Image URLs are only allowed for messages with role 'user', but this message with role '${role}' contains an image URL.`,
      { param, code: 'invalid_value' },
    );
  return badValue(type, partTypes[role] ?? [], param);
}

function checkImage({ url }: JsonObject): void {
  const text = textAt(url, 'image_url.url');
  if (/^https?:\/\//.test(text)) return;
  if (!/^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw new Refusal('Invalid base64 image_url.', { code: 'invalid_base64' });
}

/** Returns the ids that need a tool message each. */
function checkCalls(message: JsonObject, place: string): string[] {
  if (message.tool_calls === undefined) return [];
  const calls = listAt(message.tool_calls, `${place}.tool_calls`);
  if (calls.length === 0) throw empty(`${place}.tool_calls`);
  const ids = calls.map((value, at) => {
    const here = `${place}.tool_calls[${at}]`;
    const call = objectAt(value, here);
    if (call.type !== 'function') throw badValue(call.type, ['function', 'custom'], `${here}.type`);
    const id = textAt(call.id, `${here}.id`);
    if (id === '') throw new Refusal(`Invalid '${here}.id': empty string.`, { param: `${here}.id` });
    if (id.length > 40) throw tooLong(`${here}.id`, 40, id.length, 'string');
    const { name, arguments: text } = objectAt(call.function, `${here}.function`);
    checkName(name, `${here}.function.name`);
    if (!isJsonObject(textAt(text, `${here}.function.arguments`)))
      throw new Refusal(`Invalid '${here}.function.arguments': not a JSON object.`, { param: here });
    return id;
  });
  if (new Set(ids).size !== ids.length)
    throw new Refusal(`Duplicate value for 'tool_call_id'`, { param: `${place}.tool_calls` });
  return ids;
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
