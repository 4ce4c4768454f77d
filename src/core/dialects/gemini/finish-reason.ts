// What Gemini's finish reason means. A model that blundered (a call that is none) is a failure: another attempt may do
// better, and nothing that it said is of use.
import { textOf } from '../../json/values.ts';
import type { StopReason } from '../message-frame.ts';

export type Finish = { kind: 'stop'; reason: StopReason } | { kind: 'error'; message: string };

const stopReasons: Readonly<Record<string, StopReason>> = {
  MAX_TOKENS: 'max_tokens',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  LANGUAGE: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
  MODEL_ARMOR: 'refusal',
  JAILBREAK: 'refusal',
  IMAGE_SAFETY: 'refusal',
  IMAGE_PROHIBITED_CONTENT: 'refusal',
  IMAGE_RECITATION: 'refusal',
};

const failures: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
  'NO_IMAGE',
  'IMAGE_OTHER',
]);

/** The reasons that both of Google's APIs number alike; numbers come where a client asked for them. */
const byNumber = ['FINISH_REASON_UNSPECIFIED', 'STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'OTHER'];

/** The reason as a word; undefined when the candidate has none yet. */
export function finishWord(reason: unknown): string | undefined {
  if (typeof reason === 'number') return reason === 0 ? undefined : (byNumber[reason] ?? 'OTHER');
  const word = textOf(reason);
  return word === 'FINISH_REASON_UNSPECIFIED' ? undefined : word;
}

/**
 * @param hasTools the answer holds tool calls: Gemini says STOP all the same
 * @param empty the answer holds nothing at all
 */
export function readFinish(
  reason: string | undefined,
  detail: string | undefined,
  hasTools: boolean,
  empty: boolean,
): Finish {
  if (reason !== undefined && (failures.has(reason) || (reason === 'OTHER' && empty))) {
    const told = `The provider ended its answer with finish reason "${reason}"`;
    return { kind: 'error', message: detail === undefined ? told : `${told}: ${detail}` };
  }
  const stop = reason !== undefined && Object.hasOwn(stopReasons, reason) ? stopReasons[reason] : undefined;
  return { kind: 'stop', reason: stop ?? (hasTools ? 'tool_use' : 'end_turn') };
}
