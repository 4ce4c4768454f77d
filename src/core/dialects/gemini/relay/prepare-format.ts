// A schema for the answer that a Gemini upstream can't be given is said in words.

import { without } from '../../../json/edits.ts';
import { type JsonObject, objectOf } from '../../../json/values.ts';
import { answerSchema, schemaInstruction } from '../../answer-schema.ts';
import type { HubRequest } from '../../hub.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { fieldOf, objectsField, spelling } from '../client/asked-field.ts';

const schemaFields =
  'responseSchema response_schema responseJsonSchema response_json_schema _responseJsonSchema';

/** The body, whose `generationConfig` stands in `field`, with the schema as a further part of its system instruction. */
export function withFormat(
  body: JsonObject,
  field: string,
  hub: HubRequest,
  { provider, quirks }: TargetProfile,
  notes: string[],
): JsonObject {
  const { jsonSchema = 'json_schema' } = quirks;
  const schema = jsonSchema === 'json_schema' ? undefined : answerSchema(hub);
  const config = objectOf(body[field]);
  if (!schema || !config) return body;
  notes.push(`the answer's schema said in words: ${provider} does not take it`);
  const dropped = schemaFields.split(' ');
  if (jsonSchema === 'prompt') dropped.push('responseMimeType', 'response_mime_type');
  const told = fieldOf(body, 'systemInstruction');
  const parts = typeof told === 'string' ? [{ text: told }] : objectsField(objectOf(told) ?? {}, 'parts', '');
  return {
    ...body,
    [field]: without(config, dropped),
    [spelling(body, 'systemInstruction')]: {
      ...objectOf(told),
      parts: [...parts, { text: schemaInstruction(schema) }],
    },
  };
}
