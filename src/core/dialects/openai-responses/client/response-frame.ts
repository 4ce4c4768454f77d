// The response object around the output items: what the client asked for is said back in it.
import { type JsonObject, objectOf } from '../../../json/values.ts';
import type { AskedBy } from '../../dialect.ts';
import { promptUsage } from '../../usage.ts';

/** An answer that has begun; its id and, where the answer tells one, its model are still to come. */
export function responseFrame(asked: AskedBy): JsonObject {
  const { body } = asked;
  const reasoning = objectOf(body.reasoning);
  return {
    id: 'resp_',
    object: 'response',
    created_at: Math.floor(asked.at / 1000),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    metadata: body.metadata ?? {},
    model: body.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: 'default',
    store: false,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: null,
    user: body.user ?? null,
  };
}

/** @param usage the hub's; its input is told without cached tokens, here it includes them */
export function responseUsage(usage: unknown): JsonObject {
  const { input, cached, written, output, reasoning } = promptUsage(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

/** How the answer ended. @param reason the hub's stop reason */
export function responseEnd(reason: unknown): JsonObject {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    case 'refusal':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
    default:
      return { status: 'completed' };
  }
}
