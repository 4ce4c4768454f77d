// `generationConfig`: limits, sampling, thinking and the form of the answer.
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../../json/values.ts';
import { answerSchema, schemaInstruction } from '../answer-schema.ts';
import type { HubRequest } from '../hub.ts';
import { outputLimit } from '../request-facts.ts';
import type { TargetProfile } from '../target-profile.ts';
import { combinesTools, outputCeiling } from './model-facts.ts';
import { geminiSchema } from './schema.ts';
import { thinkingConfig } from './thinking-request.ts';

export interface EncodedConfig {
  config: JsonObject;
  /** For the system prompt where the answer's schema can't be given. */
  instruction?: string;
}

/** @param functions the request offers functions */
export function encodeConfig(
  request: HubRequest,
  target: TargetProfile,
  functions: boolean,
  notes: string[],
): EncodedConfig {
  const config: JsonObject = { ...objectOf(request.generationConfig) };
  const ceiling = target.maxOutput ?? outputCeiling(target.model);
  const limit = outputLimit(
    request,
    ceiling === undefined ? target : { ...target, maxOutput: ceiling },
    notes,
  );
  if (limit !== undefined) config.maxOutputTokens = limit;
  for (const [from, to] of numbers) {
    const value = numberOf(request[from]);
    if (value !== undefined) config[to] = value;
  }
  const stops = listOf(request.stop_sequences).filter((stop) => textOf(stop) !== undefined);
  if (stops.length > mostStops)
    notes.push(`${stops.length - mostStops} stop sequences dropped: only ${mostStops} are taken`);
  if (stops.length > 0) config.stopSequences = stops.slice(0, mostStops);
  const thinking = thinkingConfig(request, target);
  if (thinking) config.thinkingConfig = thinking;
  const schema = answerSchema(request);
  if (!schema) return { config };
  if (functions && !combinesTools(target.model)) return { config, instruction: schemaInstruction(schema) };
  const { jsonSchema = 'json_schema' } = target.quirks;
  if (jsonSchema === 'prompt') return { config, instruction: schemaInstruction(schema) };
  config.responseMimeType = 'application/json';
  if (jsonSchema === 'json_object') return { config, instruction: schemaInstruction(schema) };
  return { config: { ...config, responseJsonSchema: geminiSchema(schema) } };
}

/** The hub's name → Google's. The last ones are chat completions' own, kept by its clients' converter. */
const numbers: readonly (readonly [string, string])[] = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['seed', 'seed'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
];
/** Fields of the hub that end in `generationConfig`, beside those that every upstream converts. */
export const configFields: ReadonlySet<string> = new Set([
  'generationConfig',
  ...numbers.map(([name]) => name),
]);

const mostStops = 5;
