// Puts the hub's messages together from what OpenAI's clients send one by one: words, calls and results, in any order.
import { isObject, type JsonObject, parseJson, textOf } from '../json/values.ts';
import { refused } from './asked-media.ts';

export interface AskedConversation {
  /** Text blocks of the developer's words before the conversation. */
  system: JsonObject[];
  messages: JsonObject[];
}

export class AskedTurns {
  readonly #system: JsonObject[] = [];
  readonly #messages: JsonObject[] = [];
  #assistant: JsonObject[] = [];
  /** Results stand before everything else in the hub's user turns. */
  #results: JsonObject[] = [];
  #user: JsonObject[] = [];
  /** The developer's words inside the conversation: behind the turn in which they were said. */
  #later: JsonObject[] = [];

  developer(blocks: readonly JsonObject[]): void {
    if (this.#untouched) this.#system.push(...blocks);
    else this.#later.push(...blocks);
  }

  user(blocks: readonly JsonObject[]): void {
    this.#endAssistant();
    this.#user.push(...blocks);
  }

  /** A `tool_result`. It ends the assistant's turn only with the next word of somebody. */
  result(block: JsonObject): void {
    this.#results.push(block);
  }

  assistant(block: JsonObject): void {
    this.#endUser();
    this.#assistant.push(block);
  }

  /** @param field of the request that holds the conversation; throws `ClientError` (400) when there is none */
  end(field: string): AskedConversation {
    this.#endAssistant();
    this.#endUser();
    if (this.#messages.every((message) => message.role === 'system') && this.#system.length > 0)
      this.#messages.push({ role: 'user', content: this.#system.splice(-1) });
    if (this.#messages.length === 0) throw refused(`Invalid '${field}': it must hold at least one message.`);
    return { system: this.#system, messages: this.#messages };
  }

  get #untouched(): boolean {
    return [this.#messages, this.#assistant, this.#results, this.#user].every((list) => list.length === 0);
  }

  #endAssistant(): void {
    if (this.#assistant.length > 0) this.#messages.push({ role: 'assistant', content: this.#assistant });
    this.#assistant = [];
  }

  #endUser(): void {
    // Results come without a message around them: they end the assistant's turn.
    if (this.#results.length + this.#user.length + this.#later.length > 0) this.#endAssistant();
    const content = [...this.#results, ...this.#user];
    if (content.length > 0) this.#messages.push({ role: 'user', content });
    if (this.#later.length > 0) this.#messages.push({ role: 'system', content: this.#later });
    this.#results = [];
    this.#user = [];
    this.#later = [];
  }
}

/** A call's input in the hub is an object; whatever else a model wrote is kept as a text. */
export function askedArguments(told: unknown): JsonObject {
  if (isObject(told)) return told;
  const text = textOf(told) ?? '';
  if (text.trim() === '') return {};
  const parsed = parseJson(text);
  return isObject(parsed) ? parsed : { input: text };
}
