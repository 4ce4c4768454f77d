// The tools of a Responses client in the hub's form, and the way back from the hub's names. Free-text (custom) tools
// become tools with one text argument; tools of a namespace get one name of both.
import { ClientError } from '../../../client-error.ts';
import { isObject, type JsonObject, listOf, objectOf, objectsOf, textOf } from '../../../json/values.ts';

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
      tools.push(type === 'function' ? functionTool(tool, hubName) : customTool(tool, hubName));
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

function functionTool(tool: JsonObject, name: string): JsonObject {
  const input_schema = objectOf(tool.parameters) ?? { type: 'object', properties: {} };
  return withDescription(textOf(tool.description), { name, input_schema });
}

function customTool(tool: JsonObject, name: string): JsonObject {
  const format = objectOf(tool.format);
  const grammar = textOf(format?.definition);
  const text = [
    textOf(tool.description),
    grammar && `The input must match this ${textOf(format?.syntax) ?? ''} grammar:\n${grammar}`,
  ];
  const properties = { input: { type: 'string', description: 'The whole input as plain text.' } };
  return withDescription(text.filter(Boolean).join('\n\n') || undefined, {
    name,
    input_schema: { type: 'object', properties, required: ['input'], additionalProperties: false },
  });
}

function withDescription(description: string | undefined, tool: JsonObject): JsonObject {
  return description === undefined ? tool : { ...tool, description };
}

/** A search that may not leave OpenAI's own index (Codex' default) can't be had elsewhere. */
function webSearchTool(tool: JsonObject): JsonObject | undefined {
  if (tool.external_web_access === false) return undefined;
  const result: JsonObject = { type: 'web_search_20250305', name: 'web_search' };
  const domains = listOf(objectOf(tool.filters)?.allowed_domains);
  if (domains.length > 0) result.allowed_domains = domains;
  const location = objectOf(tool.user_location);
  if (location) {
    const told = Object.entries(location).filter(([, value]) => value !== null && value !== undefined);
    result.user_location = { ...Object.fromEntries(told), type: 'approximate' };
  }
  return result;
}

/** The hub's `tool_choice`, and the tools that are left to choose from. */
export function askedChoice(
  body: Readonly<JsonObject>,
  { tools }: AskedTools,
): { tools: JsonObject[]; choice?: JsonObject } {
  const { tool_choice: asked } = body;
  const serial = body.parallel_tool_calls === false ? { disable_parallel_tool_use: true } : undefined;
  const name = isObject(asked) ? chosenName(asked) : undefined;
  if (isObject(asked) && asked.type === 'allowed_tools') {
    const allowed = new Set(objectsOf(asked.tools).map(chosenName));
    const left = tools.filter((tool) => allowed.has(String(tool.name)));
    return { tools: left, choice: { type: asked.mode === 'required' ? 'any' : 'auto', ...serial } };
  }
  if (tools.length === 0) return { tools };
  if (name !== undefined && tools.some((tool) => tool.name === name))
    return { tools, choice: { type: 'tool', name, ...serial } };
  if (asked === 'required') return { tools, choice: { type: 'any', ...serial } };
  if (asked === 'none') return { tools, choice: { type: 'none' } };
  return asked === 'auto' || serial ? { tools, choice: { type: 'auto', ...serial } } : { tools };
}

function chosenName(choice: JsonObject): string | undefined {
  const name = textOf(choice.name);
  if (name !== undefined) return hubToolName(name, textOf(choice.namespace));
  return textOf(choice.type)?.startsWith('web_search') ? 'web_search' : undefined;
}
