// The blocks of user turns and of tool results, as parts that a chat completions server takes.
import { isObject, type JsonObject, objectsOf, textOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import { isPdf, mediaPlaceholder } from '../media-placeholder.ts';
import { searchResultsText } from '../web-search-text.ts';
import { withMark } from './system-text.ts';
import type { UserPart } from './wire.ts';

/** A block as parts; empty when it has nothing to say. `notes` gets what was replaced or dropped. */
export function userParts(block: JsonObject, target: TargetProfile, notes: string[]): UserPart[] {
  switch (block.type) {
    case 'text':
      return texts(block, textOf(block.text), target);
    case 'image':
      return [imagePart(block, target, notes)];
    case 'document':
      return documentParts(block, target, notes);
    case 'search_result':
      return texts(block, searchResult(block), target);
    case 'tool_reference':
      return texts(block, `The tool ${textOf(block.tool_name) ?? ''} can be called now.`, target);
    case 'web_search_tool_result':
      return texts(block, searchResultsText(block), target);
    default:
      notes.push(`${textOf(block.type) ?? 'unknown'} block dropped: chat completions have no such thing`);
      return [];
  }
}

function texts(block: JsonObject, text: string | undefined, target: TargetProfile): UserPart[] {
  if (text === undefined || text.trim() === '') return [];
  const part: UserPart = { type: 'text', text };
  return [target.quirks.cacheControl ? withMark(part, block) : part];
}

function imagePart(block: JsonObject, target: TargetProfile, notes: string[]): UserPart {
  const url = sourceUrl(block, 'image/png');
  if (target.vision && url !== undefined) {
    const part: UserPart = { type: 'image_url', image_url: { url } };
    return target.quirks.cacheControl ? withMark(part, block) : part;
  }
  return placeholder(block, target, notes);
}

function documentParts(block: JsonObject, target: TargetProfile, notes: string[]): UserPart[] {
  const source = isObject(block.source) ? block.source : {};
  if (!isPdf(block)) {
    const title = textOf(block.title);
    const head = title === undefined ? [] : texts(block, `Document "${title}":`, target);
    const body =
      source.type === 'text'
        ? texts(block, textOf(source.data), target)
        : typeof source.content === 'string'
          ? texts(block, source.content, target)
          : objectsOf(source.content).flatMap((inner) => userParts(inner, target, notes));
    return [...head, ...body];
  }
  const data = source.type === 'base64' ? sourceUrl(block, 'application/pdf') : undefined;
  if (!target.pdf || !target.quirks.fileParts || data === undefined)
    return [placeholder(block, target, notes)];
  return [{ type: 'file', file: { filename: textOf(block.title) ?? 'document.pdf', file_data: data } }];
}

function placeholder(block: JsonObject, target: TargetProfile, notes: string[]): UserPart {
  notes.push(`${block.type} replaced by text: ${target.model} can't read it`);
  return { type: 'text', text: mediaPlaceholder(block, target) };
}

function sourceUrl(block: JsonObject, usualType: string): string | undefined {
  const source = isObject(block.source) ? block.source : {};
  if (source.type === 'url') return textOf(source.url);
  const data = textOf(source.data);
  return data === undefined ? undefined : `data:${textOf(source.media_type) ?? usualType};base64,${data}`;
}

function searchResult(block: JsonObject): string {
  const body = objectsOf(block.content).map((inner) => textOf(inner.text) ?? '');
  return [`Search result "${textOf(block.title) ?? ''}" (${textOf(block.source) ?? ''}):`, ...body].join(
    '\n',
  );
}

/** One text where all parts are texts without marks: the form that every server takes. */
export function compact(parts: readonly UserPart[]): string | UserPart[] {
  const plain = parts.every((part) => part.type === 'text' && part.cache_control === undefined);
  return plain ? parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n') : [...parts];
}
