// The tools of a Responses client in the hub's form, and the way back from the hub's names. Free-text (custom) tools
// become tools with one text argument; tools of a namespace get one name of both.
import { ClientError } from '../../../client-error.ts';
import { isObject, type JsonObject, listOf, objectOf, objectsOf, textOf } from '../../../json/values.ts';
import { customTool, functionTool, hubChoice, searchTool } from '../../asked-tools.ts';

export interface AskedTool {
  kind: 'function' | 'custom';
  /** The client's own name for it. */
  name: string;
  namespace?: string;
}

/** The name of a tool of a namespace, in the hub. */
export function hubToolName(name: string, namespace: string | undefined): string {
  if (namespace === undefined || namespace === name) return name;
  return namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`;
}

export interface AskedTools {
  /** For the hub's request. */
  tools: JsonObject[];
  /** By the hub's name. */
  byName: ReadonlyMap<string, AskedTool>;
}

/** Throws `ClientError` (400). Tools that only OpenAI runs are left out: Codex offers some always. */
export function askedTools(body: Readonly<JsonObject>): AskedTools {
  const tools: JsonObject[] = [];
  const byName = new Map<string, AskedTool>();
  const add = (tool: JsonObject, namespace: string | undefined, place: string) => {
    const { type } = tool;
    if (type === 'namespace') {
      for (const [at, inner] of objectsOf(tool.tools).entries())
        add(inner, textOf(tool.name), `${place}.tools[${at}]`);
    } else if (type === 'function' || type === 'custom') {
      const name = textOf(tool.name);
      if (name === undefined)
        throw new ClientError(400, 'invalid_request_error', `Missing required parameter: '${place}.name'.`);
      const hubName = hubToolName(name, namespace);
      if (byName.has(hubName)) return;
      byName.set(hubName, { kind: type, name, ...(namespace === undefined ? {} : { namespace }) });
      tools.push(
        type === 'function'
          ? functionTool(tool, hubName)
          : customTool(textOf(tool.description), objectOf(tool.format), hubName),
      );
    } else if (typeof type === 'string' && type.startsWith('web_search')) {
      const search = webSearchTool(tool);
      if (search) tools.push(search);
    }
  };
  for (const [list, place] of toolLists(body))
    for (const [at, tool] of list.entries()) if (isObject(tool)) add(tool, undefined, `${place}[${at}]`);
  return { tools, byName };
}

/** Tools may also be handed in as part of the conversation. */
function toolLists(body: Readonly<JsonObject>): [readonly unknown[], string][] {
  const lists: [readonly unknown[], string][] = [[listOf(body.tools), 'tools']];
  for (const [at, item] of listOf(body.input).entries())
    if (isObject(item) && (item.type === 'additional_tools' || item.type === 'tool_search_output'))
      lists.push([listOf(item.tools), `input[${at}].tools`]);
  return lists;
}

/** A search that may not leave OpenAI's own index (Codex' default) can't be had elsewhere. */
function webSearchTool(tool: JsonObject): JsonObject | undefined {
  if (tool.external_web_access === false) return undefined;
  const result = searchTool(objectOf(tool.user_location));
  const domains = listOf(objectOf(tool.filters)?.allowed_domains);
  if (domains.length > 0) result.allowed_domains = domains;
  return result;
}

/** The hub's `tool_choice`, and the tools that are left to choose from. */
export function askedChoice(
  body: Readonly<JsonObject>,
  { tools }: AskedTools,
): { tools: JsonObject[]; choice?: JsonObject } {
  const { tool_choice: asked } = body;
  const serial = body.parallel_tool_calls === false;
  if (isObject(asked) && asked.type === 'allowed_tools') {
    const allowed = new Set(objectsOf(asked.tools).flatMap((tool) => chosenName(tool) ?? []));
    return hubChoice(tools, { mode: asked.mode === 'required' ? 'required' : 'auto', allowed, serial });
  }
  if (isObject(asked)) return hubChoice(tools, { name: chosenName(asked), serial });
  const mode = (['auto', 'required', 'none'] as const).find((word) => word === asked);
  return hubChoice(tools, { mode, serial });
}

function chosenName(choice: JsonObject): string | undefined {
  const name = textOf(choice.name);
  if (name !== undefined) return hubToolName(name, textOf(choice.namespace));
  return textOf(choice.type)?.startsWith('web_search') ? 'web_search' : undefined;
}
