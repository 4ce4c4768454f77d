// The blocks of user turns and of tool results, as parts.
import type { JsonObject } from '../../json/values.ts';
import { type BlockPart, blockParts, type MediaSource } from '../block-parts.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { Part } from './wire.ts';

/** A block as parts; empty when it has nothing to say. `notes` gets what was replaced or dropped. */
export function userParts(block: JsonObject, target: TargetProfile, notes: string[]): Part[] {
  const takes = (kind: 'image' | 'pdf', source: MediaSource) =>
    kind === 'pdf' ? target.pdf : target.vision && mimeType(source, 'image/png') !== 'image/gif';
  return blockParts(block, target, takes, notes).flatMap(wireParts);
}

function wireParts(part: BlockPart): Part[] {
  if (part.kind === 'text') return [{ text: part.text }];
  const title = part.title === undefined ? [] : [{ text: `Document "${part.title}":` }];
  return [...title, media(part.source, part.kind === 'image' ? 'image/png' : 'application/pdf')];
}

function media(source: MediaSource, usualType: string): Part {
  if ('data' in source) return { inlineData: { mimeType: source.mediaType, data: source.data } };
  return { fileData: { fileUri: source.url, mimeType: mimeType(source, usualType) } };
}

const typesByEnding: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
};

/** An address does not say what lies there, and Google wants to be told. */
function mimeType(source: MediaSource, usualType: string): string {
  if ('data' in source) return source.mediaType;
  const ending = /\.([a-z]{3,4})(?:[?#]|$)/i.exec(source.url)?.[1]?.toLowerCase();
  return (ending === undefined ? undefined : typesByEnding[ending]) ?? usualType;
}
