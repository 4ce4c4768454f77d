// Tools and the choice among them.
import { isObject, type JsonObject, objectOf, objectsOf, textOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { functionSchema } from './json-schema.ts';
import type { ToolNames } from './tool-names.ts';

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
  const encoded: EncodedTools = { fields: {} };
  const tools: JsonObject[] = [];
  const seen = new Set<string>();
  for (const tool of objectsOf(request.tools)) {
    const type = textOf(tool.type);
    if (type?.startsWith('web_search')) encoded.webSearch = tool;
    else if (type !== undefined && type !== 'custom')
      notes.push(`tool ${type} dropped: only Anthropic runs it`);
    else if (!isPlaceholder(tool) && typeof tool.name === 'string' && !seen.has(tool.name)) {
      seen.add(tool.name);
      tools.push(encodeTool(tool, tool.name, names));
    }
  }
  if (tools.length === 0) return encoded;
  encoded.fields.tools = tools;
  const choice = objectOf(request.tool_choice);
  if (!choice) return encoded;
  const encodedChoice = encodeChoice(choice, seen, names);
  if (encodedChoice !== undefined) encoded.fields.tool_choice = encodedChoice;
  if (choice.disable_parallel_tool_use === true) {
    if (target.quirks.parallelToolCalls) encoded.fields.parallel_tool_calls = false;
    else notes.push(`disable_parallel_tool_use dropped: ${target.provider} has no such switch`);
  }
  return encoded;
}

/** Claude Code's stand-in for tools that are found by its tool search: it has no parameters and must not be called. */
function isPlaceholder(tool: JsonObject): boolean {
  return tool.defer_loading === true && textOf(tool.name)?.endsWith('Placeholder') === true;
}

function encodeTool(tool: JsonObject, name: string, names: ToolNames): JsonObject {
  const definition: JsonObject = { name: names.encode(name) };
  const description = describe(tool);
  if (description !== '') definition.description = description;
  definition.parameters = functionSchema(tool.input_schema);
  return { type: 'function', function: definition };
}

/** Examples have no field of their own here. */
function describe(tool: JsonObject): string {
  const description = textOf(tool.description) ?? '';
  const examples = Array.isArray(tool.input_examples) ? tool.input_examples.filter(isObject) : [];
  if (examples.length === 0) return description;
  const lines = examples.map((example) => JSON.stringify(example));
  return `${description}\n\nExamples of the input:\n${lines.join('\n')}`.trim();
}

/** Undefined = left to the upstream, which means auto. */
function encodeChoice(choice: JsonObject, tools: ReadonlySet<string>, names: ToolNames): unknown {
  switch (choice.type) {
    case 'auto':
      return 'auto';
    case 'any':
      return 'required';
    case 'none':
      return 'none';
    case 'tool':
      if (typeof choice.name !== 'string' || !tools.has(choice.name)) return undefined;
      return { type: 'function', function: { name: names.encode(choice.name) } };
    default:
      return undefined;
  }
}

/** The client wants a certain tool or any tool called, not just offered. */
export function isForced(toolChoice: unknown): boolean {
  return toolChoice === 'required' || isObject(toolChoice);
}
