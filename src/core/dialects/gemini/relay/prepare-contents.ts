// A Gemini client's contents as a Gemini upstream may see them. Lists and parts are copied only where something changes.

import { changedItems, withList, without } from '../../../json/edits.ts';
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';
import { isPdf, mediaPlaceholder } from '../../media-placeholder.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { fieldOf, spelling } from '../client/asked-field.ts';
import { fileBlock, inlineBlock } from '../client/asked-media.ts';
import { carriedThinking } from '../client/carried-thinking.ts';
import { isGemini3 } from '../model-facts.ts';
import { thoughtSignatureOf, unsignedCall } from '../thought-signature.ts';

/** `notes` gets what was replaced or dropped. */
export function prepareContents(
  contents: readonly unknown[],
  target: TargetProfile,
  notes: string[],
): readonly unknown[] {
  return changedItems(contents, (content) => {
    if (!isObject(content) || !Array.isArray(content.parts)) return content;
    const firstCall = content.parts.findIndex(isCall);
    const parts = changedItems(content.parts, (part, at) => {
      if (!isObject(part)) return part;
      const signed = ownSignature(part, at === firstCall, target, notes);
      return signed && !isBlank(signed) ? readable(signed, target, notes) : undefined;
    });
    return parts.length === 0 && content.parts.length > 0 ? undefined : withList(content, 'parts', parts);
  });
}

/** Streams end with such parts, and clients send them back: they would be refused. */
function isBlank(part: JsonObject): boolean {
  return part.text === '' && Object.keys(part).every((key) => key === 'text' || key === 'thought');
}

function isCall(part: unknown): boolean {
  return isObject(part) && fieldOf(part, 'functionCall') !== undefined;
}

/** A signature that the router put there holds what others thought: only the upstream's own part of it goes back. */
function ownSignature(
  part: JsonObject,
  isFirstCall: boolean,
  target: TargetProfile,
  notes: string[],
): JsonObject {
  const field = spelling(part, 'thoughtSignature');
  const carried = carriedThinking(textOf(part[field]) ?? '');
  if (!carried) return part;
  const own = carried
    .map((block) => thoughtSignatureOf(block.signature, target))
    .findLast((signature) => signature?.of === 'next');
  if (own) return { ...part, [field]: own.signature };
  notes.push('thinking of other providers left out');
  // Of parallel calls only the first one is signed.
  if (isFirstCall && isGemini3(target.model)) return { ...part, [field]: unsignedCall };
  return without(part, [field]);
}

function readable(part: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  const block = target.vision && target.pdf ? undefined : mediaBlock(part);
  if (!block) return part;
  const unreadable = (block.type === 'image' && !target.vision) || (isPdf(block) && !target.pdf);
  if (!unreadable) return part;
  notes.push(`${block.type} replaced by text: ${target.model} can't read it`);
  return { text: mediaPlaceholder(block, target) };
}

function mediaBlock(part: JsonObject): JsonObject | undefined {
  const inline = fieldOf(part, 'inlineData');
  if (isObject(inline) && textOf(inline.data) !== undefined) return inlineBlock(inline, '');
  const file = fieldOf(part, 'fileData');
  return isObject(file) && textOf(fieldOf(file, 'fileUri')) !== undefined ? fileBlock(file, '') : undefined;
}
