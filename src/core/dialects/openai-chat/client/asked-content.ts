// The content of a chat client's messages as the hub's blocks.

import { ClientError } from '../../../client-error.ts';
import { isObject, type JsonObject, shown, textOf } from '../../../json/values.ts';
import { fileBlock, imageBlock, noFiles, refused } from '../../asked-media.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';

/**
 * Blank texts are left out: clients send them beside tool calls, and Anthropic refuses them.
 * @param place of the content in the request, for messages; throws `ClientError` (400) for what can't be passed on
 */
export function contentBlocks(content: unknown, place: string, carried?: Carried): JsonObject[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return texts(content);
  if (!Array.isArray(content))
    throw refused(`Invalid type for '${place}': expected a string or a list of content parts.`);
  return content.flatMap((part, at) => {
    if (typeof part === 'string') return texts(part);
    if (!isObject(part)) throw refused(`Invalid type for '${place}[${at}]': expected an object.`);
    return partBlocks(part, `${place}[${at}]`, carried).map((block) => marked(block, part));
  });
}

function texts(text: unknown): JsonObject[] {
  return typeof text !== 'string' || text.trim() === '' ? [] : [{ type: 'text', text }];
}

function partBlocks(part: JsonObject, place: string, carried: Carried): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return texts(part.text);
    case 'refusal':
      return texts(part.refusal);
    case 'image_url':
    case 'input_image':
      return imageBlocks(part.image_url, place, carried);
    case 'file':
    case 'input_file':
      return fileBlocks(part, place, carried);
    case 'thinking':
    case 'reasoning':
      // Mistral's way to say what stands in `reasoning_content` elsewhere: read with the message.
      return [];
    case 'input_audio':
      return onlyCarried(
        refused(`Unsupported content part 'input_audio' in '${place}': sound can not be passed on.`),
        carried,
      );
    default:
      return onlyCarried(
        refused(
          `Invalid value: '${shown(part.type)}' for '${place}.type'. Supported are 'text', 'refusal', 'image_url' and 'file'.`,
        ),
        carried,
      );
  }
}

/** `{ url }`, or the address alone as in the Responses API. */
function imageBlocks(image: unknown, place: string, carried: Carried): JsonObject[] {
  const url = textOf(image) ?? (isObject(image) ? textOf(image.url) : undefined);
  if (url !== undefined) return [imageBlock(url)];
  return onlyCarried(refused(`Missing required parameter: '${place}.image_url.url'. ${noFiles}`), carried);
}

function fileBlocks(part: JsonObject, place: string, carried: Carried): JsonObject[] {
  try {
    return isObject(part.file) ? [fileBlock(part.file, `${place}.file`)] : [fileBlock(part, place)];
  } catch (error) {
    if (error instanceof ClientError) return onlyCarried(error, carried);
    throw error;
  }
}

/** Clients of Claude models behind relays mark their prompts for the cache: the hub's own word. */
export function marked(block: JsonObject, told: JsonObject): JsonObject {
  const { cache_control: mark } = told;
  if (!isObject(mark) || mark.type !== 'ephemeral') return block;
  const { type, ttl } = mark;
  return { ...block, cache_control: ttl === '5m' || ttl === '1h' ? { type, ttl } : { type } };
}
