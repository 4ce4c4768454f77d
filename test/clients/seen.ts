// What an upstream got to see, in words that hold for all dialects: the tests compare meaning, not wire forms.
import {
  anthropicBody,
  type JsonObject,
  openAiBody,
  type RecordedRequest,
} from '../tools/scripted-upstream.ts';
import { isObject, type ScriptedDialect } from '../tools/scripted-upstream-types.ts';
import { seenByGemini } from './seen-by-gemini.ts';
import { seenByResponses } from './seen-by-responses.ts';
import type { Seen } from './seen-form.ts';

export function seen(request: RecordedRequest): Seen {
  if (request.refusal !== undefined) throw new Error(`refused: ${request.refusal}`);
  return readers[request.dialect](request);
}

const readers: Readonly<Record<ScriptedDialect, (request: RecordedRequest) => Seen>> = {
  anthropic: seenByAnthropic,
  'openai-chat': seenByOpenAi,
  'openai-responses': ({ body }) => seenByResponses(body, nothing()),
  gemini: ({ body }) => seenByGemini(body, nothing()),
};

function nothing(): Seen {
  return {
    system: '',
    user: '',
    assistant: '',
    tools: [],
    calls: [],
    results: new Map(),
    media: [],
    thinking: [],
    signatures: [],
  };
}

function seenByAnthropic(request: RecordedRequest): Seen {
  const body = anthropicBody(request);
  const view = nothing();
  view.tools = (body.tools ?? []).map((tool) => ('name' in tool ? String(tool.name) : ''));
  view.system = textOf(body.system, view);
  for (const message of body.messages) {
    if (message.role === 'assistant') view.assistant += textOf(message.content, view);
    else if (message.role === 'user') view.user += textOf(message.content, view);
    else view.system += textOf(message.content, view);
  }
  return view;
}

/** Text of plain text blocks; everything else goes where it belongs in `view`. */
function textOf(content: unknown, view: Seen): string {
  if (typeof content === 'string') return `${content}\n`;
  let text = '';
  for (const block of Array.isArray(content) ? content : []) {
    if (!isObject(block)) continue;
    if (block.type === 'text') text += `${block.text}\n`;
    else if (block.type === 'thinking') {
      view.thinking.push(String(block.thinking));
      view.signatures.push(String(block.signature));
    } else if (block.type === 'tool_use')
      view.calls.push({ id: String(block.id), name: String(block.name), input: block.input });
    else if (block.type === 'tool_result')
      view.results.set(String(block.tool_use_id), textOf(block.content, view).trimEnd());
    else if (block.type === 'tool_reference') text += `[reference ${block.tool_name}]\n`;
    else if (block.type === 'image' || block.type === 'document') {
      const source = isObject(block.source) ? block.source : {};
      view.media.push({ kind: block.type === 'image' ? 'image' : 'pdf', data: String(source.data) });
      text += `[${block.type}]\n`;
    }
  }
  return text;
}

function seenByOpenAi(request: RecordedRequest): Seen {
  const body = openAiBody(request);
  const view = nothing();
  view.tools = (body.tools ?? []).map((tool) => (tool.type === 'function' ? tool.function.name : ''));
  for (const message of body.messages) {
    const text = partsText(message.content, view);
    if (message.role === 'system' || message.role === 'developer') view.system += text;
    else if (message.role === 'user') view.user += text;
    else if (message.role === 'tool') view.results.set(message.tool_call_id, text.trimEnd());
    else if (message.role === 'assistant') {
      view.assistant += text;
      if ('reasoning_content' in message) view.thinking.push(String(message.reasoning_content));
      for (const call of message.tool_calls ?? [])
        if (call.type === 'function')
          view.calls.push({
            id: call.id,
            name: call.function.name,
            input: JSON.parse(call.function.arguments),
          });
    }
  }
  return view;
}

function partsText(content: unknown, view: Seen): string {
  if (typeof content === 'string') return `${content}\n`;
  let text = '';
  for (const part of Array.isArray(content) ? content : []) {
    const { type, image_url: image, file, text: own } = part as JsonObject;
    if (type === 'text') text += `${own}\n`;
    else if (type === 'image_url' && isObject(image))
      view.media.push({ kind: 'image', data: String(image.url).replace(/^.*base64,/, '') });
    else if (type === 'file' && isObject(file))
      view.media.push({ kind: 'pdf', data: String(file.file_data).replace(/^.*base64,/, '') });
  }
  return text;
}
