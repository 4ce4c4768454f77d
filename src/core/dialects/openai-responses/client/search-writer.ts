// Web searches as items.
import { isObject, type JsonObject, objectOf, objectsOf, parseJson, textOf } from '../../../json/values.ts';
import type { Emit, ItemWriter } from './item-writer.ts';

/** A web search: the call block begins it, the result block completes it. */
export class SearchWriter implements ItemWriter {
  readonly item: JsonObject;
  readonly #emit: Emit;
  readonly #id: string;
  readonly #given: unknown;
  #json = '';
  #sources: JsonObject[] = [];
  #failed = false;

  constructor(id: string, block: JsonObject, emit: Emit) {
    this.#id = `ws_${id}`;
    this.#emit = emit;
    this.#given = block.input;
    this.item = { id: this.#id, type: 'web_search_call', status: 'in_progress', action: this.#action() };
    emit('response.output_item.added', { item: { ...this.item } });
    emit('response.web_search_call.in_progress', { item_id: this.#id });
  }

  delta(delta: JsonObject): void {
    this.#json += textOf(delta.partial_json) ?? '';
  }

  stop(): void {
    this.#emit('response.web_search_call.searching', { item_id: this.#id });
  }

  /** @param block the `web_search_tool_result` */
  result(block: JsonObject): void {
    this.#failed = isObject(block.content);
    this.#sources = objectsOf(block.content).flatMap(({ url }) =>
      textOf(url) === undefined ? [] : [{ type: 'url', url }],
    );
  }

  end(): void {
    this.item.status = this.#failed ? 'failed' : 'completed';
    this.item.action = this.#action();
    this.#emit('response.web_search_call.completed', { item_id: this.#id });
    this.#emit('response.output_item.done', { item: this.item });
  }

  #action(): JsonObject {
    const input = objectOf(parseJson(this.#json)) ?? objectOf(this.#given);
    const query = textOf(input?.query) ?? '';
    return { type: 'search', query, queries: [query], sources: this.#sources };
  }
}
