// A client's contents as the hub's messages. Clients send answers back as they were streamed: in many contents with a few
// words each, which are one turn here.
import { isObject, type JsonObject, shown, textOf } from '../../../json/values.ts';
import { codeText } from '../code-text.ts';
import { fieldOf, objectField, objectsField, refused } from './asked-field.ts';
import { fileBlock, inlineBlock } from './asked-media.ts';
import { resultBlock } from './asked-result.ts';
import { carriedThinking } from './carried-thinking.ts';

/** Throws `ClientError` (400) that names the place. */
export function askedMessages(body: JsonObject): JsonObject[] {
  const contents = body.contents;
  if (!Array.isArray(contents) || contents.length === 0)
    throw refused('* GenerateContentRequest.contents: contents is not specified');
  const reader = new ContentReader();
  for (const [at, content] of contents.entries()) {
    const place = `contents[${at}]`;
    if (!isObject(content)) throw refused(`Invalid value at '${place}': expected an object`);
    const { role } = content;
    if (role !== undefined && !(typeof role === 'string' && roles.has(role)))
      throw refused(`Please use a valid role: user, model. ('${place}.role')`);
    for (const [index, part] of objectsField(content, 'parts', `${place}.parts`).entries())
      if (role === 'model') reader.modelPart(part, `${place}.parts[${index}]`);
      else reader.userPart(part, `${place}.parts[${index}]`);
  }
  return reader.end();
}

/** `function` is an older word of Google's for the user's turns that hold results. */
const roles: ReadonlySet<string> = new Set(['user', 'model', 'function', 'tool', '']);

/** A system instruction's texts. */
export function askedSystem(body: JsonObject): JsonObject[] {
  const instruction = fieldOf(body, 'systemInstruction');
  if (typeof instruction === 'string') return [{ type: 'text', text: instruction }];
  const content = objectField(body, 'systemInstruction', 'system_instruction');
  if (!content) return [];
  const parts = objectsField(content, 'parts', 'system_instruction.parts');
  return parts.flatMap(({ text }) => (textOf(text) === undefined ? [] : [{ type: 'text', text }]));
}

class ContentReader {
  readonly #messages: JsonObject[] = [];
  #turn: JsonObject[] = [];
  /** Results stand before everything else in the hub's user turns. */
  #results: JsonObject[] = [];
  #said: JsonObject[] = [];
  /** Calls of the last turn that have no result yet. */
  #open: { id: string; name: string }[] = [];
  #calls = 0;

  modelPart(part: JsonObject, place: string): void {
    this.#endUser();
    const signature = textOf(fieldOf(part, 'thoughtSignature'));
    const carried = signature === undefined ? undefined : carriedThinking(signature);
    if (carried) this.#restore(carried);
    const call = objectField(part, 'functionCall', `${place}.function_call`);
    if (call) this.#call(call, place);
    else if (part.thought === true) this.#append('thinking', 'thinking', textOf(part.text) ?? '');
    else if (fieldOf(part, 'inlineData') !== undefined)
      this.#append('text', 'text', '[File of the model left out]');
    else this.#append('text', 'text', typeof part.text === 'string' ? part.text : codeText(part));
  }

  userPart(part: JsonObject, place: string): void {
    this.#endModel();
    const response = objectField(part, 'functionResponse', `${place}.function_response`);
    const inline = objectField(part, 'inlineData', `${place}.inline_data`);
    const file = objectField(part, 'fileData', `${place}.file_data`);
    if (response) this.#result(response, `${place}.function_response`);
    else if (inline) this.#said.push(inlineBlock(inline, `${place}.inline_data`));
    else if (file) this.#said.push(fileBlock(file, `${place}.file_data`));
    else if (fieldOf(part, 'functionCall') !== undefined)
      throw refused(`Please ensure that function calls come from the model. ('${place}.function_call')`);
    else if (typeof part.text === 'string' && part.text.trim() !== '')
      this.#said.push({ type: 'text', text: part.text });
  }

  end(): JsonObject[] {
    this.#endModel();
    this.#endUser();
    if (this.#messages.length === 0)
      throw refused('* GenerateContentRequest.contents: contents must not be empty');
    return this.#messages;
  }

  /** What was carried is what the thoughts since the last call or text say, and more. */
  #restore(blocks: JsonObject[]): void {
    while (this.#turn.at(-1)?.type === 'thinking') this.#turn.pop();
    this.#turn.push(...blocks);
  }

  #append(type: 'text' | 'thinking', field: 'text' | 'thinking', piece: string): void {
    const last = this.#turn.at(-1);
    // A block that is signed is complete.
    if (last?.type === type && !last.signature) last[field] = `${last[field]}${piece}`;
    else if (piece !== '')
      this.#turn.push({ type, [field]: piece, ...(type === 'thinking' ? { signature: '' } : {}) });
  }

  #call(call: JsonObject, place: string): void {
    const name = textOf(call.name);
    if (name === undefined)
      throw refused(`* GenerateContentRequest.${place}.function_call.name: Name cannot be empty.`);
    this.#calls++;
    const id = textOf(call.id) ?? `call_${this.#calls}`;
    this.#open.push({ id, name });
    const input = objectField(call, 'args', `${place}.function_call.args`) ?? {};
    this.#turn.push({ type: 'tool_use', id, name, input });
  }

  /** Without an id the order of the calls of that name counts. */
  #result(response: JsonObject, place: string): void {
    const { id, name } = response;
    const byId = this.#open.findIndex((call) => call.id === id);
    const at = byId === -1 ? this.#open.findIndex((call) => call.name === name) : byId;
    const [call] = at === -1 ? [] : this.#open.splice(at, 1);
    const block = resultBlock(response, call?.id ?? '', place);
    if (call) this.#results.push(block);
    // Its call is gone: the client shortened the conversation.
    else this.#said.push(...orphan(block));
  }

  #endModel(): void {
    const content = this.#turn.filter(isSaid);
    if (content.length > 0) this.#messages.push({ role: 'assistant', content });
    this.#turn = [];
  }

  #endUser(): void {
    const content = [...this.#results, ...this.#said];
    if (content.length > 0) {
      this.#messages.push({ role: 'user', content });
      this.#open = [];
    }
    this.#results = [];
    this.#said = [];
  }
}

function orphan({ content }: JsonObject): JsonObject[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : (content as JsonObject[]);
  return [{ type: 'text', text: 'Result of an earlier tool call:' }, ...blocks.filter(isSaid)];
}

/** Anthropic refuses blank texts. */
function isSaid(block: JsonObject): boolean {
  if (block.type === 'text') return shown(block.text).trim() !== '';
  return block.type !== 'thinking' || block.thinking !== '' || Boolean(block.signature);
}
