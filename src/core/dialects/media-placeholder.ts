// What stands in for an image or a document that the target can't read. It names the thing, so that the model can say
// what it misses instead of guessing.
import { isObject, type JsonObject, textOf } from '../json/values.ts';
import type { TargetProfile } from './target-profile.ts';

/** @param block an `image` or `document` block */
export function mediaPlaceholder(block: JsonObject, target: TargetProfile): string {
  const source = isObject(block.source) ? block.source : {};
  const kind = block.type === 'image' ? 'Image' : 'Document';
  const title = textOf(block.title);
  const facts = [
    title === undefined ? undefined : `"${title}"`,
    textOf(source.media_type),
    sizeOf(source),
    textOf(source.url)?.slice(0, 500),
  ].filter((fact) => fact !== undefined);
  const what = facts.length > 0 ? ` (${facts.join(', ')})` : '';
  return `[${kind}${what} left out: the model ${target.model} can't read ${kind === 'Image' ? 'images' : 'PDF documents'}]`;
}

function sizeOf(source: JsonObject): string | undefined {
  if (typeof source.data !== 'string') return undefined;
  const padding = source.data.endsWith('==') ? 2 : source.data.endsWith('=') ? 1 : 0;
  const bytes = Math.floor((source.data.length * 3) / 4) - padding;
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`;
}

/** A document that is a PDF, as opposed to one of plain text or of blocks. */
export function isPdf(block: JsonObject): boolean {
  if (block.type !== 'document') return false;
  const type = isObject(block.source) ? block.source.type : undefined;
  return type !== 'text' && type !== 'content';
}
