// A Responses client's input items as a Responses upstream may see them. Lists and items are copied only where something
// changes.

import { changedItems, withList, without } from '../../../json/edits.ts';
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';
import { fileBlock, imageBlock } from '../../asked-media.ts';
import { signatureOrigin } from '../../signature-carrier.ts';
import { encryptedIn } from '../../signature-forms.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { isCarriedRedaction } from '../client/carried-reasoning.ts';
import { inputParts } from '../content.ts';
import { callId } from '../input.ts';

/** `notes` gets what was replaced or dropped. */
export function prepareInput(
  input: readonly unknown[],
  target: TargetProfile,
  notes: string[],
): readonly unknown[] {
  return changedItems(input, (item) => {
    if (!isObject(item)) return item;
    if (item.type === 'reasoning') return ownReasoning(item, target, notes);
    let next = item;
    const id = textOf(item.call_id);
    if (id !== undefined && callId(id) !== id) next = { ...next, call_id: callId(id) };
    for (const field of ['content', 'output'])
      if (Array.isArray(next[field])) next = withList(next, field, readable(next[field], target, notes));
    return next;
  });
}

/**
 * Encrypted reasoning goes back to the provider that made it, without what our carrier adds. Undefined for another
 * provider's, which would be refused.
 */
function ownReasoning(item: JsonObject, target: TargetProfile, notes: string[]): JsonObject | undefined {
  const encrypted = textOf(item.encrypted_content);
  const origin = signatureOrigin(encrypted, target.provider);
  if (origin.kind === 'foreign' || (encrypted !== undefined && isCarriedRedaction(encrypted))) {
    notes.push('reasoning of other providers left out');
    return undefined;
  }
  if (origin.kind !== 'own') return item;
  // The item's id was made by the router.
  const bare = without(item, ['id', 'encrypted_content']);
  const content = encryptedIn(origin.original);
  if (content !== undefined) return { ...bare, encrypted_content: content };
  return target.quirks.reasoningHistory === 'drop' ? undefined : bare;
}

function readable(parts: readonly unknown[], target: TargetProfile, notes: string[]): readonly unknown[] {
  const isUnreadable = (part: unknown) => isObject(part) && blockOfUnreadable(part, target) !== undefined;
  if (!parts.some(isUnreadable)) return parts;
  return parts.flatMap((part) => {
    const block = isObject(part) ? blockOfUnreadable(part, target) : undefined;
    return block ? inputParts(block, target, notes) : [part];
  });
}

/** An image or a PDF that the model can't read; undefined for all else, and for files by id: only the upstream knows them. */
function blockOfUnreadable(part: JsonObject, target: TargetProfile): JsonObject | undefined {
  if (part.type === 'input_image') {
    const url = textOf(part.image_url);
    return target.vision || url === undefined ? undefined : imageBlock(url);
  }
  if (part.type !== 'input_file' || target.pdf) return undefined;
  try {
    return fileBlock(part, '');
  } catch {
    return undefined;
  }
}
