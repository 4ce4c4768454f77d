// Tools' schemas in the few words that every upstream knows. What the other words say stays as text in the descriptions,
// so that the model still knows it.
import { isObject, type JsonObject, listOf, textOf } from '../json/values.ts';
import { functionSchema } from './json-schema.ts';

const kept = new Set(['type', 'description', 'properties', 'required', 'items', 'enum']);
const alternatives = ['anyOf', 'oneOf', 'allOf'];
/** Say nothing about the value. */
const silent = new Set([
  ...alternatives,
  'title',
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'strict',
]);
const longestHint = 300;

export function plainSchema(schema: unknown): JsonObject {
  return plainObject(functionSchema(schema));
}

function plainObject(schema: JsonObject): JsonObject {
  const whole = withoutAlternatives(schema);
  const result: JsonObject = {};
  const hints: string[] = [];
  for (const [key, value] of Object.entries(whole)) {
    if (key === 'properties' && isObject(value)) result.properties = plainProperties(value);
    else if (key === 'items') result.items = isObject(value) ? plainObject(value) : {};
    else if (key === 'type') result.type = plainType(value);
    else if (key === 'enum' && listOf(value).every((each) => typeof each === 'string')) result.enum = value;
    else if (kept.has(key) && key !== 'enum') result[key] = value;
    else if (!silent.has(key)) hints.push(`${key}: ${JSON.stringify(value)?.slice(0, longestHint)}`);
  }
  if (result.type === 'array') result.items ??= { type: 'string' };
  if (hints.length > 0)
    result.description = `${textOf(whole.description) ?? ''} (${hints.join(', ')})`.trim();
  return result;
}

/** The first alternative that is more than `null`; what all of them say goes together. */
function withoutAlternatives(schema: JsonObject): JsonObject {
  const all = listOf(schema.allOf).filter(isObject);
  const [one] = [...listOf(schema.anyOf), ...listOf(schema.oneOf)].filter(
    (each) => isObject(each) && each.type !== 'null',
  );
  const parts = [...all, ...(isObject(one) ? [one] : [])];
  if (parts.length === 0) return schema;
  const merged = Object.assign({}, ...parts.map(withoutAlternatives), schema) as JsonObject;
  for (const key of alternatives) delete merged[key];
  return merged;
}

/** A list of types is one type and, mostly, `null`. */
function plainType(type: unknown): unknown {
  return Array.isArray(type) ? (type.find((each) => each !== 'null') ?? 'string') : type;
}

function plainProperties(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isObject(value) ? plainObject(value) : {}]),
  );
}
