// What a request tells about itself. Sources: Claude Code's hint headers, its body markers without them, and the
// fields of the Messages format; measured with Claude Code 2.1.330.
import { clip } from '../clip.ts';
import { type Effort, effortLevels } from '../config/route-names.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { isObject, objectsOf } from '../json/values.ts';
import { permissionCheck } from './permission-check.ts';
import { taggedModel } from './subagent-tag.ts';

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
  /** There is a PDF among them. */
  pdf: boolean;
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
    planMode: isPlanMode(request),
    tools: Array.isArray(request.tools) && request.tools.length > 0,
    thinking: isObject(request.thinking) && request.thinking.type !== 'disabled',
    classifier: permissionCheck(request) !== undefined,
    media: lastTurnHas(request, isMedia),
    pdf: lastTurnHas(request, isPdf),
  };
  const effort = isObject(request.output_config) ? request.output_config.effort : undefined;
  const known = effortLevels.find((level) => level === effort);
  const budget =
    isObject(request.thinking) && request.thinking.type === 'enabled'
      ? request.thinking.budget_tokens
      : undefined;
  const webSearchTool = webSearchToolName(request);
  const subagentBy = subagentMark(request, headers);
  const tagged = taggedModel(request);
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
  if (tagged !== undefined) description.taggedModel = tagged;
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

function isPlanMode(request: HubRequest): boolean {
  return objectsOf(request.safeguards).some(
    ({ classifier_context }) => isObject(classifier_context) && classifier_context.permission_mode === 'plan',
  );
}

/** One of Claude Code's small jobs, as far as can be told without hint headers. */
export function isSideRequest(request: RequestDescription): boolean {
  return request.fromClaudeCode && !request.tools && !request.thinking;
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
  const billing = firstSystemText(request);
  return typeof billing === 'string' && billing.includes('cc_is_subagent=true')
    ? 'cc_is_subagent in the system prompt'
    : undefined;
}

function firstSystemText(request: HubRequest): unknown {
  const system: unknown = request.system;
  return Array.isArray(system) && isObject(system[0]) ? system[0].text : system;
}

/** Walks back to the last real user turn: system entries and trailing user messages count as one turn. */
function lastTurnHas(request: HubRequest, wanted: BlockTest): boolean {
  const messages: unknown = request.messages;
  if (!Array.isArray(messages)) return false;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message: unknown = messages[index];
    if (!isObject(message) || message.role === 'assistant') return false;
    if (message.role === 'user' && hasBlock(message.content, wanted)) return true;
  }
  return false;
}

/** Also inside the results of tools. */
function hasBlock(content: unknown, wanted: BlockTest): boolean {
  if (!Array.isArray(content)) return false;
  return content.some(
    (block) =>
      isObject(block) && (wanted(block) || (block.type === 'tool_result' && hasBlock(block.content, wanted))),
  );
}

type BlockTest = (block: Readonly<Record<string, unknown>>) => boolean;

const isMedia: BlockTest = ({ type }) => type === 'image' || type === 'document';

/** Documents can also hold text, which every model reads. */
const isPdf: BlockTest = ({ type, source }) =>
  type === 'document' && !(isObject(source) && (source.type === 'text' || source.type === 'content'));
