// What stands around a chat completion's content.
import type { JsonObject } from '../../../json/values.ts';
import { promptUsage } from '../../usage.ts';

/** What all chunks of an answer say alike. */
export interface CompletionHead {
  /** Of the hub's message, without its prefix. */
  id: string;
  model: unknown;
  /** Seconds since the epoch. */
  created: number;
}

export function completionFrame(
  object: 'chat.completion' | 'chat.completion.chunk',
  { id, model, created }: CompletionHead,
): JsonObject {
  return {
    id: `chatcmpl-${id}`,
    object,
    created,
    model,
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
