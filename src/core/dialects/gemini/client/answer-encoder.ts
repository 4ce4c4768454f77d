// A message as a generateContent answer, whole or streamed.
import { isObject, type JsonObject, objectOf, objectsOf, parseJson, textOf } from '../../../json/values.ts';
import type { AskedBy, StreamEncoder } from '../../dialect.ts';
import type { HubEvent, HubMessage } from '../../hub.ts';
import { mergeHubUsage } from '../../usage.ts';
import { finishFields, nameFields, usageMetadata } from './answer-frame.ts';
import { fieldOf } from './asked-field.ts';
import { errorAnswer } from './error-answer.ts';
import { PartWriter } from './part-writer.ts';

export function encodeAnswer(message: HubMessage, asked?: AskedBy): JsonObject {
  const writer = new PartWriter(showsThoughts(asked));
  const parts = objectsOf(message.content).flatMap((block) => [
    ...(block.type === 'thinking' ? writer.thought(textOf(block.thinking) ?? '') : []),
    ...(block.type === 'text' ? writer.text(textOf(block.text) ?? '') : writer.whole(block)),
  ]);
  parts.push(...writer.end());
  const told = message as unknown as JsonObject;
  const content = { parts: parts.length > 0 ? parts : [{ text: '' }], role: 'model' };
  return {
    candidates: [{ content, ...finishFields(told), index: 0, ...writer.grounding() }],
    usageMetadata: usageMetadata(told.usage),
    ...nameFields(told),
  };
}

/** Google's clients get thoughts only when they ask for them. Without knowledge of the request they are shown. */
function showsThoughts(asked: AskedBy | undefined): boolean {
  if (!asked) return true;
  const config = objectOf(fieldOf(asked.body, 'generationConfig')) ?? {};
  const thinking = objectOf(fieldOf(config, 'thinkingConfig')) ?? {};
  return fieldOf(thinking, 'includeThoughts') === true;
}

/** Writes chunks; how they are framed is the caller's business. */
export class AnswerChunks {
  readonly #writer: PartWriter;
  #message: JsonObject = {};
  #block: JsonObject | undefined;
  #json = '';

  constructor(asked?: AskedBy) {
    this.#writer = new PartWriter(showsThoughts(asked));
  }

  push(event: HubEvent): JsonObject[] {
    switch (event.type) {
      case 'message_start':
        this.#message = { ...event.message };
        return [];
      case 'content_block_start':
        return this.#chunks(this.#start(event.content_block as unknown as JsonObject));
      case 'content_block_delta':
        return this.#chunks(this.#delta(event.delta as unknown as JsonObject));
      case 'content_block_stop':
        return this.#chunks(this.#stop());
      case 'message_delta': {
        const usage = mergeHubUsage(objectOf(this.#message.usage) ?? {}, event.usage);
        this.#message = { ...this.#message, ...event.delta, usage };
        return [this.#last()];
      }
      case 'error':
        return [
          errorAnswer({ ...event.error, ...(event.status === undefined ? {} : { status: event.status }) }),
        ];
      default:
        return [];
    }
  }

  #start(block: JsonObject): JsonObject[] {
    this.#block = { ...block };
    this.#json = '';
    if (block.type === 'text') return this.#writer.text(textOf(block.text) ?? '');
    return block.type === 'thinking' ? this.#writer.thought(textOf(block.thinking) ?? '') : [];
  }

  #delta(delta: JsonObject): JsonObject[] {
    const block = this.#block;
    if (!block) return [];
    if (typeof delta.text === 'string') return this.#writer.text(delta.text);
    if (typeof delta.thinking === 'string') {
      block.thinking = `${block.thinking ?? ''}${delta.thinking}`;
      return this.#writer.thought(delta.thinking);
    }
    if (typeof delta.signature === 'string') block.signature = delta.signature;
    else if (typeof delta.partial_json === 'string') this.#json += delta.partial_json;
    return [];
  }

  #stop(): JsonObject[] {
    const block = this.#block;
    this.#block = undefined;
    if (!block || block.type === 'text') return [];
    if (this.#json.trim() !== '') {
      const input = parseJson(this.#json);
      block.input = isObject(input) ? input : { raw: this.#json };
    }
    return this.#writer.whole(block);
  }

  #chunks(parts: JsonObject[]): JsonObject[] {
    if (parts.length === 0) return [];
    const candidate = { content: { parts, role: 'model' }, index: 0 };
    return [{ candidates: [candidate], usageMetadata: this.#usage(), ...nameFields(this.#message) }];
  }

  /** An empty part, because the official client takes a chunk without parts for a broken answer. */
  #last(): JsonObject {
    const left = this.#writer.end();
    const content = { parts: left.length > 0 ? left : [{ text: '' }], role: 'model' };
    const candidate = { content, ...finishFields(this.#message), index: 0, ...this.#writer.grounding() };
    return { candidates: [candidate], usageMetadata: this.#usage(), ...nameFields(this.#message) };
  }

  #usage(): JsonObject {
    return usageMetadata(this.#message.usage);
  }
}

/** Server-sent events: what `alt=sse` asks for. */
export function eventEncoder(asked?: AskedBy): StreamEncoder {
  const chunks = new AnswerChunks(asked);
  return {
    push: (event) =>
      // An empty line: comments, which mean nothing too, break the parser of Gemini CLI 0.61.
      event.type === 'ping'
        ? '\r\n'
        : chunks
            .push(event)
            .map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`)
            .join(''),
  };
}

/** One JSON list, piece by piece: what Google sends to those who don't ask for events. */
export function listEncoder(asked?: AskedBy): StreamEncoder {
  const chunks = new AnswerChunks(asked);
  let begun = false;
  return {
    push(event) {
      // White space, which JSON allows between its values.
      let text = event.type === 'ping' ? '\r\n' : '';
      for (const chunk of chunks.push(event)) {
        text += `${begun ? ',\r\n' : '['}${JSON.stringify(chunk)}`;
        begun = true;
      }
      return event.type === 'message_stop' || event.type === 'error' ? `${text}]` : text;
    },
  };
}
