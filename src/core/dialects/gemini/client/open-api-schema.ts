// Google's own schemas, a subset of OpenAPI's, as JSON schemas: types in lower case, `nullable` as a type of its own.
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';
import { fieldOf } from './asked-field.ts';

/** Proto numbers of the types, which some clients send. */
const typeNumbers = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (name === 'type' || name === 'nullable' || name === 'propertyOrdering') continue;
    if (name === 'properties' && isObject(value)) result.properties = properties(value);
    else if (Array.isArray(value))
      result[name] = value.map((item) => (isObject(item) ? jsonSchemaOf(item) : item));
    // Whole numbers come as texts: the fields are 64 bits wide.
    else if (numberFields.has(name) && typeof value === 'string') result[name] = Number(value);
    else
      result[name] =
        isObject(value) && name !== 'default' && name !== 'example' ? jsonSchemaOf(value) : value;
  }
  const type = typeOf(schema.type);
  if (type !== undefined) result.type = fieldOf(schema, 'nullable') === true ? [type, 'null'] : type;
  return result;
}

const numberFields: ReadonlySet<string> = new Set(
  'minItems maxItems minLength maxLength minProperties maxProperties'.split(' '),
);

function typeOf(type: unknown): unknown {
  if (typeof type === 'number') return textOf(typeNumbers[type]);
  if (Array.isArray(type)) return type.map((item) => (typeof item === 'string' ? item.toLowerCase() : item));
  const word = textOf(type)?.toLowerCase();
  return word === 'type_unspecified' ? undefined : word;
}

/** Here the keys are names that the client chose. */
function properties(map: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, isObject(value) ? jsonSchemaOf(value) : value]),
  );
}
