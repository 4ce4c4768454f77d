// A generateContent request in the words of `seen.ts`.
import { isObject, type JsonObject } from '../tools/scripted-upstream-types.ts';
import type { Seen } from './seen-form.ts';

export function seenByGemini(body: JsonObject, view: Seen): Seen {
  view.tools = objects(body.tools).flatMap((tool) =>
    objects(tool.functionDeclarations).map(({ name }) => String(name)),
  );
  for (const part of partsOf(body.systemInstruction)) view.system += `${part.text}\n`;
  let calls = 0;
  let results = 0;
  for (const content of objects(body.contents))
    for (const part of partsOf(content)) {
      const { functionCall: call, functionResponse: result, inlineData: media, thoughtSignature } = part;
      // Older models know no ids: results come in the order of their calls.
      if (isObject(call))
        view.calls.push({ id: String(call.id ?? `#${calls++}`), name: String(call.name), input: call.args });
      else if (isObject(result)) view.results.set(String(result.id ?? `#${results++}`), resultText(result));
      else if (isObject(media)) {
        const kind = media.mimeType === 'application/pdf' ? 'pdf' : 'image';
        view.media.push({ kind, data: String(media.data) });
      } else if (part.thought === true) view.thinking.push(String(part.text));
      else if (content.role === 'model') view.assistant += `${part.text}\n`;
      else view.user += `${part.text}\n`;
      if (thoughtSignature !== undefined) view.signatures.push(String(thoughtSignature));
    }
  return view;
}

/** Google's words are `output` and `error`; clients of its own say it as they like. */
function resultText({ response }: JsonObject): string {
  return isObject(response) ? String(response.output ?? response.error ?? JSON.stringify(response)) : '';
}

function partsOf(content: unknown): JsonObject[] {
  return isObject(content) ? objects(content.parts) : [];
}

function objects(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
