// Refuses what Anthropic's Messages API refuses, in its words. Stricter than any converter needs to be by luck.
import type { IncomingHttpHeaders } from 'node:http';
import { isObject, type JsonObject, listAt, objectAt, Refusal, textAt } from './scripted-upstream-types.ts';

export interface AnthropicRules {
  /** Largest `max_tokens`. */
  maxOutput: number | undefined;
  /** False: `role: "system"` inside messages is refused, as by models before the 5.x line. */
  systemRole: boolean;
  /** Signatures that this upstream has made. */
  signatures: ReadonlySet<string>;
}

const requestFields = new Set(
  `model messages system max_tokens metadata stop_sequences stream temperature top_k top_p thinking tools tool_choice
   service_tier container context_management mcp_servers output_config safeguards speed inference_geo cache_control diagnostics`.split(
    /\s+/,
  ),
);
const userBlocks = new Set(
  `text image document search_result tool_result tool_reference web_search_tool_result server_tool_use container_upload
   mid_conv_system`.split(/\s+/),
);
const assistantBlocks = new Set(
  `text thinking redacted_thinking tool_use server_tool_use web_search_tool_result web_fetch_tool_result
   tool_search_tool_result code_execution_tool_result bash_code_execution_tool_result
   text_editor_code_execution_tool_result mcp_tool_use mcp_tool_result compaction fallback`.split(/\s+/),
);
const resultBlocks = new Set(['text', 'image', 'document', 'search_result', 'tool_reference']);
const imageMarks: Record<string, string> = {
  'image/png': 'iVBORw0KGgo',
  'image/jpeg': '/9j/',
  'image/gif': 'R0lGOD',
  'image/webp': 'UklGR',
};

/** Throws `Refusal` for a request that the real API would answer with 4xx. `counting` = `/count_tokens`. */
export function checkAnthropic(
  body: JsonObject,
  headers: IncomingHttpHeaders,
  rules: AnthropicRules,
  counting: boolean,
): void {
  if (headers['anthropic-version'] === undefined) throw new Refusal('anthropic-version: header is required');
  for (const field of ['model', 'messages', ...(counting ? [] : ['max_tokens'])])
    if (body[field] === undefined) throw new Refusal(`${field}: Field required`);
  for (const field of Object.keys(body))
    if (!requestFields.has(field)) throw new Refusal(`${field}: Extra inputs are not permitted`);
  textAt(body.model, 'model');
  if (!counting) checkLimits(body, rules);
  if (
    body.context_management !== undefined &&
    !String(headers['anthropic-beta']).includes('context-management')
  )
    throw new Refusal('context_management: Extra inputs are not permitted');
  for (const field of Object.keys(objectAt(body.metadata ?? {}, 'metadata')))
    if (field !== 'user_id') throw new Refusal(`metadata.${field}: Extra inputs are not permitted`);
  if (body.system !== undefined) checkSystem(body.system);
  const tools = checkTools(body);
  checkMessages(body, rules, tools);
  const marks = JSON.stringify(body).split('"cache_control":{').length - 1;
  if (marks > 4)
    throw new Refusal(`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
}

function checkLimits(body: JsonObject, rules: AnthropicRules): void {
  const { max_tokens: limit, temperature, thinking, stop_sequences: stops } = body;
  if (typeof limit !== 'number' || !Number.isInteger(limit))
    throw new Refusal('max_tokens: Input should be a valid integer');
  if (limit < 1) throw new Refusal('max_tokens: Input should be greater than or equal to 1');
  if (rules.maxOutput !== undefined && limit > rules.maxOutput)
    throw new Refusal(
      `max_tokens: ${limit} > ${rules.maxOutput}, which is the maximum allowed number of output tokens for ${body.model}`,
    );
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 1))
    throw new Refusal('temperature: range: 0..1');
  for (const [index, stop] of listAt(stops ?? [], 'stop_sequences').entries())
    if (textAt(stop, `stop_sequences.${index}`).trim() === '')
      throw new Refusal('stop_sequences: each stop sequence must contain non-whitespace');
  if (thinking === undefined) return;
  const { type, budget_tokens: budget } = objectAt(thinking, 'thinking');
  if (type === 'enabled') {
    if (typeof budget !== 'number' || budget < 1024)
      throw new Refusal('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
    if (budget >= limit) throw new Refusal('`max_tokens` must be greater than `thinking.budget_tokens`.');
  } else if (type !== 'adaptive' && type !== 'disabled')
    throw new Refusal(
      `thinking: Input tag '${type}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'`,
    );
}

function checkSystem(system: unknown): void {
  if (typeof system === 'string') return;
  for (const [index, value] of listAt(system, 'system').entries()) {
    const block = objectAt(value, `system.${index}`);
    if (block.type !== 'text') throw new Refusal(`system.${index}.type: Input should be 'text'`);
    if (textAt(block.text, `system.${index}.text`) === '')
      throw new Refusal('system: text content blocks must be non-empty');
  }
}

/** Returns the names of all tools. */
function checkTools(body: JsonObject): Set<string> {
  const names = new Set<string>();
  for (const [index, value] of listAt(body.tools ?? [], 'tools').entries()) {
    const tool = objectAt(value, `tools.${index}`);
    const name = textAt(tool.name, `tools.${index}.custom.name`);
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name))
      throw new Refusal(`tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    if (names.has(name)) throw new Refusal('tools: Tool names must be unique.');
    names.add(name);
    if (tool.type !== undefined && tool.type !== 'custom') {
      if (!/_20\d{6}$/.test(String(tool.type)))
        throw new Refusal(
          `tools.${index}: Input tag '${tool.type}' found using 'type' does not match any of the expected tags`,
        );
      continue;
    }
    if (!isObject(tool.input_schema)) throw new Refusal(`tools.${index}.custom.input_schema: Field required`);
    if (tool.input_schema.type !== 'object')
      throw new Refusal(`tools.${index}.custom.input_schema.type: Input should be 'object'`);
  }
  if (body.tool_choice !== undefined) {
    if (names.size === 0) throw new Refusal('tool_choice: may only be specified while providing `tools`');
    const { type, name } = objectAt(body.tool_choice, 'tool_choice');
    if (type === 'tool' && !names.has(String(name)))
      throw new Refusal(`Tool '${name}' not found in provided tools`);
  }
  return names;
}

function checkMessages(body: JsonObject, rules: AnthropicRules, tools: ReadonlySet<string>): void {
  const messages = listAt(body.messages, 'messages').map((message, index) =>
    objectAt(message, `messages.${index}`),
  );
  if (messages.length === 0) throw new Refusal('messages: at least one message is required');
  const calls = new Set<string>();
  /** Calls of the last assistant turn that still wait for their result. */
  let open: string[] = [];
  let openAt = 0;
  for (const [index, message] of messages.entries()) {
    const place = `messages.${index}`;
    if (message.role === 'system') {
      if (!rules.systemRole)
        throw new Refusal(
          `${place}: Unexpected role "system". The Messages API accepts a top-level \`system\` parameter, not "system" as an input message role.`,
        );
      if (index === 0) throw new Refusal('messages.0: the first message must use the "user" role');
    } else if (message.role !== 'user' && message.role !== 'assistant')
      throw new Refusal(`${place}.role: Input should be 'user', 'assistant' or 'system'`);
    const blocks = blocksOf(message, place, index === messages.length - 1);
    if (message.role === 'assistant') {
      if (index === 0) throw new Refusal('messages: first message must use the "user" role');
      if (open.length > 0) throw unanswered(openAt, open);
      openAt = index;
      open = checkAssistant(blocks, place, calls, rules);
    } else if (message.role === 'user') open = checkUser(blocks, place, open, openAt, tools);
  }
  if (open.length > 0) throw unanswered(openAt, open);
  checkThinkingOrder(body, messages);
}

function unanswered(index: number, ids: string[]): Refusal {
  return new Refusal(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. ` +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  );
}

function blocksOf(message: JsonObject, place: string, last: boolean): JsonObject[] {
  const { content } = message;
  if (content === undefined) throw new Refusal(`${place}.content: Field required`);
  const blocks =
    typeof content === 'string'
      ? [{ type: 'text', text: content }]
      : listAt(content, `${place}.content`).map((block, at) => objectAt(block, `${place}.content.${at}`));
  // Claude Code sends system entries without content that only carry a turn's `output_config`.
  const mayBeEmpty = message.role === 'system' || (last && message.role === 'assistant');
  if ((blocks.length === 0 || content === '') && !mayBeEmpty)
    throw new Refusal(
      `${place}: all messages must have non-empty content except for the optional final assistant message`,
    );
  for (const block of blocks) {
    if (block.type !== 'text') continue;
    const text = textAt(block.text, `${place}.content.text`);
    if (text === '') throw new Refusal('messages: text content blocks must be non-empty');
    if (text.trim() === '')
      throw new Refusal('messages: text content blocks must contain non-whitespace text');
  }
  return blocks;
}

function checkAssistant(
  blocks: JsonObject[],
  place: string,
  calls: Set<string>,
  rules: AnthropicRules,
): string[] {
  const open: string[] = [];
  for (const [at, block] of blocks.entries()) {
    const here = `${place}.content.${at}`;
    if (!assistantBlocks.has(String(block.type))) throw unknownTag(here, block.type, assistantBlocks);
    if (block.type === 'thinking') {
      textAt(block.thinking, `${here}.thinking.thinking`);
      if (block.signature === undefined) throw new Refusal(`${here}.thinking.signature: Field required`);
      if (!rules.signatures.has(String(block.signature)))
        throw new Refusal(`${here}: Invalid \`signature\` in \`thinking\` block`);
    }
    if (block.type !== 'tool_use') continue;
    const id = textAt(block.id, `${here}.tool_use.id`);
    if (!/^[a-zA-Z0-9_-]+$/.test(id))
      throw new Refusal(`${here}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
    if (calls.has(id)) throw new Refusal(`${here}: \`tool_use\` ids must be unique`);
    if (!isObject(block.input))
      throw new Refusal(`${here}.tool_use.input: Input should be a valid dictionary`);
    if (!/^[a-zA-Z0-9_-]{1,200}$/.test(textAt(block.name, `${here}.tool_use.name`)))
      throw new Refusal(`${here}.tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,200}$'`);
    calls.add(id);
    open.push(id);
  }
  return open;
}

function checkUser(
  blocks: JsonObject[],
  place: string,
  open: string[],
  openAt: number,
  tools: ReadonlySet<string>,
): string[] {
  let rest = open;
  for (const [at, block] of blocks.entries()) {
    const here = `${place}.content.${at}`;
    if (!userBlocks.has(String(block.type))) throw unknownTag(here, block.type, userBlocks);
    if (block.type === 'image' || block.type === 'document') checkMedia(block, here);
    if (block.type !== 'tool_result') {
      if (rest.length > 0) throw unanswered(openAt, rest);
      continue;
    }
    const id = textAt(block.tool_use_id, `${here}.tool_result.tool_use_id`);
    if (!rest.includes(id))
      throw new Refusal(
        `${here}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    rest = rest.filter((other) => other !== id);
    checkResult(block, here, tools);
  }
  return rest;
}

function checkResult(block: JsonObject, here: string, tools: ReadonlySet<string>): void {
  if (block.content === undefined || typeof block.content === 'string') return;
  for (const [index, value] of listAt(block.content, `${here}.tool_result.content`).entries()) {
    const place = `${here}.tool_result.content.${index}`;
    const inner = objectAt(value, place);
    if (!resultBlocks.has(String(inner.type))) throw unknownTag(place, inner.type, resultBlocks);
    if (inner.type === 'text' && textAt(inner.text, `${place}.text`) === '')
      throw new Refusal('messages: text content blocks must be non-empty');
    if (inner.type === 'image' || inner.type === 'document') checkMedia(inner, place);
    if (inner.type === 'tool_reference' && !tools.has(String(inner.tool_name)))
      throw new Refusal(`${place}: Tool reference '${inner.tool_name}' not found in available tools`);
    if (inner.type === 'text' && block.is_error === true) continue;
    if (block.is_error === true && inner.type !== 'text')
      throw new Refusal(`${here}: all content must be type "text" if "is_error" is true`);
  }
}

function checkMedia(block: JsonObject, place: string): void {
  const source = objectAt(block.source, `${place}.${block.type}.source`);
  if (source.type !== 'base64') return;
  const media = String(source.media_type);
  const data = textAt(source.data, `${place}.${block.type}.source.base64.data`);
  const mark =
    block.type === 'image' ? imageMarks[media] : media === 'application/pdf' ? 'JVBERi' : undefined;
  if (mark === undefined)
    throw new Refusal(`${place}.${block.type}.source.base64.media_type: Input should be a known type`);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data))
    throw new Refusal(`${place}.${block.type}.source.base64: invalid base64 data`);
  if (!data.startsWith(mark))
    throw new Refusal(
      `${place}.${block.type}.source.base64: The file was specified using the ${media} media type, but does not appear to be one`,
    );
}

/** With a fixed thinking budget the last assistant turn of a tool loop must begin with its thinking. */
function checkThinkingOrder(body: JsonObject, messages: JsonObject[]): void {
  if (!isObject(body.thinking) || body.thinking.type !== 'enabled') return;
  const index = messages.findLastIndex((message) => message.role === 'assistant');
  const content = messages[index]?.content;
  const first = Array.isArray(content) ? objectAt(content[0], `messages.${index}.content.0`) : undefined;
  const calls =
    Array.isArray(content) && content.some((block) => isObject(block) && block.type === 'tool_use');
  if (calls && first?.type !== 'thinking' && first?.type !== 'redacted_thinking')
    throw new Refusal(
      `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first?.type}\`. ` +
        'When `thinking` is enabled, a final `assistant` message must start with a thinking block',
    );
}

function unknownTag(place: string, tag: unknown, known: ReadonlySet<string>): Refusal {
  return new Refusal(
    `${place}: Input tag '${tag}' found using 'type' does not match any of the expected tags: ${[...known].map((name) => `'${name}'`).join(', ')}`,
  );
}
