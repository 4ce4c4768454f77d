// A request as rules see it.
import type { HubRequest } from '../dialects/hub.ts';
import { isObject } from '../json/values.ts';
import type { RuleFacts } from '../rules/rule.ts';
import { isSideRequest, type RequestDescription } from './describe.ts';
import { lastUserText } from './last-text.ts';

export interface RuleInput {
  hub: HubRequest;
  request: RequestDescription;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  clientName?: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Bytes of the body: a token takes two and more. */
  size: number;
  inputTokens: () => number;
}

/** Collects only what is there already; the rest is looked up when a condition asks for it, once. */
export function ruleFacts(input: RuleInput): RuleFacts {
  const { hub, request, headers, clientName, now, size, inputTokens } = input;
  let names: string[] | undefined;
  let text: string | undefined;
  const facts: RuleFacts = {
    model: request.model,
    image: request.media,
    now,
    mostTokens: Math.floor(size / 2),
    tokens: inputTokens,
    toolNames: () => {
      names ??= toolNames(hub);
      return names;
    },
    header: (name) => headers[name],
    lastText: () => {
      text ??= lastUserText(hub);
      return text;
    },
  };
  const requestClass = classOf(request);
  const workspace = decoded(headers['x-switchyard-workspace']);
  if (requestClass !== undefined) facts.requestClass = requestClass;
  if (request.agentType !== undefined) facts.agentType = request.agentType;
  if (request.effort !== undefined) facts.effort = request.effort;
  if (clientName !== undefined) facts.clientName = clientName;
  if (workspace !== undefined) facts.workspace = workspace.replaceAll('\\', '/').replace(/\/+$/, '');
  return facts;
}

/** As Claude Code's hint header says, or what can be told without it. */
function classOf(request: RequestDescription): string | undefined {
  if (request.requestClass !== undefined) return request.requestClass;
  if (request.subagentBy !== undefined) return 'subagent';
  if (!request.fromClaudeCode) return undefined;
  return isSideRequest(request) ? 'auxiliary' : 'main';
}

function toolNames(hub: HubRequest): string[] {
  const tools: unknown = hub.tools;
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) =>
    isObject(tool) && typeof tool.name === 'string' ? [tool.name] : [],
  );
}

/** Header values are percent-encoded where they go beyond ASCII. */
export function decoded(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
