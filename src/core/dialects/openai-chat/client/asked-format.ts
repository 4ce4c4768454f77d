// The form that a chat client wants the answer in.
import { isObject, type JsonObject, shown } from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';

export interface AskedFormat {
  /** For `output_config`. */
  format?: JsonObject;
  /** For the system prompt: what the hub has no field for. */
  instruction?: string;
  /** Kept for chat completions upstreams. */
  fields: JsonObject;
}

/** Throws `ClientError` (400). */
export function askedFormat(told: unknown, carried?: Carried): AskedFormat {
  if (told === undefined || told === null) return { fields: {} };
  if (!isObject(told)) throw refused("Invalid type for 'response_format': expected an object.");
  switch (told.type) {
    case 'text':
      return { fields: {} };
    case 'json_object':
      return {
        fields: { response_format: { type: 'json_object' } },
        instruction: 'Answer with one JSON object only, without any other text.',
      };
    case 'json_schema': {
      const { json_schema } = told;
      const schema = isObject(json_schema) ? json_schema.schema : undefined;
      if (!isObject(schema))
        throw refused("Missing required parameter: 'response_format.json_schema.schema'.");
      return { format: { type: 'json_schema', schema }, fields: {} };
    }
    default:
      onlyCarried(
        refused(
          `Invalid value: '${shown(told.type)}' for 'response_format.type'. Supported are 'text', 'json_object' and 'json_schema'.`,
        ),
        carried,
      );
      return { fields: {} };
  }
}
