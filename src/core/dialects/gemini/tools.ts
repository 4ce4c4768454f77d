// Tools and the choice among them.
import { type JsonObject, objectOf } from '../../json/values.ts';
import { type ClientTool, clientTools } from '../client-tools.ts';
import type { HubRequest } from '../hub.ts';
import { askSearch } from '../search-request.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolNames } from '../tool-names.ts';
import { parametersSchema } from './schema.ts';

export interface EncodedTools {
  /** Fields for the request's body. `toolConfig` without functions is refused. */
  fields: JsonObject;
  functions: boolean;
  /** The client's server-side web search tool; `searches` says whether Google's search stands in for it. */
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
  const encoded: EncodedTools = { fields: {}, functions: tools.length > 0, searches: false };
  if (webSearch) encoded.webSearch = webSearch;
  if (tools.length > 0) {
    encoded.fields.tools = [{ functionDeclarations: tools.map((tool) => declaration(tool, names)) }];
    const config = functionCallingConfig(objectOf(request.tool_choice), tools, names, notes);
    if (config) encoded.fields.toolConfig = { functionCallingConfig: config };
    // Both together want Google's own calls echoed, which an Anthropic client can't do.
    if (webSearch) notes.push('web search dropped: Gemini does not search beside functions');
  } else if (webSearch) {
    const search = askSearch(webSearch, true, searching(target), notes);
    encoded.searches = search !== undefined;
    if (search?.tool) encoded.fields.tools = [search.tool];
  }
  return encoded;
}

/** Google searches unless it is said not to. */
function searching(target: TargetProfile): TargetProfile {
  const { quirks } = target;
  if (quirks.refuses.includes('googleSearch')) return { ...target, quirks: { ...quirks, webSearch: 'none' } };
  return quirks.webSearch === 'none'
    ? { ...target, quirks: { ...quirks, webSearch: 'google_search' } }
    : target;
}

function declaration(tool: ClientTool, names: ToolNames): JsonObject {
  const encoded: JsonObject = { name: names.encode(tool.name) };
  if (tool.description !== '') encoded.description = tool.description;
  const parameters = parametersSchema(tool.schema);
  if (parameters) encoded.parametersJsonSchema = parameters;
  return encoded;
}

/** Undefined = left to the upstream, which means AUTO. */
function functionCallingConfig(
  choice: JsonObject | undefined,
  tools: readonly ClientTool[],
  names: ToolNames,
  notes: string[],
): JsonObject | undefined {
  if (choice?.disable_parallel_tool_use === true)
    notes.push('disable_parallel_tool_use dropped: Gemini has no such switch');
  switch (choice?.type) {
    case 'auto':
      return { mode: 'AUTO' };
    case 'any':
      return { mode: 'ANY' };
    case 'none':
      return { mode: 'NONE' };
    case 'tool':
      return tools.some(({ name }) => name === choice.name)
        ? { mode: 'ANY', allowedFunctionNames: [names.encode(String(choice.name))] }
        : undefined;
    default:
      return undefined;
  }
}
