// An answer in a JSON schema (`output_config.format`), before an upstream's own form for it is found.
import { isObject, type JsonObject, listOf } from '../json/values.ts';
import type { HubRequest } from './hub.ts';
import { cleanSchema } from './json-schema.ts';

/** The cleaned schema that the answer must match; undefined when the request asks for none. */
export function answerSchema(request: HubRequest): JsonObject | undefined {
  const config: JsonObject = isObject(request.output_config) ? request.output_config : {};
  const format = isObject(config.format) ? config.format : request.output_format;
  return isObject(format) && isObject(format.schema) ? cleanSchema(format.schema) : undefined;
}

/** For the system prompt of upstreams that can't be given a schema. */
export function schemaInstruction(schema: JsonObject): string {
  return `Answer with one JSON value only, without any other text, that matches this JSON schema:\n${JSON.stringify(schema)}`;
}

/** OpenAI enforces a schema only when it is an object, and each object is closed and demands all of its properties. */
export function isStrictSchema(schema: JsonObject): boolean {
  return schema.type === 'object' && isClosed(schema);
}

function isClosed(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isClosed);
  if (!isObject(value)) return true;
  if (value.type === 'object' && value.additionalProperties !== false) return false;
  if (isObject(value.properties)) {
    const required = listOf(value.required);
    if (value.additionalProperties !== false) return false;
    if (!Object.keys(value.properties).every((name) => required.includes(name))) return false;
    if (!Object.values(value.properties).every(isClosed)) return false;
  }
  return Object.entries(value).every(([key, inner]) => key === 'properties' || isClosed(inner));
}
