// Top-level fields that have no conversion of their own.
import type { JsonObject } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';

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

/** Fields of chat completions themselves: a client that sends them means them. */
const known = new Set(
  `frequency_penalty logit_bias logprobs presence_penalty seed top_logprobs verbosity prompt_cache_key safety_identifier
   prediction modalities audio web_search_options reasoning_effort`.split(/\s+/),
);

/** What goes on as it is: chat completions' own fields, and unknown ones unless such are to be dropped. */
export function otherFields(request: HubRequest, target: TargetProfile, notes: string[]): JsonObject {
  const fields: JsonObject = {};
  const dropped: string[] = [];
  for (const [key, value] of Object.entries(request)) {
    if (converted.has(key) || anthropicOnly.has(key) || value === undefined || value === null) continue;
    if (known.has(key) || !target.dropParams) fields[key] = value;
    else dropped.push(key);
  }
  if (dropped.length > 0) notes.push(`${dropped.join(', ')} dropped: not known to chat completions`);
  return fields;
}
