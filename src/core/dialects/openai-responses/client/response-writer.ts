// Turns the hub's events into a response and its events. Whole answers and streams are written by the same hand.
import { isObject, type JsonObject, shown, textOf } from '../../../json/values.ts';
import type { AskedBy } from '../../dialect.ts';
import type { HubEvent } from '../../hub.ts';
import { openAiError } from '../../openai-error.ts';
import { mergeHubUsage } from '../../usage.ts';
import { type AskedTool, askedTools } from './asked-tools.ts';
import { CallWriter } from './call-writer.ts';
import type { Emit, ItemWriter } from './item-writer.ts';
import { MessageWriter } from './message-writer.ts';
import { ReasoningWriter } from './reasoning-writer.ts';
import { responseEnd, responseFrame, responseUsage } from './response-frame.ts';
import { SearchWriter } from './search-writer.ts';

const unasked: AskedBy = { body: {}, at: 0 };

export class ResponseWriter {
  readonly #tools: ReadonlyMap<string, AskedTool>;
  #events: JsonObject[] = [];
  #sequence = 0;
  #id = '';
  #response: JsonObject;
  readonly #output: JsonObject[] = [];
  /** Of the hub's open block; undefined when it has no place in a response. */
  #current: ItemWriter | undefined;
  #message: MessageWriter | undefined;
  /** Searches without result, by the id of their call. */
  readonly #searches = new Map<unknown, SearchWriter>();
  #usage: JsonObject = {};
  #stopReason: unknown;

  /** Of `asked` only what is said back is kept: a stream may take long, and requests are large. */
  constructor(asked: AskedBy = unasked) {
    this.#response = responseFrame(asked);
    this.#tools = askedTools(asked.body).byName;
  }

  /** The response as far as it is written. */
  get response(): JsonObject {
    return { ...this.#response, output: this.#output };
  }

  /** Hub events in, in order; the response's events out. */
  push(event: HubEvent): JsonObject[] {
    this.#events = [];
    switch (event.type) {
      case 'message_start':
        this.#start(event.message as unknown as JsonObject);
        break;
      case 'content_block_start':
        this.#startBlock(event.content_block as unknown as JsonObject);
        break;
      case 'content_block_delta':
        this.#current?.delta(event.delta as unknown as JsonObject);
        break;
      case 'content_block_stop':
        this.#stopBlock();
        break;
      case 'message_delta':
        this.#stopReason = event.delta.stop_reason;
        this.#usage = mergeHubUsage(this.#usage, event.usage);
        break;
      case 'message_stop':
        this.#finish();
        break;
      case 'error':
        this.#fail(event);
        break;
    }
    return this.#events;
  }

  #start(message: JsonObject): void {
    if (isObject(message.usage)) this.#usage = message.usage;
    this.#id = (textOf(message.id) ?? '').replace(/^msg_/, '');
    const model = message.model ?? this.#response.model;
    this.#response = { ...this.#response, id: `resp_${this.#id}`, model };
    this.#emit('response.created', { response: this.#response });
    this.#emit('response.in_progress', { response: this.#response });
  }

  #startBlock(block: JsonObject): void {
    if (block.type === 'text') {
      this.#message ??= this.#add((id, emit) => new MessageWriter(`msg_${id}`, emit));
      this.#message.start(textOf(block.text) ?? '');
      this.#current = this.#message;
      return;
    }
    this.#endMessage();
    this.#current = this.#itemOf(block);
  }

  #itemOf(block: JsonObject): ItemWriter | undefined {
    switch (block.type) {
      case 'thinking':
      case 'redacted_thinking':
        return this.#add((id, emit) => new ReasoningWriter(`rs_${id}`, block, emit));
      case 'tool_use': {
        const name = shown(block.name);
        const tool = this.#tools.get(name) ?? { kind: 'function', name };
        return this.#add((id, emit) => new CallWriter(id, block, tool, emit));
      }
      case 'server_tool_use': {
        if (block.name !== 'web_search') return undefined;
        const search = this.#add((id, emit) => new SearchWriter(id, block, emit));
        this.#searches.set(block.id, search);
        return search;
      }
      case 'web_search_tool_result': {
        const search = this.#searches.get(block.tool_use_id);
        search?.result(block);
        search?.end();
        this.#searches.delete(block.tool_use_id);
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #stopBlock(): void {
    const current = this.#current;
    this.#current = undefined;
    current?.stop();
    // A message goes on with the next text, a search with its result.
    if (current instanceof ReasoningWriter || current instanceof CallWriter) current.end();
  }

  #endMessage(): void {
    this.#message?.end();
    this.#message = undefined;
  }

  /** @param create gets the item's own part of its id, and where to send its events */
  #add<Writer extends ItemWriter>(create: (id: string, emit: Emit) => Writer): Writer {
    const output_index = this.#output.length;
    // The place is taken before the item is there: its first event tells of it.
    this.#output.push({});
    const writer = create(`${this.#id}_${output_index}`, (type, fields) =>
      this.#emit(type, { output_index, ...fields }),
    );
    this.#output[output_index] = writer.item;
    return writer;
  }

  #finish(): void {
    this.#endMessage();
    for (const search of this.#searches.values()) search.end();
    this.#searches.clear();
    this.#response = {
      ...this.#response,
      ...responseEnd(this.#stopReason),
      completed_at: this.#response.created_at,
      output: this.#output,
      usage: responseUsage(this.#usage),
    };
    const { status } = this.#response;
    this.#emit(`response.${status}`, { response: this.#response });
  }

  /** As OpenAI does it: the error for those who read streams event by event, the failed response for the others. */
  #fail({ error, status }: Extract<HubEvent, { type: 'error' }>): void {
    const told = openAiError({ ...error, ...(status === undefined ? {} : { status }) });
    const { message, code, param } = told;
    this.#emit('error', { code, message, param });
    this.#response = {
      ...this.#response,
      status: 'failed',
      error: { code: code ?? 'server_error', message },
      output: this.#output,
    };
    this.#emit('response.failed', { response: this.#response });
  }

  #emit(type: string, fields: JsonObject): void {
    this.#events.push({ type, ...fields, sequence_number: this.#sequence++ });
  }
}
