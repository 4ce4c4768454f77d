// The blocks of user turns and of tool results, as parts that a chat completions server takes.
import type { JsonObject } from '../../json/values.ts';
import { type BlockPart, blockParts, mediaUrl } from '../block-parts.ts';
import type { TargetProfile } from '../target-profile.ts';
import { withMark } from './cache-marks.ts';
import type { UserPart } from './wire.ts';

/** A block as parts; empty when it has nothing to say. `notes` gets what was replaced or dropped. */
export function userParts(block: JsonObject, target: TargetProfile, notes: string[]): UserPart[] {
  const parts = blockParts(
    block,
    target,
    // Files travel in the request only: there is no place for their address.
    (kind, source) =>
      kind === 'image' ? target.vision : target.pdf && target.quirks.fileParts && 'data' in source,
    notes,
  );
  return parts.map((part) => {
    const wire = wirePart(part);
    return target.quirks.cacheControl && wire.type !== 'file' ? withMark(wire, part.block) : wire;
  });
}

function wirePart(part: BlockPart): UserPart {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return { type: 'image_url', image_url: { url: mediaUrl(part.source) } };
    case 'pdf':
      return {
        type: 'file',
        file: { filename: part.title ?? 'document.pdf', file_data: mediaUrl(part.source) },
      };
  }
}

/** One text where all parts are texts without marks: the form that every server takes. */
export function compact(parts: readonly UserPart[]): string | UserPart[] {
  const plain = parts.every((part) => part.type === 'text' && part.cache_control === undefined);
  return plain ? parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n') : [...parts];
}
