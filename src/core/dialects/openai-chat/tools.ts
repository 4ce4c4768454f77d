// Tools and the choice among them.
import { isObject, type JsonObject, objectOf } from '../../json/values.ts';
import { type ClientTool, clientTools, openAiChoice, parallelField } from '../client-tools.ts';
import type { HubRequest } from '../hub.ts';
import { functionSchema } from '../json-schema.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolNames } from '../tool-names.ts';

export interface EncodedTools {
  /** Fields for the request's body; `tools` is absent when none is left: an empty list is refused. */
  fields: JsonObject;
  /** The client's server-side web search tool. */
  webSearch?: JsonObject;
}

export function encodeTools(
  request: HubRequest,
  target: TargetProfile,
  names: ToolNames,
  notes: string[],
): EncodedTools {
  const { tools, webSearch } = clientTools(request, target, notes);
  const encoded: EncodedTools = { fields: {} };
  if (webSearch) encoded.webSearch = webSearch;
  if (tools.length === 0) return encoded;
  encoded.fields.tools = tools.map((tool) => encodeTool(tool, names));
  const choice = objectOf(request.tool_choice);
  if (!choice) return encoded;
  const encodedChoice = openAiChoice(choice, tools, (name) => ({
    type: 'function',
    function: { name: names.encode(name) },
  }));
  if (encodedChoice !== undefined) encoded.fields.tool_choice = encodedChoice;
  Object.assign(encoded.fields, parallelField(choice, target, notes));
  return encoded;
}

function encodeTool(tool: ClientTool, names: ToolNames): JsonObject {
  const definition: JsonObject = { name: names.encode(tool.name) };
  if (tool.description !== '') definition.description = tool.description;
  definition.parameters = functionSchema(tool.schema);
  return { type: 'function', function: definition };
}

/** The client wants a certain tool or any tool called, not just offered. */
export function isForced(toolChoice: unknown): boolean {
  return toolChoice === 'required' || isObject(toolChoice);
}
