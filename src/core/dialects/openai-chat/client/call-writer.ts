// A tool call as pieces of `tool_calls`; for clients that know nothing newer, of `function_call`.
import { type JsonObject, objectOf, parseJson, shown, textOf } from '../../../json/values.ts';
import { customInput } from '../../asked-tools.ts';

export type CallKind = 'function' | 'custom' | 'function_call';

export class CallWriter {
  readonly #kind: CallKind;
  readonly #index: number;
  readonly #id: unknown;
  readonly #name: string;
  readonly #given: unknown;
  #json = '';

  /** @param block the hub's, as it starts; `index` among the answer's calls */
  constructor(block: JsonObject, kind: CallKind, index: number) {
    this.#kind = kind;
    this.#index = index;
    this.#id = block.id;
    this.#name = shown(block.name);
    this.#given = block.input;
  }

  /** The first delta; undefined when a call of this kind can only be told whole. */
  start(): JsonObject | undefined {
    const named = { name: this.#name, arguments: '' };
    if (this.#kind === 'function_call') return { function_call: named };
    if (this.#kind === 'custom') return undefined;
    return { tool_calls: [{ index: this.#index, id: this.#id, type: 'function', function: named }] };
  }

  /** A piece of the arguments. */
  piece(text: string): JsonObject | undefined {
    if (text === '') return undefined;
    this.#json += text;
    if (this.#kind === 'function_call') return { function_call: { arguments: text } };
    // A custom tool's text can be read only when its JSON is complete.
    if (this.#kind === 'custom') return undefined;
    return { tool_calls: [{ index: this.#index, function: { arguments: text } }] };
  }

  /** What is left to say when the block ends. */
  stop(): JsonObject | undefined {
    const rest = this.#json === '' ? this.piece(JSON.stringify(objectOf(this.#given) ?? {})) : undefined;
    return this.#kind === 'custom' ? { tool_calls: [{ index: this.#index, ...this.call() }] } : rest;
  }

  /** The whole call, as it stands in a message. */
  call(): JsonObject {
    const head = { id: this.#id, type: this.#kind };
    if (this.#kind === 'custom') {
      const input = customInput(objectOf(parseJson(this.#json)), this.#json);
      return { ...head, custom: { name: this.#name, input } };
    }
    const called = { name: this.#name, arguments: this.#json };
    return this.#kind === 'function_call' ? called : { ...head, function: called };
  }
}

/** The piece of arguments that a delta of the hub brings. */
export function argumentsIn(delta: JsonObject): string | undefined {
  return textOf(delta.partial_json);
}
