// The blocks of user turns and of tool results, as parts of Responses' messages and call outputs.
import type { JsonObject } from '../../json/values.ts';
import { type BlockPart, blockParts, mediaUrl } from '../block-parts.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { InputPart } from './wire.ts';

/** A block as parts; empty when it has nothing to say. `notes` gets what was replaced or dropped. */
export function inputParts(block: JsonObject, target: TargetProfile, notes: string[]): InputPart[] {
  const takes = (kind: 'image' | 'pdf') => (kind === 'image' ? target.vision : target.pdf);
  return blockParts(block, target, takes, notes).map(wirePart);
}

function wirePart(part: BlockPart): InputPart {
  switch (part.kind) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return { type: 'input_image', detail: 'auto', image_url: mediaUrl(part.source) };
    case 'pdf':
      return 'url' in part.source
        ? { type: 'input_file', file_url: part.source.url }
        : { type: 'input_file', filename: part.title ?? 'document.pdf', file_data: mediaUrl(part.source) };
  }
}

/** One text where all parts are texts: the form that every server takes. */
export function compact(parts: readonly InputPart[], separator: string): string | InputPart[] {
  const texts = parts.flatMap((part) => (part.type === 'input_text' ? [part.text] : []));
  return texts.length === parts.length ? texts.join(separator) : [...parts];
}
