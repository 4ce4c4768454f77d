// The content parts of a Responses client as the hub's blocks.
import { ClientError } from '../../../client-error.ts';
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';

/** @param place of the content in the request, for messages; throws `ClientError` (400) for what can't be passed on */
export function contentBlocks(content: unknown, place: string): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content))
    throw refused(`Invalid type for '${place}': expected a string or a list of content parts.`);
  return content.flatMap((part, at) => {
    if (!isObject(part)) throw refused(`Invalid type for '${place}[${at}]': expected an object.`);
    return partBlocks(part, `${place}[${at}]`);
  });
}

function partBlocks(part: JsonObject, place: string): JsonObject[] {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text':
      return textOf(part.text) === undefined ? [] : [{ type: 'text', text: part.text }];
    case 'refusal':
      return textOf(part.refusal) === undefined ? [] : [{ type: 'text', text: part.refusal }];
    case 'input_image':
      return [{ type: 'image', source: imageSource(part, place) }];
    case 'input_file':
      return [fileBlock(part, place)];
    default:
      throw refused(
        `Invalid value: '${String(part.type)}' for '${place}.type'. Supported are 'input_text', 'output_text', 'refusal', 'input_image' and 'input_file'.`,
      );
  }
}

function imageSource(part: JsonObject, place: string): JsonObject {
  const url = textOf(part.image_url);
  if (url === undefined) throw refused(`Missing required parameter: '${place}.image_url'. ${noFiles}`);
  const data = dataUrl(url);
  return data ? { type: 'base64', media_type: data.type, data: data.base64 } : { type: 'url', url };
}

function fileBlock(part: JsonObject, place: string): JsonObject {
  const url = textOf(part.file_url);
  const title = textOf(part.filename);
  const named = title === undefined ? {} : { title };
  if (url !== undefined) return { type: 'document', source: { type: 'url', url }, ...named };
  const told = textOf(part.file_data);
  if (told === undefined) throw refused(`Missing required parameter: '${place}.file_data'. ${noFiles}`);
  const { type, base64 } = dataUrl(told) ?? { type: 'application/pdf', base64: told };
  if (type === 'application/pdf')
    return { type: 'document', source: { type: 'base64', media_type: type, data: base64 }, ...named };
  if (!isText(type))
    throw refused(
      `Unsupported file type '${type}' in '${place}': only PDF documents and texts can be passed on.`,
    );
  return {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: decode(base64, place) },
    ...named,
  };
}

const noFiles = 'Files by id are kept at OpenAI and can not be passed on.';

/** `data:<type>;base64,<data>` */
function dataUrl(url: string): { type: string; base64: string } | undefined {
  if (!url.startsWith('data:')) return undefined;
  const comma = url.indexOf(',');
  const [type = '', ...options] = url.slice('data:'.length, comma).split(';');
  return comma === -1 || !options.includes('base64') ? undefined : { type, base64: url.slice(comma + 1) };
}

function isText(type: string): boolean {
  return type.startsWith('text/') || /^application\/(?:json|xml|yaml|x-yaml|javascript)$/.test(type);
}

function decode(base64: string, place: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch (error) {
    const problem = refused(`Invalid base64 in '${place}.file_data'.`);
    problem.cause = error;
    throw problem;
  }
}

export function refused(message: string): ClientError {
  return new ClientError(400, 'invalid_request_error', message);
}
