// What a request tells about itself. Sources: Claude Code's hint headers, its body markers without them, and the
// fields of the Messages format; measured with Claude Code 2.1.330.
import { clip } from '../clip.ts';
import { type Effort, effortLevels } from '../config/router-config.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { isObject } from '../json/values.ts';
import { permissionCheck } from './permission-check.ts';

export interface RequestDescription {
  model: string;
  stream: boolean;
  session?: string;
  agent?: string;
  agentType?: string;
  /** `x-claude-code-request-class`: main, subagent, workflow, compaction, auxiliary, side_reply. */
  requestClass?: string;
  fromClaudeCode: boolean;
  effort?: Effort;
  thinkingBudget?: number;
  planMode: boolean;
  tools: boolean;
  thinking: boolean;
  /** The name of the server-side web search tool, when the request carries one. */
  webSearchTool?: string;
  /** Claude Code's auto-mode permission check. */
  classifier: boolean;
  /** Why it is a subagent's request, in words; undefined when it is none. */
  subagentBy?: string;
  /** The model that a `<CCR-SUBAGENT-MODEL>` tag names. */
  taggedModel?: string;
  /** The last user turn, tool results included, holds an image or document. */
  media: boolean;
}

/** Reads a request; `headers` have lower-case names. Never throws: odd shapes count as absent. */
export function describeRequest(
  request: HubRequest,
  headers: Readonly<Record<string, string>>,
): RequestDescription {
  const session = headers['x-claude-code-session-id'] ?? sessionOfUserId(request.metadata?.user_id);
  const description: RequestDescription = {
    model: typeof request.model === 'string' ? request.model : '',
    stream: request.stream === true,
    fromClaudeCode:
      headers['x-claude-code-session-id'] !== undefined ||
      (headers['user-agent'] ?? '').startsWith('claude-cli/'),
    planMode: permissionMode(request) === 'plan',
    tools: Array.isArray(request.tools) && request.tools.length > 0,
    thinking: isObject(request.thinking) && request.thinking.type !== 'disabled',
    classifier: permissionCheck(request) !== undefined,
    media: lastTurnHasMedia(request),
  };
  const effort = isObject(request.output_config) ? request.output_config.effort : undefined;
  const known = effortLevels.find((level) => level === effort);
  const budget =
    isObject(request.thinking) && 'budget_tokens' in request.thinking
      ? request.thinking.budget_tokens
      : undefined;
  const webSearchTool = webSearchToolName(request);
  const subagentBy = subagentMark(request, headers);
  const taggedModel = subagentTag(request);
  const requestClass = headers['x-claude-code-request-class'];
  const agent = headers['x-claude-code-agent-id'];
  const agentType = headers['x-claude-code-agent-type'];
  if (session !== undefined) description.session = clip(session);
  if (agent !== undefined) description.agent = clip(agent);
  if (agentType !== undefined) description.agentType = agentType;
  if (requestClass !== undefined) description.requestClass = requestClass;
  if (known) description.effort = known;
  if (typeof budget === 'number') description.thinkingBudget = budget;
  if (webSearchTool !== undefined) description.webSearchTool = webSearchTool;
  if (subagentBy !== undefined) description.subagentBy = subagentBy;
  if (taggedModel !== undefined) description.taggedModel = taggedModel;
  return description;
}

/** Claude Code ≥ 2.1.78 sends JSON with `session_id`, older ones `user_…_session_<uuid>`. */
function sessionOfUserId(userId: unknown): string | undefined {
  if (typeof userId !== 'string') return undefined;
  if (userId.startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(userId);
      if (isObject(parsed) && typeof parsed.session_id === 'string') return parsed.session_id;
    } catch {
      return undefined;
    }
  }
  const cut = userId.indexOf('_session_');
  return cut === -1 ? undefined : userId.slice(cut + '_session_'.length);
}

function permissionMode(request: HubRequest): unknown {
  const safeguards = request.safeguards;
  const first: unknown = Array.isArray(safeguards) ? safeguards[0] : undefined;
  const context = isObject(first) ? first.classifier_context : undefined;
  return isObject(context) ? context.permission_mode : undefined;
}

function webSearchToolName(request: HubRequest): string | undefined {
  if (!Array.isArray(request.tools)) return undefined;
  for (const tool of request.tools) {
    if (isObject(tool) && typeof tool.type === 'string' && tool.type.startsWith('web_search'))
      return typeof tool.name === 'string' ? tool.name : 'web_search';
  }
  return undefined;
}

function subagentMark(request: HubRequest, headers: Readonly<Record<string, string>>): string | undefined {
  const requestClass = headers['x-claude-code-request-class'];
  if (requestClass === 'subagent' || requestClass === 'workflow') return `request class ${requestClass}`;
  if (requestClass !== undefined) return undefined;
  if (headers['x-claude-code-agent-id'] !== undefined) return 'agent id header';
  return systemTexts(request).next().value?.includes('cc_is_subagent=true')
    ? 'cc_is_subagent in the system prompt'
    : undefined;
}

const tagStart = '<CCR-SUBAGENT-MODEL>';
const tagEnd = '</CCR-SUBAGENT-MODEL>';

/** claude-code-router's tag, in any system block or in the first two user turns. */
function subagentTag(request: HubRequest): string | undefined {
  for (const text of systemTexts(request)) {
    const model = tagIn(text);
    if (model) return model;
  }
  let userTurns = 0;
  for (const message of Array.isArray(request.messages) ? request.messages : []) {
    if (!isObject(message) || message.role !== 'user') continue;
    for (const text of textsOf(message.content)) {
      const model = tagIn(text);
      if (model) return model;
    }
    if (++userTurns === 2) break;
  }
  return undefined;
}

function tagIn(text: string): string | undefined {
  const start = text.indexOf(tagStart);
  if (start === -1) return undefined;
  const end = text.indexOf(tagEnd, start);
  const model = end === -1 ? '' : text.slice(start + tagStart.length, end).trim();
  return model === '' ? undefined : model;
}

function* systemTexts(request: HubRequest): Generator<string> {
  yield* textsOf(request.system);
}

function* textsOf(content: unknown): Generator<string> {
  if (typeof content === 'string') yield content;
  else if (Array.isArray(content))
    for (const block of content) if (isObject(block) && typeof block.text === 'string') yield block.text;
}

/** Walks back to the last real user turn: system entries and trailing user messages count as one turn. */
function lastTurnHasMedia(request: HubRequest): boolean {
  const messages: unknown = request.messages;
  if (!Array.isArray(messages)) return false;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message: unknown = messages[index];
    if (!isObject(message) || message.role === 'assistant') return false;
    if (message.role === 'user' && hasMedia(message.content)) return true;
  }
  return false;
}

function hasMedia(content: unknown): boolean {
  if (!Array.isArray(content)) return false;
  return content.some(
    (block) =>
      isObject(block) &&
      (block.type === 'image' ||
        block.type === 'document' ||
        (block.type === 'tool_result' && hasMedia(block.content))),
  );
}
