// The content parts of a Responses client as the hub's blocks.

import { ClientError } from '../../../client-error.ts';
import { isObject, type JsonObject, shown, textOf } from '../../../json/values.ts';
import { fileBlock, imageBlock, noFiles, refused } from '../../asked-media.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';

/** @param place of the content in the request, for messages; throws `ClientError` (400) for what can't be passed on */
export function contentBlocks(content: unknown, place: string, carried?: Carried): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content))
    throw refused(`Invalid type for '${place}': expected a string or a list of content parts.`);
  return content.flatMap((part, at) => {
    if (!isObject(part)) throw refused(`Invalid type for '${place}[${at}]': expected an object.`);
    return partBlocks(part, `${place}[${at}]`, carried);
  });
}

function partBlocks(part: JsonObject, place: string, carried: Carried): JsonObject[] {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text':
      return textOf(part.text) === undefined ? [] : [{ type: 'text', text: part.text }];
    case 'refusal':
      return textOf(part.refusal) === undefined ? [] : [{ type: 'text', text: part.refusal }];
    case 'input_image': {
      const url = textOf(part.image_url);
      if (url !== undefined) return [imageBlock(url)];
      return onlyCarried(refused(`Missing required parameter: '${place}.image_url'. ${noFiles}`), carried);
    }
    case 'input_file':
      return fileBlocks(part, place, carried);
    default:
      return onlyCarried(
        refused(
          `Invalid value: '${shown(part.type)}' for '${place}.type'. Supported are 'input_text', 'output_text', 'refusal', 'input_image' and 'input_file'.`,
        ),
        carried,
      );
  }
}

function fileBlocks(part: JsonObject, place: string, carried: Carried): JsonObject[] {
  try {
    return [fileBlock(part, place)];
  } catch (error) {
    if (error instanceof ClientError) return onlyCarried(error, carried);
    throw error;
  }
}
