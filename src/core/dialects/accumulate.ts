// Whole answers from streams and streams from whole answers.
import { isObject, type JsonObject, parseJson } from '../json/values.ts';
import type { HubContentBlock, HubEvent, HubMessage } from './hub.ts';
import { hubUsage, mergeHubUsage } from './usage.ts';

type Block = JsonObject & { type: string };

/** Builds the message that a stream describes. Unknown blocks and deltas are kept as far as they can be read. */
export class MessageAccumulator {
  #message: JsonObject | undefined;
  readonly #blocks = new Map<number, Block>();
  readonly #json = new Map<number, string[]>();

  /** Takes the events in order; `ping` and `error` change nothing. */
  push(event: HubEvent): void {
    switch (event.type) {
      case 'message_start':
        this.#message = { ...event.message };
        break;
      case 'content_block_start':
        this.#blocks.set(event.index, { ...event.content_block } as unknown as Block);
        break;
      case 'content_block_delta':
        this.#delta(event.index, event.delta as unknown as JsonObject);
        break;
      case 'content_block_stop':
        this.#finishInput(event.index);
        break;
      case 'message_delta':
        this.#message = {
          ...this.#message,
          ...event.delta,
          usage: mergeHubUsage(isObject(this.#message?.usage) ? this.#message.usage : {}, event.usage),
        };
        break;
      default:
        break;
    }
  }

  /** The message so far. */
  message(): HubMessage {
    for (const index of this.#json.keys()) this.#finishInput(index);
    const content = [...this.#blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    return { ...(this.#message ?? {}), content } as unknown as HubMessage;
  }

  #delta(index: number, delta: JsonObject): void {
    const block = this.#blocks.get(index);
    if (!block) return;
    if (typeof delta.text === 'string') block.text = `${block.text ?? ''}${delta.text}`;
    else if (typeof delta.thinking === 'string') block.thinking = `${block.thinking ?? ''}${delta.thinking}`;
    else if (typeof delta.signature === 'string') block.signature = delta.signature;
    else if (delta.citation !== undefined)
      block.citations = [...(Array.isArray(block.citations) ? block.citations : []), delta.citation];
    else if (typeof delta.partial_json === 'string') {
      const parts = this.#json.get(index);
      if (parts) parts.push(delta.partial_json);
      else this.#json.set(index, [delta.partial_json]);
    } else {
      // compaction_delta and whatever comes: the last word wins.
      const { type: _, ...rest } = delta;
      Object.assign(block, rest);
    }
  }

  #finishInput(index: number): void {
    const parts = this.#json.get(index);
    const block = this.#blocks.get(index);
    this.#json.delete(index);
    if (!parts || !block) return;
    const text = parts.join('');
    // What is no JSON stays visible: the official SDK would throw it away or fail.
    if (text.trim() !== '') block.input = parseJson(text) ?? { raw: text };
  }
}

/** The events of a stream that describes the message; each block comes in one piece. */
export function messageToEvents(message: HubMessage): HubEvent[] {
  const { content, stop_reason, stop_sequence, stop_details, container, usage, ...rest } = message;
  const start = { ...rest, content: [], container: null, stop_details: null, stop_reason: null };
  const counts = usage ?? hubUsage({});
  const events: HubEvent[] = [
    {
      type: 'message_start',
      message: {
        ...start,
        stop_sequence: null,
        usage: { ...counts, output_tokens: 0 },
      } as unknown as HubMessage,
    },
  ];
  for (const [index, block] of (Array.isArray(content) ? content : []).entries())
    events.push(...blockEvents(block, index));
  events.push(
    {
      type: 'message_delta',
      delta: {
        stop_reason: stop_reason ?? null,
        stop_sequence: stop_sequence ?? null,
        stop_details: stop_details ?? null,
        container: container ?? null,
      },
      usage: counts,
    },
    { type: 'message_stop' },
  );
  return events;
}

function blockEvents(block: HubContentBlock, index: number): HubEvent[] {
  const [empty, deltas] = takeApart(block);
  return [
    { type: 'content_block_start', index, content_block: empty as HubContentBlock },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta }) as unknown as HubEvent),
    { type: 'content_block_stop', index },
  ];
}

/** A block as it starts in a stream, and the deltas that fill it. */
export function takeApart(block: HubContentBlock): [unknown, JsonObject[]] {
  switch (block.type) {
    case 'text': {
      const deltas: JsonObject[] = block.text === '' ? [] : [{ type: 'text_delta', text: block.text }];
      const citations = Array.isArray(block.citations) ? block.citations : [];
      for (const citation of citations) deltas.push({ type: 'citations_delta', citation });
      return [{ ...block, text: '', ...(block.citations ? { citations: [] } : {}) }, deltas];
    }
    case 'thinking': {
      const deltas: JsonObject[] =
        block.thinking === '' ? [] : [{ type: 'thinking_delta', thinking: block.thinking }];
      if (block.signature) deltas.push({ type: 'signature_delta', signature: block.signature });
      return [{ ...block, thinking: '', ...('signature' in block ? { signature: '' } : {}) }, deltas];
    }
    case 'tool_use':
    case 'server_tool_use':
      return [
        { ...block, input: {} },
        [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input ?? {}) }],
      ];
    default:
      return [block, []];
  }
}
