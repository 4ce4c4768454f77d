// Tools and the choice among them. The upstream's own web search is one of them here.
import { type JsonObject, objectOf } from '../../json/values.ts';
import { type ClientTool, clientTools, openAiChoice, parallelField } from '../client-tools.ts';
import type { HubRequest } from '../hub.ts';
import { functionSchema } from '../json-schema.ts';
import { askSearch } from '../search-request.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolNames } from '../tool-names.ts';

export interface EncodedTools {
  /** Fields for the request's body; `tools` is absent when none is left. */
  fields: JsonObject;
  /** The client's server-side web search tool; `searches` says whether the upstream has got its own for it. */
  webSearch?: JsonObject;
  searches: boolean;
}

export function encodeTools(
  request: HubRequest,
  target: TargetProfile,
  names: ToolNames,
  notes: string[],
): EncodedTools {
  const { tools, webSearch } = clientTools(request, target, notes);
  const search = webSearch && askSearch(webSearch, tools.length === 0, target, notes);
  const encoded: EncodedTools = { fields: { ...search?.fields }, searches: search !== undefined };
  if (webSearch) encoded.webSearch = webSearch;
  const list = tools.map((tool) => encodeTool(tool, names));
  if (search?.tool) list.push(search.tool);
  if (list.length === 0) return encoded;
  encoded.fields.tools = list;
  const choice = objectOf(request.tool_choice);
  if (!choice) return encoded;
  const encodedChoice = openAiChoice(choice, tools, (name) => ({
    type: 'function',
    name: names.encode(name),
  }));
  if (encodedChoice !== undefined) encoded.fields.tool_choice = encodedChoice;
  Object.assign(encoded.fields, parallelField(choice, target, notes));
  return encoded;
}

/** `strict` is on unless it is said to be off, and strict schemas may have no optional properties. */
function encodeTool(tool: ClientTool, names: ToolNames): JsonObject {
  const encoded: JsonObject = { type: 'function', name: names.encode(tool.name) };
  if (tool.description !== '') encoded.description = tool.description;
  return { ...encoded, parameters: functionSchema(tool.schema), strict: false };
}
