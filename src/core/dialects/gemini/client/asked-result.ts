// A function's response, as the content of a tool result.
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';
import { fieldOf, objectField, objectsField } from './asked-field.ts';
import { fileBlock, inlineBlock } from './asked-media.ts';

/** @param response a `functionResponse`; `output` and `error` are Google's own words for what came out */
export function resultBlock(response: JsonObject, id: string, place: string): JsonObject {
  const told = objectField(response, 'response', `${place}.response`) ?? {};
  const failed = told.error !== undefined && told.error !== null && told.output === undefined;
  const media = objectsField(response, 'parts', `${place}.parts`).flatMap((part, at) =>
    mediaBlock(part, `${place}.parts[${at}]`),
  );
  const text = resultText(failed ? told.error : 'output' in told ? told.output : told);
  const content = media.length > 0 ? [{ type: 'text', text }, ...media] : text;
  return { type: 'tool_result', tool_use_id: id, content, ...(failed ? { is_error: true } : {}) };
}

function resultText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) && Object.keys(value).length === 0 ? '' : JSON.stringify(value ?? '');
}

function mediaBlock(part: JsonObject, place: string): JsonObject[] {
  const inline = fieldOf(part, 'inlineData');
  if (isObject(inline)) return [inlineBlock(inline, `${place}.inline_data`)];
  const file = fieldOf(part, 'fileData');
  if (isObject(file)) return [fileBlock(file, `${place}.file_data`)];
  const text = textOf(part.text);
  return text === undefined ? [] : [{ type: 'text', text }];
}
