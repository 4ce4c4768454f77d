// Refuses what OpenAI's Responses API refuses, in its words; and calls that stand apart from their results, as DeepSeek does.
import { isObject, type JsonObject, listAt, objectAt, Refusal, textAt } from './scripted-upstream-types.ts';

export interface ResponsesRules {
  maxOutput?: number | undefined;
  /** Fields beyond OpenAI's own that this upstream takes, in the request (`stop`, …); `reasoning_text`: open thinking. */
  extensions?: readonly string[];
  /** Encrypted contents that this upstream has made; without the list all pass. */
  signatures?: ReadonlySet<string>;
}

const requestFields = new Set(
  `background client_metadata context_management conversation include input instructions max_output_tokens max_tool_calls
   metadata model parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options
   prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature text tool_choice
   tools top_logprobs top_p truncation user`.split(/\s+/),
);
const roles = ['assistant', 'system', 'developer', 'user'];
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];
/** Items that only OpenAI's own tools bring about; nothing is asked of them. */
const otherItems = new Set(
  `custom_tool_call custom_tool_call_output web_search_call tool_search_call tool_search_output additional_tools compaction
   file_search_call code_interpreter_call mcp_call mcp_list_tools local_shell_call local_shell_call_output`.split(
    /\s+/,
  ),
);
const toolKinds = new Set(
  `function custom namespace web_search web_search_preview file_search code_interpreter computer_use_preview
   image_generation local_shell shell apply_patch mcp tool_search`.split(/\s+/),
);
const choices = ['none', 'auto', 'required'];

/** Throws `Refusal` for a request that the real API would answer with 4xx. */
export function checkResponses(body: JsonObject, rules: ResponsesRules = {}): void {
  const { extensions = [] } = rules;
  if (typeof body.model !== 'string')
    throw new Refusal("Missing required parameter: 'model'.", { param: 'model' });
  for (const field of Object.keys(body))
    if (!requestFields.has(field) && !extensions.includes(field))
      throw new Refusal(`Unknown parameter: '${field}'.`, { param: field, code: 'unknown_parameter' });
  checkLimits(body, rules);
  checkTools(body);
  checkFormat(body);
  if (typeof body.input !== 'string') checkItems(listAt(body.input, 'input'), rules);
}

function checkLimits(body: JsonObject, { maxOutput }: ResponsesRules): void {
  const { max_output_tokens: limit, temperature, reasoning } = body;
  if (limit !== undefined && limit !== null) {
    if (typeof limit !== 'number' || !Number.isInteger(limit))
      throw new Refusal("Invalid type for 'max_output_tokens': expected an integer.");
    if (limit < 16)
      throw new Refusal(
        `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`,
        { param: 'max_output_tokens', code: 'integer_below_min_value' },
      );
    if (maxOutput !== undefined && limit > maxOutput)
      throw new Refusal(
        `max_output_tokens is too large: ${limit}. This model supports at most ${maxOutput}.`,
      );
  }
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 2))
    throw new Refusal(`Invalid 'temperature': expected a decimal between 0 and 2.`, { param: 'temperature' });
  if (!isObject(reasoning)) return;
  const { effort, summary } = reasoning;
  if (effort !== undefined && effort !== null && !efforts.includes(String(effort)))
    throw badValue(effort, efforts, 'reasoning.effort');
  const summaries = ['concise', 'detailed', 'auto'];
  if (summary !== undefined && summary !== null && !summaries.includes(String(summary)))
    throw badValue(summary, summaries, 'reasoning.summary');
}

function badValue(value: unknown, known: readonly string[], param: string): Refusal {
  const names = known.map((name) => `'${name}'`).join(', ');
  return new Refusal(`Invalid value: '${value}'. Supported values are: ${names}.`, {
    param,
    code: 'invalid_value',
  });
}

function missing(param: string): Refusal {
  return new Refusal(`Missing required parameter: '${param}'.`, {
    param,
    code: 'missing_required_parameter',
  });
}

function checkName(name: unknown, param: string): string {
  const text = textAt(name, param);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(text))
    throw new Refusal(
      `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
      { param, code: 'invalid_value' },
    );
  return text;
}

function checkTools(body: JsonObject): void {
  const names: string[] = [];
  const tools = listAt(body.tools ?? [], 'tools');
  if (tools.length > 128) throw new Refusal("Invalid 'tools': array too long.", { param: 'tools' });
  for (const [index, value] of tools.entries()) {
    const tool = objectAt(value, `tools[${index}]`);
    if (!toolKinds.has(String(tool.type))) throw badValue(tool.type, [...toolKinds], `tools[${index}].type`);
    if (tool.type === 'function') names.push(checkFunction(tool, `tools[${index}]`));
  }
  if (new Set(names).size !== names.length)
    throw new Refusal('Tool names must be unique.', { param: 'tools' });
  const choice = body.tool_choice;
  // Codex offers tools in the input too, and then says "auto" without any here.
  if (typeof choice === 'string') {
    if (!choices.includes(choice)) throw badValue(choice, choices, 'tool_choice');
    if (choice === 'required' && tools.length === 0)
      throw new Refusal("Tool choice 'required' must be specified with 'tools' parameter.", {
        param: 'tool_choice',
      });
  }
  if (isObject(choice) && choice.type === 'function' && !names.includes(String(choice.name)))
    throw new Refusal(`Tool choice 'function' not found in 'tools' parameter.`, { param: 'tool_choice' });
}

function checkFunction(tool: JsonObject, place: string): string {
  const name = checkName(tool.name, `${place}.name`);
  for (const field of Object.keys(tool))
    if (!['type', 'name', 'description', 'parameters', 'strict', 'defer_loading'].includes(field))
      throw new Refusal(`Unknown parameter: '${place}.${field}'.`, { code: 'unknown_parameter' });
  const { parameters } = tool;
  if (parameters === undefined || parameters === null) return name;
  const type = isObject(parameters) ? parameters.type : undefined;
  const fault =
    type !== 'object'
      ? `schema must be a JSON Schema of 'type: "object"', got 'type: "${type ?? 'None'}"'.`
      : // Strict is what a function is unless it says otherwise.
        tool.strict !== false && isObject(parameters) && parameters.additionalProperties !== false
        ? "In context=(), 'additionalProperties' is required to be supplied and to be false."
        : undefined;
  if (fault !== undefined)
    throw new Refusal(`Invalid schema for function '${name}': ${fault}`, {
      param: `${place}.parameters`,
      code: 'invalid_function_parameters',
    });
  return name;
}

function checkFormat({ text }: JsonObject): void {
  const format = isObject(text) ? text.format : undefined;
  if (!isObject(format)) return;
  const types = ['text', 'json_object', 'json_schema'];
  if (!types.includes(String(format.type))) throw badValue(format.type, types, 'text.format.type');
  if (format.type !== 'json_schema') return;
  checkName(format.name, 'text.format.name');
  const schema = objectAt(format.schema, 'text.format.schema');
  if (format.strict === true && schema.additionalProperties !== false)
    throw new Refusal(
      `Invalid schema for response_format '${format.name}': In context=(), 'additionalProperties' is required to be supplied and to be false.`,
      { param: 'text.format.schema', code: 'invalid_json_schema' },
    );
}

function checkItems(items: readonly unknown[], rules: ResponsesRules): void {
  if (items.length === 0) throw missing('input');
  const calls = new Set<string>();
  let open: string[] = [];
  for (const [at, value] of items.entries()) {
    const place = `input[${at}]`;
    const item = objectAt(value, place);
    const type = String(item.type ?? 'message');
    if (type === 'function_call') {
      const id = checkCall(item, place);
      if (calls.has(id)) throw new Refusal(`Duplicate function call with call_id ${id}.`, { param: 'input' });
      calls.add(id);
      open.push(id);
      continue;
    }
    if (type === 'function_call_output') {
      const id = String(item.call_id);
      if (!open.includes(id))
        throw new Refusal(`No tool call found for function call output with call_id ${id}.`, {
          param: 'input',
        });
      open = open.filter((other) => other !== id);
      checkContent(item.output, 'user', `${place}.output`);
      continue;
    }
    if (type === 'reasoning') checkReasoning(item, place, rules);
    if (open.length > 0 && type === 'message') throw unanswered(open);
    if (type === 'message') checkMessage(item, place);
    else if (type !== 'reasoning' && !otherItems.has(type))
      throw badValue(
        type,
        ['message', 'reasoning', 'function_call', 'function_call_output'],
        `${place}.type`,
      );
  }
  if (open.length > 0) throw unanswered(open);
}

function unanswered(ids: readonly string[]): Refusal {
  return new Refusal(`No tool output found for function call ${ids[0]}.`, { param: 'input' });
}

function checkCall(item: JsonObject, place: string): string {
  checkName(item.name, `${place}.name`);
  const id = textAt(item.call_id, `${place}.call_id`);
  if (id === '' || id.length > 64)
    throw new Refusal(`Invalid '${place}.call_id': string too long or empty.`, {
      param: `${place}.call_id`,
      code: 'string_above_max_length',
    });
  try {
    objectAt(JSON.parse(textAt(item.arguments, `${place}.arguments`)), `${place}.arguments`);
  } catch {
    throw new Refusal(`Invalid '${place}.arguments': not a JSON object.`, { param: `${place}.arguments` });
  }
  return id;
}

/** Nothing is stored: an id alone leads nowhere, and what is encrypted must be our own. */
function checkReasoning(item: JsonObject, place: string, { signatures, extensions }: ResponsesRules): void {
  if (!Array.isArray(item.summary)) throw missing(`${place}.summary`);
  if (typeof item.encrypted_content !== 'string') {
    if (extensions?.includes('reasoning_text') && Array.isArray(item.content)) return;
    throw new Refusal(`Item '${item.id ?? place}' of type 'reasoning' not found: items are not persisted.`, {
      param: 'input',
    });
  }
  if (signatures?.has(item.encrypted_content) === false)
    throw new Refusal(`The encrypted content for item ${item.id ?? place} could not be verified.`, {
      code: 'invalid_encrypted_content',
    });
}

function checkMessage(item: JsonObject, place: string): void {
  const role = String(item.role);
  if (!roles.includes(role)) throw badValue(role, roles, `${place}.role`);
  checkContent(item.content, role, `${place}.content`);
}

function checkContent(content: unknown, role: string, place: string): void {
  if (typeof content === 'string') {
    if (content === '') throw new Refusal(`Invalid '${place}': empty string.`, { param: place });
    return;
  }
  const parts = listAt(content, place);
  if (parts.length === 0) throw new Refusal(`Invalid '${place}': empty array.`, { code: 'empty_array' });
  const kinds =
    role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file'];
  for (const [at, value] of parts.entries()) {
    const here = `${place}[${at}]`;
    const part = objectAt(value, here);
    if (!kinds.includes(String(part.type))) throw badValue(part.type, kinds, `${here}.type`);
    if (part.type === 'input_text' && textAt(part.text, `${here}.text`) === '')
      throw new Refusal(`Invalid '${here}.text': empty string.`, { param: here });
    if (part.type === 'input_image') checkImage(part, here);
    if (part.type === 'input_file') checkFile(part, here);
  }
}

function checkImage({ image_url: url, file_id: file }: JsonObject, place: string): void {
  if (file !== undefined && file !== null) return;
  if (!/^(?:https?:\/\/|data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$)/.test(String(url)))
    throw new Refusal(
      `Invalid '${place}.image_url'. Expected a valid URL, but got a value with an invalid format.`,
      {
        param: place,
        code: 'invalid_value',
      },
    );
}

function checkFile(part: JsonObject, place: string): void {
  if (part.file_url !== undefined || part.file_id !== undefined) return;
  if (typeof part.filename !== 'string') throw missing(`${place}.filename`);
  if (!String(part.file_data).startsWith('data:application/pdf;base64,JVBERi'))
    throw new Refusal(`Invalid '${place}.file_data': expected a data URL of a PDF.`, { param: place });
}
