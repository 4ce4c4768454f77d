// An answer in a JSON schema (`output_config.format`).
import { isObject, type JsonObject, listOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { cleanSchema } from '../json-schema.ts';

export interface EncodedFormat {
  fields: JsonObject;
  /** For the system prompt of upstreams that can't be given a schema. */
  instruction?: string;
}

export function encodeFormat(request: HubRequest, target: TargetProfile): EncodedFormat {
  const config: JsonObject = isObject(request.output_config) ? request.output_config : {};
  const format = isObject(config.format) ? config.format : request.output_format;
  if (!isObject(format) || !isObject(format.schema)) return { fields: {} };
  const schema = cleanSchema(format.schema);
  const way = target.quirks.refuses.includes('response_format')
    ? 'prompt'
    : (target.quirks.jsonSchema ?? 'json_schema');
  if (way === 'json_schema') {
    const json_schema: JsonObject = { name: 'answer', schema };
    if (isStrict(schema)) json_schema.strict = true;
    return { fields: { response_format: { type: 'json_schema', json_schema } } };
  }
  return {
    fields: way === 'json_object' ? { response_format: { type: 'json_object' } } : {},
    instruction: `Answer with one JSON value only, without any other text, that matches this JSON schema:\n${JSON.stringify(schema)}`,
  };
}

/** OpenAI enforces a schema only when each object is closed and demands all of its properties. */
function isStrict(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isStrict);
  if (!isObject(value)) return true;
  if (isObject(value.properties)) {
    const required = listOf(value.required);
    if (value.additionalProperties !== false) return false;
    if (!Object.keys(value.properties).every((name) => required.includes(name))) return false;
    if (!Object.values(value.properties).every(isStrict)) return false;
  }
  return Object.entries(value).every(([key, inner]) => key === 'properties' || isStrict(inner));
}
