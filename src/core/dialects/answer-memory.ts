// What every decoder must know of the request.
import { type JsonObject, objectOf, textOf } from '../json/values.ts';
import { calledIds } from './conversation.ts';
import type { AnswerMemory, EchoedTool } from './dialect.ts';
import type { HubRequest } from './hub.ts';
import { searchQuery } from './request-facts.ts';
import type { ToolNames } from './tool-names.ts';

/**
 * @param search the client's web search tool, if the upstream searches for it
 * @param echoed the upstream's tool for it, if its calls have to be sent back
 */
export function answerMemory(
  request: HubRequest,
  names: ToolNames,
  search: JsonObject | undefined,
  echoed?: EchoedTool,
): AnswerMemory {
  const memory: AnswerMemory = { toolNames: names.changed, toolIds: calledIds(request) };
  if (objectOf(request.thinking)?.type === 'disabled') memory.hideThinking = true;
  if (!search) return memory;
  memory.webSearchTool = textOf(search.name) ?? 'web_search';
  const query = searchQuery(request);
  if (query !== undefined) memory.webSearchQuery = query;
  if (echoed) memory.echoed = echoed;
  return memory;
}
