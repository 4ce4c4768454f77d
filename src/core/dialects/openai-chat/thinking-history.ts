// Earlier thinking on its way back to the model that had it.
import { type JsonObject, textOf } from '../../json/values.ts';
import { signatureOrigin } from '../signature-carrier.ts';
import { thoughtSignatureIn, unwrapDetails } from '../signature-forms.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { AssistantMessage, WireToolCall } from './wire.ts';

/** DeepSeek and Moonshot refuse a tool call without the thinking before it, also when another model made the call. */
export const missingThinking = ' ';

/** @param blocks the thinking blocks of one assistant message, in order */
export function addThinking(
  message: AssistantMessage,
  blocks: readonly JsonObject[],
  target: TargetProfile,
): void {
  switch (target.quirks.reasoningHistory) {
    case 'reasoning_content': {
      const text = blocks.map((block) => textOf(block.thinking) ?? '').join('\n\n');
      if (text.trim() !== '') message.reasoning_content = text;
      else if (message.tool_calls) message.reasoning_content = missingThinking;
      break;
    }
    case 'reasoning_details': {
      const details = blocks.flatMap((block) => ownDetails(block, target.provider));
      if (details.length > 0) message.reasoning_details = details;
      break;
    }
    default:
      break;
  }
}

/** Signatures of another provider would be refused, so only this provider's own thinking goes back in detail. */
function ownDetails(block: JsonObject, provider: string): JsonObject[] {
  const origin = signatureOrigin(block.signature, provider);
  return origin.kind === 'own' ? unwrapDetails(origin.original, textOf(block.thinking) ?? '') : [];
}

/** Gives a call the thought signature that the block before it carries. */
export function addThoughtSignature(
  call: WireToolCall,
  block: JsonObject | undefined,
  target: TargetProfile,
): void {
  if (!block || target.thinkingHistory === 'dropped') return;
  const origin = signatureOrigin(block.signature, target.provider);
  const signature = origin.kind === 'own' ? thoughtSignatureIn(origin.original) : undefined;
  if (signature !== undefined) call.extra_content = { google: { thought_signature: signature } };
}
