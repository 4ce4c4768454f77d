// A Responses request in the words of `seen.ts`.
import { isObject, type JsonObject } from '../tools/scripted-upstream-types.ts';
import type { Seen } from './seen-form.ts';

export function seenByResponses(body: JsonObject, view: Seen): Seen {
  const tools = Array.isArray(body.tools) ? body.tools : [];
  view.tools = tools.map((tool) => String(isObject(tool) ? (tool.name ?? '') : ''));
  if (typeof body.instructions === 'string') view.system = `${body.instructions}\n`;
  if (typeof body.input === 'string') view.user = `${body.input}\n`;
  for (const item of Array.isArray(body.input) ? body.input : []) if (isObject(item)) readItem(item, view);
  return view;
}

function readItem(item: JsonObject, view: Seen): void {
  switch (item.type ?? 'message') {
    case 'message': {
      const text = partsText(item.content, view);
      if (item.role === 'assistant') view.assistant += text;
      else if (item.role === 'user') view.user += text;
      else view.system += text;
      break;
    }
    case 'reasoning':
      if (Array.isArray(item.summary)) view.thinking.push(partsText(item.summary, view).trimEnd());
      if (item.encrypted_content !== undefined) view.signatures.push(String(item.encrypted_content));
      break;
    case 'function_call':
      view.calls.push({
        id: String(item.call_id),
        name: String(item.name),
        input: JSON.parse(String(item.arguments)),
      });
      break;
    case 'function_call_output':
      view.results.set(String(item.call_id), partsText(item.output, view).trimEnd());
  }
}

function partsText(content: unknown, view: Seen): string {
  if (typeof content === 'string') return `${content}\n`;
  let text = '';
  for (const part of Array.isArray(content) ? content : []) {
    const { type, text: own, image_url: image, file_data: file } = part as JsonObject;
    const data = (url: unknown) => String(url).replace(/^.*base64,/, '');
    if (type === 'input_image') view.media.push({ kind: 'image', data: data(image) });
    else if (type === 'input_file') view.media.push({ kind: 'pdf', data: data(file) });
    else text += `${own}\n`;
  }
  return text;
}
