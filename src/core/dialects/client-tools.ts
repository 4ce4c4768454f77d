// The tools of a request, read once for every upstream that is not Anthropic.
import { isObject, type JsonObject, objectsOf, textOf } from '../json/values.ts';
import type { HubRequest } from './hub.ts';
import { plainSchema } from './plain-schema.ts';
import type { TargetProfile } from './target-profile.ts';

/** A tool that the client runs itself. */
export interface ClientTool {
  name: string;
  /** With the examples, which have no field of their own elsewhere; '' when there is nothing to say. */
  description: string;
  /** As the client sent it, unless the target takes plain ones only. */
  schema: unknown;
}

export interface ClientTools {
  /** Each name once, in order; Claude Code's placeholder left out. */
  tools: ClientTool[];
  /** The server-side web search tool. */
  webSearch?: JsonObject;
}

/** @param notes gets what was dropped */
export function clientTools(request: HubRequest, target: TargetProfile, notes: string[]): ClientTools {
  const schemaOf = (tool: JsonObject) =>
    target.schemas === 'plain' ? plainSchema(tool.input_schema) : tool.input_schema;
  const result: ClientTools = { tools: [] };
  const seen = new Set<string>();
  for (const tool of objectsOf(request.tools)) {
    const type = textOf(tool.type);
    if (type?.startsWith('web_search')) result.webSearch = tool;
    else if (type !== undefined && type !== 'custom')
      notes.push(`tool ${type} dropped: only Anthropic runs it`);
    else if (!isPlaceholder(tool) && typeof tool.name === 'string' && !seen.has(tool.name)) {
      seen.add(tool.name);
      result.tools.push({ name: tool.name, description: describe(tool), schema: schemaOf(tool) });
    }
  }
  return result;
}

/** Claude Code's stand-in for tools that are found by its tool search: it has no parameters and must not be called. */
function isPlaceholder(tool: JsonObject): boolean {
  return tool.defer_loading === true && textOf(tool.name)?.endsWith('Placeholder') === true;
}

function describe(tool: JsonObject): string {
  const description = textOf(tool.description) ?? '';
  const examples = Array.isArray(tool.input_examples) ? tool.input_examples.filter(isObject) : [];
  if (examples.length === 0) return description;
  const lines = examples.map((example) => JSON.stringify(example));
  return `${description}\n\nExamples of the input:\n${lines.join('\n')}`.trim();
}

/**
 * The choice among tools in OpenAI's words; undefined: left to the upstream, which means auto.
 * @param named how a certain tool is called for
 */
export function openAiChoice(
  choice: JsonObject,
  tools: readonly ClientTool[],
  named: (name: string) => JsonObject,
): unknown {
  switch (choice.type) {
    case 'auto':
      return 'auto';
    case 'any':
      return 'required';
    case 'none':
      return 'none';
    case 'tool': {
      const tool = tools.find(({ name }) => name === choice.name);
      return tool && named(tool.name);
    }
    default:
      return undefined;
  }
}

/** OpenAI's field for a choice that allows one call at a time; empty where the provider has no such switch. */
export function parallelField(choice: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  if (choice.disable_parallel_tool_use !== true) return {};
  if (target.quirks.parallelToolCalls) return { parallel_tool_calls: false };
  notes.push(`disable_parallel_tool_use dropped: ${target.provider} has no such switch`);
  return {};
}
