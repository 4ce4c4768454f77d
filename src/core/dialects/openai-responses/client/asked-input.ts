// The input items of a Responses client as the hub's messages.
import { isObject, type JsonObject, parseJson, textOf } from '../../../json/values.ts';
import { contentBlocks, refused } from './asked-content.ts';
import { hubToolName } from './asked-tools.ts';
import { thinkingBlock } from './carried-reasoning.ts';

export interface AskedInput {
  /** Text blocks of the developer's words before the conversation. */
  system: JsonObject[];
  messages: JsonObject[];
}

/** Throws `ClientError` (400) that names the place. */
export function askedInput(input: unknown): AskedInput {
  const reader = new InputReader();
  if (typeof input === 'string') reader.user(contentBlocks(input, 'input'));
  else if (!Array.isArray(input))
    throw refused(
      input === undefined
        ? "Missing required parameter: 'input'."
        : "Invalid type for 'input': expected a string or a list of items.",
    );
  else
    for (const [at, item] of input.entries()) {
      if (!isObject(item)) throw refused(`Invalid type for 'input[${at}]': expected an object.`);
      reader.item(item, `input[${at}]`);
    }
  return reader.end();
}

class InputReader {
  readonly #system: JsonObject[] = [];
  readonly #messages: JsonObject[] = [];
  #assistant: JsonObject[] = [];
  /** Results stand before everything else in the hub's user turns. */
  #results: JsonObject[] = [];
  #user: JsonObject[] = [];
  /** The developer's words inside the conversation: behind the turn in which they were said. */
  #later: JsonObject[] = [];

  item(item: JsonObject, place: string): void {
    switch (item.type) {
      case undefined:
      case 'message':
        this.#message(item, place);
        break;
      case 'reasoning': {
        const block = thinkingBlock(item);
        if (block) this.#say(block);
        break;
      }
      case 'function_call':
        this.#call(item, place, argumentsOf(item.arguments));
        break;
      case 'custom_tool_call':
        this.#call(item, place, { input: textOf(item.input) ?? '' });
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.#results.push(resultBlock(item, place));
        break;
      case 'item_reference':
        throw refused(
          `Item with id '${String(item.id)}' not found: answers are not stored here. Send the items themselves ('${place}').`,
        );
      default:
        // What OpenAI's own tools did, and what is to come: nothing that another model could use.
        break;
    }
  }

  user(blocks: JsonObject[]): void {
    this.#endAssistant();
    this.#user.push(...blocks);
  }

  end(): AskedInput {
    this.#endAssistant();
    this.#endUser();
    if (this.#messages.every((message) => message.role === 'system') && this.#system.length > 0)
      this.#messages.push({ role: 'user', content: this.#system.splice(-1) });
    if (this.#messages.length === 0) throw refused("Invalid 'input': it must hold at least one message.");
    return { system: this.#system, messages: this.#messages };
  }

  #message(item: JsonObject, place: string): void {
    const blocks = contentBlocks(item.content, `${place}.content`);
    switch (item.role) {
      case 'user':
        this.user(blocks);
        break;
      case 'assistant':
        for (const block of blocks) this.#say(block);
        break;
      case 'system':
      case 'developer':
        if (this.#untouched) this.#system.push(...blocks);
        else this.#later.push(...blocks);
        break;
      default:
        throw refused(
          `Invalid value: '${String(item.role)}' for '${place}.role'. Supported are 'user', 'assistant', 'system' and 'developer'.`,
        );
    }
  }

  get #untouched(): boolean {
    return [this.#messages, this.#assistant, this.#results, this.#user].every((list) => list.length === 0);
  }

  #call(item: JsonObject, place: string, input: JsonObject): void {
    const name = textOf(item.name);
    const id = textOf(item.call_id) ?? textOf(item.id);
    if (name === undefined) throw refused(`Missing required parameter: '${place}.name'.`);
    if (id === undefined) throw refused(`Missing required parameter: '${place}.call_id'.`);
    this.#say({ type: 'tool_use', id, name: hubToolName(name, textOf(item.namespace)), input });
  }

  #say(block: JsonObject): void {
    this.#endUser();
    this.#assistant.push(block);
  }

  #endAssistant(): void {
    if (this.#assistant.length > 0) this.#messages.push({ role: 'assistant', content: this.#assistant });
    this.#assistant = [];
  }

  #endUser(): void {
    this.#endAssistantBeforeResults();
    const content = [...this.#results, ...this.#user];
    if (content.length > 0) this.#messages.push({ role: 'user', content });
    if (this.#later.length > 0) this.#messages.push({ role: 'system', content: this.#later });
    this.#results = [];
    this.#user = [];
    this.#later = [];
  }

  /** Results come without a message around them: they end the assistant's turn. */
  #endAssistantBeforeResults(): void {
    if (this.#results.length + this.#user.length + this.#later.length > 0) this.#endAssistant();
  }
}

function resultBlock(item: JsonObject, place: string): JsonObject {
  const id = textOf(item.call_id);
  if (id === undefined) throw refused(`Missing required parameter: '${place}.call_id'.`);
  const { output } = item;
  const content = Array.isArray(output)
    ? contentBlocks(output, `${place}.output`)
    : typeof output === 'string'
      ? output
      : output === undefined || output === null
        ? ''
        : JSON.stringify(output);
  return { type: 'tool_result', tool_use_id: id, content };
}

/** A call's input in the hub is an object; whatever else a model wrote is kept as a text. */
function argumentsOf(told: unknown): JsonObject {
  if (isObject(told)) return told;
  const text = textOf(told) ?? '';
  if (text.trim() === '') return {};
  const parsed = parseJson(text);
  return isObject(parsed) ? parsed : { input: text };
}
