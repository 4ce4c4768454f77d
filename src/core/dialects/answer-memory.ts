// What every decoder must know of the request.
import { type JsonObject, objectOf, textOf } from '../json/values.ts';
import { calledIds } from './conversation.ts';
import type { AnswerMemory } from './dialect.ts';
import type { HubRequest } from './hub.ts';
import { searchQuery } from './request-facts.ts';
import type { ToolNames } from './tool-names.ts';

/** @param search the client's web search tool, if the upstream searches for it */
export function answerMemory(
  request: HubRequest,
  names: ToolNames,
  search: JsonObject | undefined,
): AnswerMemory {
  const memory: AnswerMemory = { toolNames: names.changed, toolIds: calledIds(request) };
  if (objectOf(request.thinking)?.type === 'disabled') memory.hideThinking = true;
  if (!search) return memory;
  memory.webSearchTool = textOf(search.name) ?? 'web_search';
  const query = searchQuery(request);
  if (query !== undefined) memory.webSearchQuery = query;
  return memory;
}
