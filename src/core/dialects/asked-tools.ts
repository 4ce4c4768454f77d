// Tools of OpenAI's clients, in both of its APIs, in the hub's form, and the choice among them.
import { type JsonObject, objectOf, shown, textOf } from '../json/values.ts';

/** @param definition `description` and `parameters`, and marks that the hub has too */
export function functionTool(definition: JsonObject, name: string): JsonObject {
  const told = objectOf(definition.parameters) ?? { type: 'object', properties: {} };
  // Anthropic insists on the type, OpenAI takes it for granted.
  const input_schema = told.type === 'object' ? told : { ...told, type: 'object' };
  return withDescription(textOf(definition.description), { name, input_schema });
}

/** A free-text tool becomes one with one text argument; its grammar is said in words. */
export function customTool(
  description: string | undefined,
  grammar: JsonObject | undefined,
  name: string,
): JsonObject {
  const definition = textOf(grammar?.definition);
  const text = [
    description,
    definition && `The input must match this ${textOf(grammar?.syntax) ?? ''} grammar:\n${definition}`,
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

/** What a call of a free-text tool says. @param json the call's arguments in the hub */
export function customInput(input: JsonObject | undefined, json: string): string {
  return typeof input?.input === 'string' ? input.input : json;
}

/** The hub's web search tool. @param location OpenAI's; nulls in it count as absent */
export function searchTool(location: JsonObject | undefined): JsonObject {
  const tool: JsonObject = { type: 'web_search_20250305', name: 'web_search' };
  if (location) {
    const told = Object.entries(location).filter(([, value]) => value !== null && value !== undefined);
    tool.user_location = { ...Object.fromEntries(told), type: 'approximate' };
  }
  return tool;
}

/** A choice as a client said it; names are the hub's. */
export interface ChoiceWish {
  mode?: 'auto' | 'required' | 'none' | undefined;
  /** This tool and no other must be called. */
  name?: string | undefined;
  /** Only these may be called. */
  allowed?: ReadonlySet<string> | undefined;
  /** One call at a time. */
  serial: boolean;
}

/** The hub's `tool_choice`, and the tools that are left to choose from. */
export function hubChoice(
  tools: JsonObject[],
  wish: ChoiceWish,
): { tools: JsonObject[]; choice?: JsonObject } {
  const { mode, name, allowed } = wish;
  const serial = wish.serial ? { disable_parallel_tool_use: true } : undefined;
  const left = allowed ? tools.filter((tool) => allowed.has(shown(tool.name))) : tools;
  if (left.length === 0) return { tools: left };
  if (name !== undefined && left.some((tool) => tool.name === name))
    return { tools: left, choice: { type: 'tool', name, ...serial } };
  if (mode === 'required') return { tools: left, choice: { type: 'any', ...serial } };
  if (mode === 'none') return { tools: left, choice: { type: 'none' } };
  return mode === 'auto' || serial ? { tools: left, choice: { type: 'auto', ...serial } } : { tools: left };
}
