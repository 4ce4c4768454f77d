// What an upstream's finish reason means. Names beyond OpenAI's own: Together (eos), Zhipu (sensitive, network_error),
// DeepSeek (insufficient_system_resource), Mistral (model_length), vLLM (abort), relays of Claude and Gemini models.
import type { HubMessage } from '../hub.ts';

export type Finish =
  | { kind: 'stop'; reason: NonNullable<HubMessage['stop_reason']> }
  | { kind: 'error'; type: string; message: string };

const stopReasons: Readonly<Record<string, NonNullable<HubMessage['stop_reason']>>> = {
  length: 'max_tokens',
  max_tokens: 'max_tokens',
  model_length: 'max_tokens',
  model_context_window_exceeded: 'model_context_window_exceeded',
  tool_calls: 'tool_use',
  tool_use: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
  refusal: 'refusal',
  safety: 'refusal',
  sensitive: 'refusal',
  recitation: 'refusal',
  stop_sequence: 'stop_sequence',
  pause_turn: 'pause_turn',
};

const errors: Readonly<Record<string, string>> = {
  error: 'api_error',
  network_error: 'api_error',
  abort: 'api_error',
  insufficient_system_resource: 'overloaded_error',
};

/** @param hasTools the answer holds tool calls: many upstreams say `stop` all the same, and Claude Code goes by the blocks */
export function readFinish(reason: string | undefined, hasTools: boolean): Finish {
  const name = (reason ?? '').toLowerCase();
  if (Object.hasOwn(errors, name))
    return {
      kind: 'error',
      type: errors[name] ?? 'api_error',
      message: `The provider ended its answer with finish reason "${reason}"`,
    };
  const stop = Object.hasOwn(stopReasons, name) ? stopReasons[name] : undefined;
  if (stop === undefined || stop === 'tool_use')
    return { kind: 'stop', reason: hasTools ? 'tool_use' : 'end_turn' };
  return { kind: 'stop', reason: stop };
}
