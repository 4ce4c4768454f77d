// Tool calls as items.
import { type JsonObject, objectOf, parseJson, textOf } from '../../../json/values.ts';
import { customInput } from '../../asked-tools.ts';
import type { AskedTool } from './asked-tools.ts';
import type { Emit, ItemWriter } from './item-writer.ts';

/** A tool call, of a function or of a custom tool that takes free text. */
export class CallWriter implements ItemWriter {
  readonly item: JsonObject;
  readonly #emit: Emit;
  readonly #id: string;
  readonly #custom: boolean;
  readonly #given: unknown;
  #json = '';

  constructor(id: string, block: JsonObject, tool: AskedTool, emit: Emit) {
    this.#emit = emit;
    this.#custom = tool.kind === 'custom';
    this.#id = (this.#custom ? 'ctc_' : 'fc_') + id;
    this.#given = block.input;
    const { name, namespace } = tool;
    this.item = {
      id: this.#id,
      type: this.#custom ? 'custom_tool_call' : 'function_call',
      status: 'in_progress',
      call_id: block.id,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(this.#custom ? { input: '' } : { arguments: '' }),
    };
    emit('response.output_item.added', { item: { ...this.item } });
  }

  delta(delta: JsonObject): void {
    const piece = textOf(delta.partial_json);
    if (piece === undefined) return;
    this.#json += piece;
    // A custom tool's text can be read only when its JSON is complete.
    if (!this.#custom)
      this.#emit('response.function_call_arguments.delta', { item_id: this.#id, delta: piece });
  }

  stop(): void {
    if (this.#json === '') this.delta({ partial_json: JSON.stringify(this.#given ?? {}) });
    if (this.#custom) this.#stopCustom();
    else {
      this.item.arguments = this.#json;
      this.#emit('response.function_call_arguments.done', {
        item_id: this.#id,
        name: this.item.name,
        arguments: this.#json,
      });
    }
  }

  #stopCustom(): void {
    const text = customInput(objectOf(parseJson(this.#json)), this.#json);
    if (text !== '') this.#emit('response.custom_tool_call_input.delta', { item_id: this.#id, delta: text });
    this.item.input = text;
    this.#emit('response.custom_tool_call_input.done', { item_id: this.#id, input: text });
  }

  end(): void {
    this.item.status = 'completed';
    this.#emit('response.output_item.done', { item: this.item });
  }
}
