// What a Gemini upstream must not get is taken out of a Gemini client's request; everything else stays as it came, fields
// that nobody here knows included.

import { withList, without } from '../../../json/edits.ts';
import { isObject, type JsonObject, numberOf, objectOf, textOf } from '../../../json/values.ts';
import type { HubRequest } from '../../hub.ts';
import { nearestEffort } from '../../reasoning-wish.ts';
import { withoutRefused } from '../../relay-fields.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { fieldOf, spelling } from '../client/asked-field.ts';
import { outputCeiling, thinkingWay } from '../model-facts.ts';
import { isNativeField } from '../native-fields.ts';
import { commonNames } from '../request.ts';
import { thinkingConfig } from '../thinking-request.ts';
import { prepareContents } from './prepare-contents.ts';
import { withFormat } from './prepare-format.ts';

/**
 * @param body with `model` and `stream` from the request's path, which the body that goes on has not
 * @param notes gets what was replaced or dropped
 */
export function prepareGeminiRequest(
  body: Readonly<JsonObject>,
  hub: HubRequest,
  target: TargetProfile,
  notes: string[],
): JsonObject {
  let next = without(body, ['model', 'stream']);
  if (Array.isArray(body.contents))
    next = withList(next, 'contents', prepareContents(body.contents, target, notes));
  next = withoutRefused(next, target, ['contents', 'generationConfig', 'generation_config'], notes);
  next = withNativeDefaults(next, target);
  const field = spelling(body, 'generationConfig');
  const told = objectOf(body[field]) ?? {};
  let config = withLimit(told, target, notes);
  config = withThinking(config, hub, target, notes);
  config = withoutRefused(config, target, [], notes);
  config = withConfigDefaults(config, target);
  if (config !== told) next = { ...next, [field]: config };
  return withFormat(next, field, hub, target, notes);
}

/** More than the model can write is refused. */
function withLimit(config: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const most = target.maxOutput ?? outputCeiling(target.model);
  const asked = numberOf(fieldOf(config, 'maxOutputTokens'));
  if (asked === undefined || most === undefined || asked <= most) return config;
  notes.push(`maxOutputTokens lowered from ${asked} to ${most}`);
  return { ...config, [spelling(config, 'maxOutputTokens')]: most };
}

/** Models differ in whether, and in which words, they are told how much to think. */
function withThinking(
  config: JsonObject,
  hub: HubRequest,
  target: TargetProfile,
  notes: string[],
): JsonObject {
  const field = spelling(config, 'thinkingConfig');
  const told = objectOf(config[field]);
  if (!told) return config;
  const way = thinkingWay(target.model);
  // Nothing is known of other models than Google's own.
  const refuses = target.reasoning === false || target.quirks.reasoning === 'none' || !way;
  if (refuses && !isOther(target.model)) {
    notes.push(`thinkingConfig dropped: ${target.model} refuses it`);
    return without(config, [field]);
  }
  const level = textOf(fieldOf(told, 'thinkingLevel'))?.toLowerCase();
  if (!way || level === undefined) return config;
  const known = way.kind === 'levels' && nearestEffort(level, target.quirks.efforts ?? way.levels) === level;
  if (known) return config;
  // Whether thoughts are shown is for the client to say.
  const { includeThoughts: _, ...meant } = thinkingConfig(hub, target) ?? {};
  notes.push(`thinkingLevel ${level} said in the words of ${target.model}`);
  return { ...config, [field]: { ...without(told, ['thinkingLevel', 'thinking_level']), ...meant } };
}

function isOther(model: string): boolean {
  return outputCeiling(model) === undefined;
}

/** Whether the target has it as a parameter of the request itself, not of `generationConfig`. */
function withNativeDefaults(body: JsonObject, { params }: TargetProfile): JsonObject {
  const missing = Object.entries(params).filter(
    ([name]) => isNativeField(name) && fieldOf(body, name) === undefined,
  );
  return missing.length === 0 ? body : { ...body, ...Object.fromEntries(missing) };
}

/** The target's own parameters, in Google's names or in everybody's. */
function withConfigDefaults(config: JsonObject, { params }: TargetProfile): JsonObject {
  const nested = isObject(params.generationConfig) ? Object.entries(params.generationConfig) : [];
  const common = Object.entries(params)
    .filter(([name]) => name !== 'generationConfig' && !isNativeField(name))
    .map(([name, value]): [string, unknown] => [commonNames[name] ?? name, value]);
  const missing = [...common, ...nested].filter(([name]) => fieldOf(config, name) === undefined);
  return missing.length === 0 ? config : { ...config, ...Object.fromEntries(missing) };
}
