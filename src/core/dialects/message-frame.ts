// The first and the last events of a message that a decoder writes.
import type { TokenUsage } from '../tokens/usage.ts';
import type { DecodeContext } from './dialect.ts';
import type { HubEvent, HubMessage } from './hub.ts';
import { hubUsage, type UsageDetails } from './usage.ts';

export type StopReason = NonNullable<HubMessage['stop_reason']>;

/** @param counts what is known of the usage; the estimate stands in for the input until the upstream tells the truth */
export function messageStart(context: DecodeContext, counts: Partial<TokenUsage>): HubEvent {
  return {
    type: 'message_start',
    message: {
      id: context.random.id('msg_'),
      type: 'message',
      role: 'assistant',
      model: context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: hubUsage({ ...counts, input: counts.input ?? context.estimatedInputTokens, output: 0 }),
    },
  };
}

export interface MessageEnd {
  reason: StopReason;
  stopSequence: string | undefined;
  /** Why it was refused, in the upstream's words. */
  explanation?: string | undefined;
  counts: Partial<TokenUsage>;
  details: UsageDetails;
}

export function messageEnd(end: MessageEnd): HubEvent[] {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, ...usage } =
    hubUsage(end.counts, end.details);
  const { output_tokens_details, server_tool_use } = usage;
  return [
    {
      type: 'message_delta',
      delta: {
        stop_reason: end.reason,
        stop_sequence: end.stopSequence ?? null,
        stop_details:
          end.reason === 'refusal'
            ? { type: 'refusal', category: null, explanation: end.explanation ?? null }
            : null,
        container: null,
      },
      usage: {
        input_tokens,
        output_tokens,
        cache_creation_input_tokens,
        cache_read_input_tokens,
        output_tokens_details,
        server_tool_use,
      },
    },
    { type: 'message_stop' },
  ];
}
