// A client's tools and the choice among them, in the hub's form.
import { isObject, type JsonObject, listOf, shown, textOf } from '../../../json/values.ts';
import { fieldOf, objectField, objectsField, refused } from './asked-field.ts';
import { jsonSchemaOf } from './open-api-schema.ts';

export interface AskedTools {
  tools: JsonObject[];
  choice?: JsonObject;
}

/** Throws `ClientError` (400) that names the place. */
export function askedTools(body: JsonObject): AskedTools {
  const tools = objectsField(body, 'tools', 'tools').flatMap((tool, at) => toolsOf(tool, `tools[${at}]`));
  const config = objectField(body, 'toolConfig', 'tool_config') ?? {};
  const calling = objectField(config, 'functionCallingConfig', 'tool_config.function_calling_config') ?? {};
  const allowed = listOf(fieldOf(calling, 'allowedFunctionNames')).filter(
    (name) => textOf(name) !== undefined,
  );
  const mode = calling.mode;
  switch (typeof mode === 'string' ? mode.toUpperCase() : mode) {
    case undefined:
    case 'MODE_UNSPECIFIED':
      return { tools };
    case 'AUTO':
    case 'VALIDATED':
    case 1:
      return { tools, choice: { type: 'auto' } };
    case 'ANY':
    case 2:
      return forced(tools, allowed);
    case 'NONE':
    case 3:
      return { tools, choice: { type: 'none' } };
    default:
      throw refused(
        `Invalid value at 'tool_config.function_calling_config.mode' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), "${shown(mode)}"`,
      );
  }
}

/** The hub can force one tool or any: of several allowed ones only those are offered. */
function forced(tools: JsonObject[], allowed: readonly unknown[]): AskedTools {
  const [only] = allowed;
  if (allowed.length === 1) return { tools, choice: { type: 'tool', name: only } };
  const offered = allowed.length === 0 ? tools : tools.filter(({ name }) => allowed.includes(name));
  return { tools: offered, choice: { type: 'any' } };
}

function toolsOf(tool: JsonObject, place: string): JsonObject[] {
  const functions = objectsField(tool, 'functionDeclarations', `${place}.function_declarations`).map(
    (declaration, at) => functionTool(declaration, `${place}.function_declarations[${at}]`),
  );
  const others = Object.keys(tool).flatMap((key) => {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (name === 'function_declarations' || !isObject(tool[key])) return [];
    return name.startsWith('google_search')
      ? [{ type: 'web_search_20250305', name: 'web_search' }]
      : // Google's own tools: converters that have nothing like them say so in the log.
        [{ type: name, name }];
  });
  return [...functions, ...others];
}

function functionTool(declaration: JsonObject, place: string): JsonObject {
  const name = textOf(declaration.name);
  if (name === undefined) throw refused(`* GenerateContentRequest.${place}.name: Name cannot be empty.`);
  const written = objectField(declaration, 'parametersJsonSchema', `${place}.parameters_json_schema`);
  const openApi = objectField(declaration, 'parameters', `${place}.parameters`);
  const schema = written ?? (openApi && jsonSchemaOf(openApi)) ?? { type: 'object', properties: {} };
  const description = textOf(declaration.description);
  return { name, ...(description === undefined ? {} : { description }), input_schema: schema };
}
