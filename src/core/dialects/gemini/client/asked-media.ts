// Files in a client's request, as the hub's blocks.
import { type JsonObject, textOf } from '../../../json/values.ts';
import { fieldOf, refused } from './asked-field.ts';
import { decodeBase64 } from './base64.ts';

/** @param data `inlineData`: type and Base64 */
export function inlineBlock(data: JsonObject, place: string): JsonObject {
  const type = textOf(fieldOf(data, 'mimeType'))?.toLowerCase().split(';')[0]?.trim() ?? '';
  const bytes = textOf(data.data);
  if (bytes === undefined) throw refused(`Invalid value at '${place}.data': expected Base64`);
  const source = { type: 'base64', media_type: type, data: bytes };
  const title = titleOf(data);
  if (type.startsWith('image/')) return { type: 'image', source };
  if (type === 'application/pdf') return { type: 'document', source, ...title };
  const text = isText(type) ? decodeBase64(bytes) : undefined;
  if (text === undefined) return { type: 'text', text: `[File (${type || 'of unknown type'}) left out]` };
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...title };
}

/** @param data `fileData`: type and address; files that were uploaded to Google can't be read by anybody else */
export function fileBlock(data: JsonObject, place: string): JsonObject {
  const url = textOf(fieldOf(data, 'fileUri'));
  if (url === undefined) throw refused(`Invalid value at '${place}.file_uri': expected an address`);
  const type = textOf(fieldOf(data, 'mimeType')) ?? '';
  const source = { type: 'url', url };
  if (type.startsWith('image/')) return { type: 'image', source };
  if (type === 'application/pdf') return { type: 'document', source, ...titleOf(data) };
  return { type: 'text', text: `[File (${type || 'of unknown type'}) at ${url}]` };
}

function titleOf(data: JsonObject): JsonObject {
  const title = textOf(fieldOf(data, 'displayName'));
  return title === undefined ? {} : { title };
}

function isText(type: string): boolean {
  return type.startsWith('text/') || /^application\/(?:json|xml|yaml|javascript|x-[a-z]+)$/.test(type);
}
