// JSON schemas for Google's `parametersJsonSchema` and `responseJsonSchema`. Words that these don't know are passed over;
// what they refuse is said in another way. The older `parameters` field, a subset of OpenAPI, refuses far more.
import { isObject, type JsonObject } from '../../json/values.ts';
import { functionSchema } from '../json-schema.ts';

/** The parameters of a function; undefined when it has none, which is said by leaving the field out. */
export function parametersSchema(schema: unknown): JsonObject | undefined {
  const clean = geminiSchema(functionSchema(schema));
  const none = isObject(clean.properties) && Object.keys(clean.properties).length === 0;
  return none && !clean.additionalProperties && !clean.patternProperties ? undefined : clean;
}

/** @param schema cleaned already: without references and document fields */
export function geminiSchema(schema: JsonObject): JsonObject {
  return cleanObject(schema);
}

function cleanObject(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties' && isObject(value)) result[key] = cleanProperties(value);
    else if (key === 'enum' && Array.isArray(value)) putEnum(result, value);
    else if (key === 'const' && typeof value === 'string') putEnum(result, [value]);
    else result[key] = cleanValue(key, value);
  }
  return result;
}

/** Below these stand values, not schemas. */
const valueKeys = new Set(['default', 'const', 'required', 'example', 'examples']);

function cleanValue(key: string, value: unknown): unknown {
  if (valueKeys.has(key)) return value;
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? cleanObject(item) : item));
  return isObject(value) ? cleanObject(value) : value;
}

function cleanProperties(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isObject(value) ? cleanObject(value) : value]),
  );
}

/** "enum[0]: cannot be empty": an empty text as a choice is refused, and so is a list without choices. */
function putEnum(schema: JsonObject, values: readonly unknown[]): void {
  const choices = values.filter((value) => value !== '');
  if (choices.length > 0) schema.enum = choices;
}
