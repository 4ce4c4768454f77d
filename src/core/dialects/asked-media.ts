// Images and files of OpenAI's clients, in both of its APIs, as the hub's blocks.
import { ClientError } from '../client-error.ts';
import { type JsonObject, textOf } from '../json/values.ts';

/** @param message in OpenAI's wording */
export function refused(message: string): ClientError {
  return new ClientError(400, 'invalid_request_error', message);
}

/** Why files by id are refused. */
export const noFiles = 'Files by id are kept at OpenAI and can not be passed on.';

/** @param url an address or a data URL */
export function imageBlock(url: string): JsonObject {
  const data = dataUrl(url);
  const source = data ? { type: 'base64', media_type: data.type, data: data.base64 } : { type: 'url', url };
  return { type: 'image', source };
}

/**
 * A file part (`filename`, and `file_data` or `file_url`) as a document.
 * @param place of the part in the request; throws `ClientError` (400) for what can't be passed on
 */
export function fileBlock(part: JsonObject, place: string): JsonObject {
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
