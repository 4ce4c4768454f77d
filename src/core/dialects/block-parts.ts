// The blocks of user turns and of tool results, taken apart for upstreams that know texts, images and files only.
import { isObject, type JsonObject, objectsOf, textOf } from '../json/values.ts';
import { isPdf, mediaPlaceholder } from './media-placeholder.ts';
import type { TargetProfile } from './target-profile.ts';
import { searchResultsText } from './web-search-text.ts';

/** `data` is base64. */
export type MediaSource = { url: string } | { mediaType: string; data: string };

/** `block` is where the part came from. */
export type BlockPart =
  | { kind: 'text'; text: string; block: JsonObject }
  | { kind: 'image' | 'pdf'; source: MediaSource; title?: string; block: JsonObject };

/** Whether the upstream can be given this; if not, a text that names it stands in. */
export type MediaCheck = (kind: 'image' | 'pdf', source: MediaSource) => boolean;

/** A block as parts; empty when it has nothing to say. `notes` gets what was replaced or dropped. */
export function blockParts(
  block: JsonObject,
  target: TargetProfile,
  takes: MediaCheck,
  notes: string[],
): BlockPart[] {
  switch (block.type) {
    case 'text':
      return texts(block, textOf(block.text));
    case 'image':
      return [media(block, 'image', target, takes, notes)];
    case 'document':
      return isPdf(block)
        ? [media(block, 'pdf', target, takes, notes)]
        : documentParts(block, target, takes, notes);
    case 'search_result':
      return texts(block, searchResult(block));
    case 'tool_reference':
      return texts(block, `The tool ${textOf(block.tool_name) ?? ''} can be called now.`);
    case 'web_search_tool_result':
      return texts(block, searchResultsText(block));
    default:
      notes.push(`${textOf(block.type) ?? 'unknown'} block dropped: only Anthropic knows such a thing`);
      return [];
  }
}

function texts(block: JsonObject, text: string | undefined): BlockPart[] {
  return text === undefined || text.trim() === '' ? [] : [{ kind: 'text', text, block }];
}

function media(
  block: JsonObject,
  kind: 'image' | 'pdf',
  target: TargetProfile,
  takes: MediaCheck,
  notes: string[],
): BlockPart {
  const source = sourceOf(block, kind === 'image' ? 'image/png' : 'application/pdf');
  if (!source || !takes(kind, source)) {
    notes.push(`${block.type} replaced by text: ${target.model} can't read it`);
    return { kind: 'text', text: mediaPlaceholder(block, target), block };
  }
  const title = textOf(block.title);
  return title === undefined ? { kind, source, block } : { kind, source, title, block };
}

/** A document of plain text or of blocks. */
function documentParts(
  block: JsonObject,
  target: TargetProfile,
  takes: MediaCheck,
  notes: string[],
): BlockPart[] {
  const source = isObject(block.source) ? block.source : {};
  const title = textOf(block.title);
  const head = title === undefined ? [] : texts(block, `Document "${title}":`);
  const body =
    source.type === 'text'
      ? texts(block, textOf(source.data))
      : typeof source.content === 'string'
        ? texts(block, source.content)
        : objectsOf(source.content).flatMap((inner) => blockParts(inner, target, takes, notes));
  return [...head, ...body];
}

function sourceOf(block: JsonObject, usualType: string): MediaSource | undefined {
  const source = isObject(block.source) ? block.source : {};
  if (source.type === 'url') {
    const url = textOf(source.url);
    return url === undefined ? undefined : { url };
  }
  const data = textOf(source.data);
  return data === undefined ? undefined : { mediaType: textOf(source.media_type) ?? usualType, data };
}

/** The address of a medium; its bytes as a data URL. */
export function mediaUrl(source: MediaSource): string {
  return 'url' in source ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

function searchResult(block: JsonObject): string {
  const body = objectsOf(block.content).map((inner) => textOf(inner.text) ?? '');
  return [`Search result "${textOf(block.title) ?? ''}" (${textOf(block.source) ?? ''}):`, ...body].join(
    '\n',
  );
}
