// Is this body a Messages request? Only what every converter relies on is checked, in Anthropic's wording; all the rest
// (new fields, new block types) passes, because Claude Code's next release will have some.
import { ClientError } from '../../client-error.ts';
import { isObject, type JsonObject } from '../../json/values.ts';
import type { HubRequest } from '../hub.ts';

/** Throws `ClientError` (400) that names the field. */
export function checkRequest(body: Record<string, unknown>): HubRequest {
  if (typeof body.model !== 'string')
    throw invalid('model', body.model === undefined ? 'Field required' : 'Input should be a valid string');
  checkMessages(body.messages);
  if (body.system !== undefined && body.system !== null) checkContent(body.system, 'system');
  checkTools(body.tools);
  checkOptional(body, 'tool_choice', isObject, 'Input should be an object');
  checkOptional(body, 'thinking', isObject, 'Input should be an object');
  checkOptional(body, 'output_config', isObject, 'Input should be an object');
  checkOptional(body, 'metadata', isObject, 'Input should be an object');
  checkOptional(body, 'stream', (value) => typeof value === 'boolean', 'Input should be a valid boolean');
  checkOptional(body, 'max_tokens', Number.isInteger, 'Input should be a valid integer');
  checkOptional(
    body,
    'stop_sequences',
    (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    'Input should be a list of strings',
  );
  // The fields that the type promises were checked above; the others are read as unknown.
  return body as HubRequest;
}

function invalid(place: string, problem: string): ClientError {
  return new ClientError(400, 'invalid_request_error', `${place}: ${problem}`);
}

function checkOptional(
  body: Record<string, unknown>,
  field: string,
  accepts: (value: unknown) => boolean,
  problem: string,
): void {
  const value = body[field];
  if (value !== undefined && value !== null && !accepts(value)) throw invalid(field, problem);
}

function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages))
    throw invalid('messages', messages === undefined ? 'Field required' : 'Input should be a valid list');
  if (messages.length === 0) throw invalid('messages', 'at least one message is required');
  for (const [index, message] of messages.entries()) {
    const place = `messages.${index}`;
    if (!isObject(message)) throw invalid(place, 'Input should be an object');
    const { role, content } = message;
    if (role !== 'user' && role !== 'assistant' && role !== 'system')
      throw invalid(`${place}.role`, "Input should be 'user', 'assistant' or 'system'");
    if (content === undefined) throw invalid(`${place}.content`, 'Field required');
    checkContent(content, `${place}.content`);
  }
}

function checkContent(content: unknown, place: string): void {
  if (typeof content === 'string') return;
  if (!Array.isArray(content)) throw invalid(place, 'Input should be a valid string or list');
  for (const [index, block] of content.entries()) checkBlock(block, `${place}.${index}`);
}

/** The fields without which a block of a known type means nothing. */
const neededTexts: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  thinking: ['thinking'],
  tool_use: ['id', 'name'],
  tool_result: ['tool_use_id'],
  tool_reference: ['tool_name'],
};

function checkBlock(block: unknown, place: string): void {
  if (!isObject(block)) throw invalid(place, 'Input should be an object');
  if (typeof block.type !== 'string') throw invalid(`${place}.type`, 'Field required');
  const { type } = block;
  if (Object.hasOwn(neededTexts, type))
    for (const field of neededTexts[type] ?? [])
      if (typeof block[field] !== 'string')
        throw invalid(
          `${place}.${type}.${field}`,
          block[field] === undefined ? 'Field required' : 'Input should be a valid string',
        );
  if ((type === 'image' || type === 'document') && !isObject(block.source))
    throw invalid(`${place}.${type}.source`, 'Field required');
  if (type === 'tool_use' && block.input !== undefined && !isObject(block.input))
    throw invalid(`${place}.tool_use.input`, 'Input should be a valid dictionary');
  if (type === 'tool_result' && block.content !== undefined && block.content !== null)
    checkContent(block.content, `${place}.tool_result.content`);
}

function checkTools(tools: unknown): void {
  if (tools === undefined || tools === null) return;
  if (!Array.isArray(tools)) throw invalid('tools', 'Input should be a valid list');
  for (const [index, tool] of tools.entries()) {
    const place = `tools.${index}`;
    if (!isObject(tool)) throw invalid(place, 'Input should be an object');
    if (isCustom(tool) && typeof tool.name !== 'string') throw invalid(`${place}.name`, 'Field required');
    if (tool.input_schema !== undefined && !isObject(tool.input_schema))
      throw invalid(`${place}.input_schema`, 'Input should be an object');
  }
}

function isCustom(tool: JsonObject): boolean {
  return tool.type === undefined || tool.type === null || tool.type === 'custom';
}
