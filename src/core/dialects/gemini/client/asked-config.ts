// A client's `generationConfig` as the hub's fields.
import {
  isObject,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  shown,
  textOf,
} from '../../../json/values.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';
import { fieldOf, objectField, refused } from './asked-field.ts';
import { jsonSchemaOf } from './open-api-schema.ts';

export interface AskedConfig {
  fields: JsonObject;
  /** For the system prompt: what the hub has no field for. */
  instruction?: string;
}

/** Google's name → the hub's. */
const numbers = {
  maxOutputTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  seed: 'seed',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
} as const;

/** Converted here or by the other functions; what is left goes to Gemini upstreams as it is. */
const converted: ReadonlySet<string> = new Set([
  ...Object.keys(numbers),
  ...'stopSequences candidateCount thinkingConfig responseMimeType responseSchema responseJsonSchema'.split(
    ' ',
  ),
]);

/** Throws `ClientError` (400) that names the field. */
export function askedConfig(body: JsonObject, carried?: Carried): AskedConfig {
  const config = objectField(body, 'generationConfig', 'generation_config') ?? {};
  const fields: JsonObject = {};
  for (const [asked, own] of Object.entries(numbers)) {
    const value = fieldOf(config, asked);
    if (value === undefined) continue;
    if (numberOf(value) === undefined)
      throw refused(`Invalid value at 'generation_config.${asked}': "${shown(value)}"`);
    fields[own] = value;
  }
  if ((numberOf(fieldOf(config, 'candidateCount')) ?? 1) > 1)
    onlyCarried(refused('Multiple candidates is not enabled for this model'), carried);
  const stops = listOf(fieldOf(config, 'stopSequences')).filter((stop) => textOf(stop) !== undefined);
  if (stops.length > 0) fields.stop_sequences = stops;
  const output: JsonObject = {};
  Object.assign(fields, thinkingFields(config, output, numberOf(fields.max_tokens)));
  const instruction = formatFields(config, output);
  if (Object.keys(output).length > 0) fields.output_config = output;
  const rest = leftOver(config);
  if (Object.keys(rest).length > 0) fields.generationConfig = rest;
  return instruction === undefined ? { fields } : { fields, instruction };
}

/** Anthropic takes no smaller budget, and none that leaves no room for the answer. */
const leastBudget = 1024;

function thinkingFields(config: JsonObject, output: JsonObject, limit: number | undefined): JsonObject {
  const thinking = objectField(config, 'thinkingConfig', 'generation_config.thinking_config');
  if (!thinking) return {};
  const shown = fieldOf(thinking, 'includeThoughts') === true;
  const display = shown ? 'summarized' : 'omitted';
  const level = textOf(fieldOf(thinking, 'thinkingLevel'))?.toLowerCase();
  const budget = numberOf(fieldOf(thinking, 'thinkingBudget'));
  if (level !== undefined && !level.includes('unspecified')) {
    output.effort = level === 'minimal' ? 'low' : level;
    return { thinking: { type: 'adaptive', display } };
  }
  if (budget === 0) return { thinking: { type: 'disabled' } };
  if (budget === undefined || budget < 0)
    return shown || budget !== undefined ? { thinking: { type: 'adaptive', display } } : {};
  const most = limit === undefined ? budget : Math.min(budget, limit - 1);
  if (most < leastBudget && limit !== undefined && limit <= leastBudget) return {};
  return { thinking: { type: 'enabled', budget_tokens: Math.max(most, leastBudget), display } };
}

/** Returns what has to be said in words. */
function formatFields(config: JsonObject, output: JsonObject): string | undefined {
  const type = textOf(fieldOf(config, 'responseMimeType'));
  const written =
    objectOf(fieldOf(config, 'responseJsonSchema')) ?? objectOf(fieldOf(config, '_responseJsonSchema'));
  const openApi = objectOf(fieldOf(config, 'responseSchema'));
  const schema = written ?? (openApi && jsonSchemaOf(openApi));
  if (type === 'text/x.enum' && Array.isArray(schema?.enum))
    return `Answer with one of these words and nothing else: ${schema.enum.join(', ')}`;
  if (type !== 'application/json') return undefined;
  if (!schema) return 'Answer with one JSON value only, without any other text.';
  output.format = { type: 'json_schema', schema };
  return undefined;
}

function leftOver(config: JsonObject): JsonObject {
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(config)) {
    const name = key.replace(/^_/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (converted.has(name) || value === null || isTextOnly(name, value)) continue;
    rest[name] = value;
  }
  return rest;
}

/** What every model does anyway. */
function isTextOnly(name: string, value: unknown): boolean {
  return name === 'responseModalities' && listOf(value).every((kind) => kind === 'TEXT') && !isObject(value);
}
