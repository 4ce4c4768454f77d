// One turn of the model, on its way back to it.
import { isObject, type JsonObject, textOf } from '../../json/values.ts';
import { assistantText, blocksOf } from '../conversation.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolNames } from '../tool-names.ts';
import { isGemini3 } from './model-facts.ts';
import { thoughtSignatureOf, unsignedCall } from './thought-signature.ts';
import type { Part } from './wire.ts';

export interface ModelTurn {
  parts: Part[];
  calls: { id: string; name: string }[];
}

/** @param giveId turns the client's id of a call into the one that goes out */
export function modelTurn(
  content: unknown,
  target: TargetProfile,
  giveId: (id: string) => string,
  names: ToolNames,
): ModelTurn {
  const blocks = blocksOf(content);
  const turn: ModelTurn = { parts: [], calls: [] };
  let signature: string | undefined;
  for (const block of blocks) {
    if (block.type === 'thinking') {
      const carried = thoughtSignatureOf(block.signature, target);
      if (carried?.of === 'thought') turn.parts.push(thought(block, carried.signature));
      else signature = carried?.signature;
      continue;
    }
    const part = block.type === 'tool_use' ? call(block, target, giveId, names, turn) : textPart(block);
    if (!part) continue;
    if (signature !== undefined) part.thoughtSignature = signature;
    signature = undefined;
    turn.parts.push(part);
  }
  if (isGemini3(target.model)) signFirstCall(turn.parts);
  return turn;
}

/** Thoughts are shown to people; without a signature of their own they need not come back. */
function thought(block: JsonObject, signature: string): Part {
  return { text: textOf(block.thinking) ?? '', thought: true, thoughtSignature: signature };
}

function call(
  block: JsonObject,
  target: TargetProfile,
  giveId: (id: string) => string,
  names: ToolNames,
  turn: ModelTurn,
): Part {
  const id = giveId(String(block.id));
  const name = names.encode(String(block.name));
  turn.calls.push({ id, name });
  const functionCall: NonNullable<Part['functionCall']> = {
    name,
    args: isObject(block.input) ? block.input : {},
  };
  return { functionCall: isGemini3(target.model) ? { id, ...functionCall } : functionCall };
}

function textPart(block: JsonObject): Part | undefined {
  const text = assistantText(block);
  return text.trim() === '' ? undefined : { text };
}

/**
 * Of parallel calls only the first one is signed. Where clients keep all thinking in front (chat completions), its
 * signature has landed on the text before it.
 */
function signFirstCall(parts: readonly Part[]): void {
  const at = parts.findIndex((part) => part.functionCall !== undefined);
  const first = parts[at];
  if (!first || first.thoughtSignature !== undefined) return;
  const text = parts.slice(0, at).findLast((part) => !part.thought && part.thoughtSignature !== undefined);
  first.thoughtSignature = text?.thoughtSignature ?? unsignedCall;
  delete text?.thoughtSignature;
}
