// The tools of a chat client in the hub's form: functions in both spellings, free-text (custom) tools, web search.
import {
  isObject,
  type JsonObject,
  listOf,
  objectOf,
  objectsOf,
  shown,
  textOf,
} from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { type ChoiceWish, customTool, functionTool, hubChoice, searchTool } from '../../asked-tools.ts';
import { marked } from './asked-content.ts';

/** Throws `ClientError` (400). Tools that only one provider runs are left out. */
export function askedTools(body: Readonly<JsonObject>): { tools: JsonObject[]; choice?: JsonObject } {
  const tools = new Map<string, JsonObject>();
  const add = (name: string, tool: JsonObject) => {
    if (!tools.has(name)) tools.set(name, tool);
  };
  for (const [at, tool] of toolList(body, 'tools').entries()) {
    const place = `tools[${at}]`;
    if (!isObject(tool)) throw refused(`Invalid type for '${place}': expected an object.`);
    const read = readTool(tool, place);
    if (read) add(shown(read.name), marked(read, tool));
  }
  for (const [at, definition] of toolList(body, 'functions').entries()) {
    const read = isObject(definition) ? definition : {};
    const name = nameOf(read, `functions[${at}]`);
    add(name, functionTool(read, name));
  }
  if (isObject(body.web_search_options)) {
    const location = objectOf(body.web_search_options.user_location);
    add('web_search', searchTool(objectOf(location?.approximate) ?? location));
  }
  return hubChoice([...tools.values()], choiceWish(body));
}

/** Which tools take free text. */
export function customNames(body: Readonly<JsonObject>): ReadonlySet<string> {
  const names = objectsOf(body.tools).flatMap((tool) =>
    tool.type === 'custom' ? (textOf(objectOf(tool.custom)?.name) ?? textOf(tool.name) ?? []) : [],
  );
  return new Set(names);
}

/** The client knows only the older `function_call`: one call per answer. */
export function knowsFunctionsOnly(body: Readonly<JsonObject>): boolean {
  return listOf(body.functions).length > 0 && listOf(body.tools).length === 0;
}

function toolList(body: Readonly<JsonObject>, field: string): readonly unknown[] {
  const list = body[field];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw refused(`Invalid type for '${field}': expected a list of objects.`);
  return list;
}

function readTool(tool: JsonObject, place: string): JsonObject | undefined {
  const { type } = tool;
  if (type === 'custom') {
    const own = objectOf(tool.custom) ?? tool;
    const format = objectOf(own.format);
    return customTool(
      textOf(own.description),
      objectOf(format?.grammar) ?? format,
      nameOf(own, `${place}.custom`),
    );
  }
  if (type === 'function' || isObject(tool.function)) {
    // The Responses API's form, without an object around it, is sent here too.
    const own = objectOf(tool.function) ?? tool;
    return functionTool(own, nameOf(own, `${place}.function`));
  }
  if (textOf(type)?.startsWith('web_search')) return searchTool(objectOf(tool.user_location));
  if (type === undefined) throw refused(`Missing required parameter: '${place}.type'.`);
  return undefined;
}

function nameOf(definition: JsonObject, place: string): string {
  const name = textOf(definition.name);
  if (name === undefined) throw refused(`Missing required parameter: '${place}.name'.`);
  return name;
}

function choiceWish(body: Readonly<JsonObject>): ChoiceWish {
  const asked = body.tool_choice ?? body.function_call;
  const serial = body.parallel_tool_calls === false || knowsFunctionsOnly(body);
  if (!isObject(asked)) return { mode: modeOf(asked), serial };
  if (asked.type === 'allowed_tools') {
    const { mode, tools } = objectOf(asked.allowed_tools) ?? asked;
    const allowed = new Set(objectsOf(tools).flatMap((tool) => chosenName(tool) ?? []));
    return { mode: modeOf(mode), allowed, serial };
  }
  const name = chosenName(asked);
  // Anthropic's own form: some clients send it to everybody.
  return name === undefined ? { mode: modeOf(asked.type), serial } : { name, serial };
}

function modeOf(word: unknown): ChoiceWish['mode'] {
  if (word === 'any') return 'required';
  return (['auto', 'required', 'none'] as const).find((mode) => mode === word);
}

function chosenName(choice: JsonObject): string | undefined {
  const named = objectOf(choice.function) ?? objectOf(choice.custom) ?? choice;
  return textOf(named.name);
}
