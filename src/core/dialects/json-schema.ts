// JSON schemas of tools and answers, in a form that every OpenAI-like server takes and that means the same:
// an object at the root, references resolved, no document fields.
import { isObject, type JsonObject, listOf, textOf } from '../json/values.ts';

/** Fields that say something about the document, not about the value. Some servers refuse them. */
const documentFields = new Set(['$schema', '$id', '$comment', '$anchor']);
const definitionFields = new Set(['$defs', 'definitions']);
/** Resolved references may multiply; beyond this many objects they stay references. */
const largestSchema = 20_000;

/** The parameters of a function: OpenAI wants `type: "object"` and no alternatives at the root. */
export function functionSchema(schema: unknown): JsonObject {
  const clean = cleanSchema(isObject(schema) ? schema : {});
  const flat = rootAlternatives.some((key) => key in clean) ? withoutRootAlternatives(clean) : clean;
  if (flat.type === 'object' && isObject(flat.properties)) return flat;
  return { ...flat, type: 'object', properties: isObject(flat.properties) ? flat.properties : {} };
}

/** The same schema with local references replaced by what they point to. Returns the input itself when there is nothing to do. */
export function cleanSchema(schema: JsonObject): JsonObject {
  if (!needsCleaning(schema)) return schema;
  const work: Work = { root: schema, open: [], kept: new Set(), budget: largestSchema };
  const clean = cleanObject(schema, work);
  if (work.kept.size === 0) return clean;
  // Recursive references can't be resolved; they keep their definitions.
  for (const field of definitionFields)
    if (isObject(schema[field])) clean[field] = cleanDefinitions(schema[field]);
  return clean;
}

interface Work {
  root: JsonObject;
  /** References that are being resolved: meeting one again means recursion. */
  open: string[];
  /** References that stay. */
  kept: Set<string>;
  budget: number;
}

function needsCleaning(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(needsCleaning);
  if (!isObject(value)) return false;
  for (const key in value) {
    if (key === '$ref' || documentFields.has(key) || definitionFields.has(key)) return true;
    if (needsCleaning(value[key])) return true;
  }
  return false;
}

function cleanValue(value: unknown, work: Work): unknown {
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, work));
  return isObject(value) ? cleanObject(value, work) : value;
}

function cleanObject(schema: JsonObject, work: Work): JsonObject {
  work.budget--;
  const reference = textOf(schema.$ref);
  if (reference !== undefined) return cleanReference(schema, reference, work);
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (documentFields.has(key) || definitionFields.has(key)) continue;
    result[key] =
      isPropertyMap(key) && isObject(value) ? cleanProperties(value, work) : cleanValue(value, work);
  }
  return result;
}

/** Below these the keys are names of properties, which may well be called `$ref` or `definitions`. */
function isPropertyMap(key: string): boolean {
  return key === 'properties' || key === 'patternProperties' || key === 'dependentSchemas';
}

function cleanProperties(properties: JsonObject, work: Work): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, cleanValue(value, work)]),
  );
}

function cleanReference(schema: JsonObject, reference: string, work: Work): JsonObject {
  const target = lookUp(work.root, reference);
  const { $ref: _, ...beside } = schema;
  if (!target || work.open.includes(reference) || work.budget <= 0) {
    work.kept.add(reference);
    return schema;
  }
  work.open.push(reference);
  const resolved = cleanObject(target, work);
  work.open.pop();
  return { ...resolved, ...cleanObject(beside, work) };
}

/** A local reference such as `#/$defs/Item`. */
function lookUp(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return isObject(at) ? at : undefined;
}

function cleanDefinitions(definitions: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, value]) => [
      name,
      isObject(value) ? withoutDocumentFields(value) : value,
    ]),
  );
}

function withoutDocumentFields(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !documentFields.has(key)));
}

const rootAlternatives = ['anyOf', 'oneOf', 'allOf'];

/**
 * An object with the properties of all alternatives. What they demand together moves into `required`; what only some
 * demand is said in words, so that the model still knows.
 */
function withoutRootAlternatives(schema: JsonObject): JsonObject {
  const { anyOf, oneOf, allOf, ...rest } = schema;
  const all = listOf(allOf).filter(isObject);
  const some = [...listOf(anyOf), ...listOf(oneOf)].filter(isObject);
  const properties: JsonObject = {};
  for (const part of [...some, ...all, rest])
    if (isObject(part.properties)) Object.assign(properties, part.properties);
  const required = new Set([rest, ...all].flatMap((part) => listOf(part.required)));
  const [first, ...others] = some.map((part) => listOf(part.required));
  for (const name of first ?? []) if (others.every((list) => list.includes(name))) required.add(name);
  const result: JsonObject = { ...rest, properties };
  if (required.size > 0) result.required = [...required];
  const words = some.map((part) => listOf(part.required).join(' + ')).filter((text) => text !== '');
  if (words.length > 1)
    result.description =
      `${textOf(rest.description) ?? ''} Give one of these sets of properties: ${words.join('; or ')}.`.trim();
  return result;
}
