// An answer in a JSON schema (`output_config.format`).
import type { JsonObject } from '../../json/values.ts';
import { answerSchema, isStrictSchema, schemaInstruction } from '../answer-schema.ts';
import type { HubRequest } from '../hub.ts';
import type { TargetProfile } from '../target-profile.ts';

export interface EncodedFormat {
  fields: JsonObject;
  /** For the system prompt of upstreams that can't be given a schema. */
  instruction?: string;
}

export function encodeFormat(request: HubRequest, target: TargetProfile): EncodedFormat {
  const schema = answerSchema(request);
  if (!schema) return { fields: {} };
  const way = target.quirks.refuses.includes('response_format')
    ? 'prompt'
    : (target.quirks.jsonSchema ?? 'json_schema');
  if (way === 'json_schema') {
    const json_schema: JsonObject = { name: 'answer', schema };
    if (isStrictSchema(schema)) json_schema.strict = true;
    return { fields: { response_format: { type: 'json_schema', json_schema } } };
  }
  return {
    fields: way === 'json_object' ? { response_format: { type: 'json_object' } } : {},
    instruction: schemaInstruction(schema),
  };
}
