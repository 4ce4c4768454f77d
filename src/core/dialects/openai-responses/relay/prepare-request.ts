// What a Responses upstream must not get is taken out of a Responses client's request; everything else stays as it came,
// fields that nobody here knows included.

import { withList, without } from '../../../json/edits.ts';
import { type JsonObject, listOf, objectOf, textOf } from '../../../json/values.ts';
import type { HubRequest } from '../../hub.ts';
import { nearestEffort } from '../../reasoning-wish.ts';
import { dropped, withDefaults, withLimit, withoutRefused } from '../../relay-fields.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { encodeFormat, mayReason } from '../request.ts';
import { prepareInput } from './prepare-input.ts';

const limitField = 'max_output_tokens';

/** `notes` gets what was replaced or dropped. */
export function prepareResponsesRequest(
  body: Readonly<JsonObject>,
  hub: HubRequest,
  target: TargetProfile,
  notes: string[],
): JsonObject {
  let next: JsonObject = Array.isArray(body.input)
    ? withList(body, 'input', prepareInput(body.input, target, notes))
    : body;
  next = withLimit(next, [limitField], limitField, target.maxOutput, notes);
  next = withReasoning(next, target, notes);
  next = withFormat(next, hub, target, notes);
  if (!target.quirks.parallelToolCalls) next = dropped(next, ['parallel_tool_calls'], target, notes);
  next = withoutRefused(next, target, ['model', 'input'], notes);
  next = withDefaults(next, target, limitField);
  return { ...next, model: target.model };
}

/** Models that don't reason refuse to be asked for it. */
function withReasoning(body: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const reasoning = objectOf(body.reasoning);
  if (!mayReason(target)) {
    if (reasoning) notes.push(`reasoning dropped: ${target.model} does not reason`);
    const include = listOf(body.include).filter((what) => what !== 'reasoning.encrypted_content');
    const next = without(body, ['reasoning']);
    return include.length === listOf(body.include).length ? next : { ...next, include };
  }
  const { efforts } = target.quirks;
  const effort = textOf(reasoning?.effort);
  const nearest = effort === undefined || !efforts ? effort : nearestEffort(effort, efforts);
  return nearest === effort ? body : { ...body, reasoning: { ...reasoning, effort: nearest } };
}

/** A schema that the upstream can't be given is said in words. */
function withFormat(body: JsonObject, hub: HubRequest, target: TargetProfile, notes: string[]): JsonObject {
  const text = objectOf(body.text);
  if (!text || objectOf(text.format)?.type !== 'json_schema') return body;
  const { fields, instruction } = encodeFormat(hub, target);
  if (instruction === undefined) return body;
  notes.push(`the answer's schema said in words: ${target.provider} does not take it`);
  const instructions = [textOf(body.instructions), instruction].filter(Boolean).join('\n\n');
  return { ...body, instructions, text: { ...without(text, ['format']), ...objectOf(fields.text) } };
}
