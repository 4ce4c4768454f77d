// Turns the hub's events into a chat completion and its chunks. Whole answers and streams are written by the same hand.
import { isObject, type JsonObject, objectOf, shown, textOf } from '../../../json/values.ts';
import type { AskedBy } from '../../dialect.ts';
import type { HubEvent } from '../../hub.ts';
import { openAiError } from '../../openai-error.ts';
import { mergeHubUsage } from '../../usage.ts';
import { customNames, knowsFunctionsOnly } from './asked-tools.ts';
import { argumentsIn, type CallKind, CallWriter } from './call-writer.ts';
import { detailOf } from './carried-thinking.ts';
import { type CompletionHead, completionFrame, completionUsage, finishReason } from './completion-frame.ts';
import { SourceList } from './source-list.ts';

const unasked: AskedBy = { body: {}, at: 0 };

export class CompletionWriter {
  readonly #custom: ReadonlySet<string>;
  readonly #functionsOnly: boolean;
  readonly #usageAsked: boolean;
  #chunks: JsonObject[] = [];
  #head: CompletionHead;
  #text = '';
  #reasoning = '';
  /** Thinking blocks, as they come back. */
  readonly #thinking: JsonObject[] = [];
  readonly #calls: CallWriter[] = [];
  readonly #sources = new SourceList();
  /** Of the hub's open block; nothing is open where it has no place in a completion. */
  #call: CallWriter | undefined;
  #thought: JsonObject | undefined;
  #blockStart = 0;
  /** Something stood between the last text and the next one. */
  #apart = false;
  #usage: JsonObject = {};
  #end: JsonObject = {};

  /** Of `asked` only what is said back is kept: a stream may take long, and requests are large. */
  constructor(asked: AskedBy = unasked) {
    this.#head = { id: '', model: asked.body.model, created: Math.floor(asked.at / 1000) };
    this.#custom = customNames(asked.body);
    this.#functionsOnly = knowsFunctionsOnly(asked.body);
    this.#usageAsked = objectOf(asked.body.stream_options)?.include_usage === true;
  }

  /** The answer as far as it is written. */
  get completion(): JsonObject {
    const annotations = this.#sources.annotations(this.#text.length);
    const details = this.#thinking.flatMap((block, at) => detailOf(block, at) ?? []);
    const calls = this.#calls.map((call) => call.call());
    const message: JsonObject = {
      role: 'assistant',
      content: this.#text === '' && calls.length > 0 ? null : this.#text,
      refusal: this.#refusal ?? null,
      ...(this.#reasoning === '' ? {} : { reasoning_content: this.#reasoning }),
      ...(details.length === 0 ? {} : { reasoning_details: details }),
      ...(calls.length === 0
        ? {}
        : this.#functionsOnly
          ? { function_call: calls[0] }
          : { tool_calls: calls }),
      ...(annotations.length === 0 ? {} : { annotations }),
    };
    return {
      ...completionFrame('chat.completion', this.#head),
      choices: [{ index: 0, message, logprobs: null, finish_reason: this.#finishReason }],
      usage: completionUsage(this.#usage),
    };
  }

  /** Hub events in, in order; chunks out. An error is told as the object that stands for it. */
  push(event: HubEvent): JsonObject[] {
    this.#chunks = [];
    switch (event.type) {
      case 'message_start':
        this.#start(event.message as unknown as JsonObject);
        break;
      case 'content_block_start':
        this.#startBlock(event.content_block as unknown as JsonObject);
        break;
      case 'content_block_delta':
        this.#delta(event.delta as unknown as JsonObject);
        break;
      case 'content_block_stop':
        this.#stopBlock();
        break;
      case 'message_delta':
        this.#end = event.delta as unknown as JsonObject;
        this.#usage = mergeHubUsage(this.#usage, event.usage);
        break;
      case 'message_stop':
        this.#finish();
        break;
      case 'error':
        return [
          {
            error: openAiError({
              ...event.error,
              ...(event.status === undefined ? {} : { status: event.status }),
            }),
          },
        ];
    }
    return this.#chunks;
  }

  #start(message: JsonObject): void {
    const id = (textOf(message.id) ?? '').replace(/^msg_/, '');
    this.#head = { ...this.#head, id, model: message.model ?? this.#head.model };
    if (isObject(message.usage)) this.#usage = message.usage;
    this.#emit({ role: 'assistant', content: '' });
  }

  #startBlock(block: JsonObject): void {
    this.#call = undefined;
    this.#thought = undefined;
    this.#blockStart = this.#text.length;
    switch (block.type) {
      case 'text':
        this.#say(textOf(block.text) ?? '');
        return;
      case 'thinking':
      case 'redacted_thinking':
        this.#thought = {};
        this.#thinking.push(this.#thought);
        this.#think(block);
        break;
      case 'tool_use':
        this.#startCall(block);
        break;
      case 'web_search_tool_result':
        this.#sources.found(block);
        break;
    }
    this.#apart = this.#text !== '';
  }

  #startCall(block: JsonObject): void {
    if (this.#functionsOnly && this.#calls.length > 0) return;
    let kind: CallKind = this.#custom.has(shown(block.name)) ? 'custom' : 'function';
    if (this.#functionsOnly) kind = 'function_call';
    this.#call = new CallWriter(block, kind, this.#calls.length);
    this.#calls.push(this.#call);
    this.#emit(this.#call.start());
  }

  #delta(delta: JsonObject): void {
    const piece = argumentsIn(delta);
    if (typeof delta.text === 'string') this.#say(delta.text);
    else if (this.#thought) this.#think(delta);
    else if (piece !== undefined) this.#emit(this.#call?.piece(piece));
    else if (delta.citation !== undefined)
      this.#sources.cited(delta.citation, this.#blockStart, this.#text.length);
  }

  #stopBlock(): void {
    this.#emit(this.#call?.stop());
    this.#call = undefined;
    this.#thought = undefined;
  }

  /** Texts with something between them are paragraphs of the one text that a completion has. */
  #say(piece: string): void {
    if (piece === '') return;
    const content = this.#apart && !this.#text.endsWith('\n') ? `\n\n${piece}` : piece;
    if (this.#apart) this.#blockStart += content.length - piece.length;
    this.#apart = false;
    this.#text += content;
    this.#emit({ content });
  }

  /** @param piece text, signature or data of the open block */
  #think(piece: JsonObject): void {
    const detail = detailOf(piece, this.#thinking.length - 1);
    const block = this.#thought;
    if (!block || !detail) return;
    const text = textOf(piece.thinking);
    if (text !== undefined) block.thinking = `${block.thinking ?? ''}${text}`;
    if (textOf(piece.signature) !== undefined) block.signature = piece.signature;
    if (textOf(piece.data) !== undefined) block.data = piece.data;
    // Blocks are paragraphs for those who read the text alone.
    const apart = text !== undefined && block.thinking === text && this.#reasoning !== '';
    const shown = apart ? `\n\n${text}` : text;
    this.#reasoning += shown ?? '';
    this.#emit({ ...(shown === undefined ? {} : { reasoning_content: shown }), reasoning_details: [detail] });
  }

  get #refusal(): string | undefined {
    return textOf(objectOf(this.#end.stop_details)?.explanation);
  }

  get #finishReason(): string {
    const word = this.#functionsOnly ? 'function_call' : 'tool_calls';
    return finishReason(this.#end.stop_reason, this.#calls.length > 0 ? word : undefined);
  }

  #finish(): void {
    const annotations = this.#sources.annotations(this.#text.length);
    if (annotations.length > 0) this.#emit({ annotations });
    if (this.#refusal !== undefined) this.#emit({ refusal: this.#refusal });
    this.#emit({}, this.#finishReason);
    if (this.#usageAsked) this.#chunk({ choices: [], usage: completionUsage(this.#usage) });
  }

  #emit(delta: JsonObject | undefined, finish_reason: string | null = null): void {
    if (delta) this.#chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
  }

  #chunk(fields: JsonObject): void {
    const usage = this.#usageAsked ? { usage: null } : {};
    this.#chunks.push({
      ...completionFrame('chat.completion.chunk', this.#head),
      ...usage,
      ...fields,
    });
  }
}
