// What stands around a chat completion's content.
import type { JsonObject } from '../../../json/values.ts';
import type { AskedBy } from '../../dialect.ts';
import { promptUsage } from '../../usage.ts';

/** @param object whole or chunk; `id` is the hub's message's, without its prefix */
export function completionFrame(
  object: 'chat.completion' | 'chat.completion.chunk',
  id: string,
  model: unknown,
  asked: AskedBy,
): JsonObject {
  return {
    id: `chatcmpl-${id}`,
    object,
    created: Math.floor(asked.at / 1000),
    model: model ?? asked.body.model,
    system_fingerprint: null,
  };
}

/** @param usage the hub's; its input is told without cached tokens, here it includes them */
export function completionUsage(usage: unknown): JsonObject {
  const { input, cached, written, output, reasoning } = promptUsage(usage);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    // The second is OpenRouter's.
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

/** @param reason the hub's stop reason; `callWord` is what the client knows calls by, absent when there are none */
export function finishReason(reason: unknown, callWord: string | undefined): string {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'content_filter';
    default:
      return callWord ?? 'stop';
  }
}
