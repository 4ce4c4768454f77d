// Top-level fields of a request to an upstream that is not Anthropic: those without a conversion of their own, and the
// last look at all of them.
import type { JsonObject } from '../json/values.ts';
import type { HubRequest } from './hub.ts';
import { withoutFields } from './refused-fields.ts';
import type { TargetProfile } from './target-profile.ts';

/** Converted elsewhere. */
const converted = new Set(
  `model messages system max_tokens stream temperature top_p stop_sequences tools tool_choice thinking output_config
   output_format metadata`.split(/\s+/),
);

/** Anthropic's own: they mean nothing to another upstream, and losing them changes no answer. */
const anthropicOnly = new Set(
  `context_management safeguards cache_control container mcp_servers service_tier inference_geo speed diagnostics betas
   anthropic_beta anthropic_version user_profile_id workspace_id fallbacks`.split(/\s+/),
);

/** A top-level field of the hub's own. Another dialect's client that sends such a name means something else by it. */
export function isHubField(name: string): boolean {
  return converted.has(name) || anthropicOnly.has(name) || name === 'top_k';
}

/**
 * What goes on as it is: fields that the upstream's API has itself (a client that sends them means them), and unknown
 * ones unless such are to be dropped.
 * @param own the API's fields
 */
export function otherFields(
  request: HubRequest,
  target: TargetProfile,
  own: ReadonlySet<string>,
  notes: string[],
): JsonObject {
  const fields: JsonObject = {};
  const dropped: string[] = [];
  for (const [key, value] of Object.entries(request)) {
    if (converted.has(key) || anthropicOnly.has(key) || value === undefined || value === null) continue;
    if (own.has(key) || !target.dropParams) fields[key] = value;
    else dropped.push(key);
  }
  if (dropped.length > 0) notes.push(`${dropped.join(', ')} dropped: not known to the provider's API`);
  return fields;
}

/**
 * The target's own parameters fill what the client left open; what the upstream refuses goes.
 * @param limitField how the API calls the output limit
 */
export function settleFields(
  fields: JsonObject,
  target: TargetProfile,
  limitField: string,
  notes: string[],
): JsonObject {
  const { quirks, params, provider } = target;
  const found = new Set<string>();
  const kept: JsonObject = { ...withoutFields(fields, quirks.refuses, found) };
  for (const path of found) notes.push(`${path} dropped: ${provider} refuses it`);
  const { max_tokens, max_completion_tokens, max_output_tokens, ...others } = params;
  const limit = max_output_tokens ?? max_completion_tokens ?? max_tokens;
  if (limit !== undefined) kept[limitField] ??= limit;
  for (const [key, value] of Object.entries(others)) kept[key] ??= value;
  return kept;
}
