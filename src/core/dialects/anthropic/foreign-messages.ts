// The conversation of a client that does not speak Anthropic's dialect, in the order that its API insists on: the user
// first, each call answered at once and once, nothing empty.
import { type JsonObject, objectsOf, textOf } from '../../json/values.ts';
import { blocksOf } from '../conversation.ts';
import { silentTurn } from '../silent-turn.ts';
import { missingResult } from '../tool-result-text.ts';

/** Nothing of `messages` is changed; what is left as it was is shared with the result. */
export function orderedMessages(messages: readonly JsonObject[]): JsonObject[] {
  const order = new Order();
  for (const { role, content, ...others } of messages) {
    const blocks = blocksOf(content).filter(hasSomething);
    if (role === 'assistant') order.assistant(blocks);
    else if (role === 'user') order.user(blocks);
    // Claude Code's settings for a turn stand in entries without content.
    else if (blocks.length > 0 || Object.keys(others).length > 0)
      order.system({ ...others, role, content: blocks });
  }
  return order.end();
}

function hasSomething(block: JsonObject): boolean {
  return block.type !== 'text' || (textOf(block.text) ?? '').trim() !== '';
}

class Order {
  readonly #messages: { role: unknown; content: JsonObject[] }[] = [];
  /** Ids of the last turn's calls that wait for their results. */
  #open: unknown[] = [];
  /** Words of the developer that came between calls and results: nothing may stand there. */
  #held: { role: unknown; content: JsonObject[] }[] = [];

  assistant(blocks: readonly JsonObject[]): void {
    if (blocks.length === 0) return;
    this.#answerOpen();
    if (this.#messages.length === 0) this.#add('user', [silentTurn]);
    this.#add('assistant', blocks);
    this.#open = blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id);
  }

  user(blocks: readonly JsonObject[]): void {
    const results: JsonObject[] = [];
    const said: JsonObject[] = [];
    for (const block of blocks) {
      if (block.type !== 'tool_result') said.push(block);
      else if (this.#take(block.tool_use_id)) results.push(tidyResult(block));
      // A result that nobody asked for would be refused.
      else said.push({ type: 'text', text: 'Result of an earlier tool call:' }, ...resultBlocks(block));
    }
    // Results may come in several turns; what waits is answered when somebody else speaks.
    if (results.length > 0) this.#add('user', results);
    if (this.#open.length === 0) this.#release();
    if (said.length === 0) return;
    this.#answerOpen();
    this.#add('user', said);
  }

  system(message: { role: unknown; content: JsonObject[] }): void {
    if (this.#open.length > 0) {
      this.#held.push(message);
      return;
    }
    if (this.#messages.length === 0) this.#add('user', [silentTurn]);
    this.#messages.push(message);
  }

  end(): JsonObject[] {
    this.#answerOpen();
    if (this.#messages.length === 0) this.#add('user', [silentTurn]);
    const last = this.#messages.at(-1);
    const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
    // White space at the end of what the model is to go on with is refused.
    if (last && block?.type === 'text')
      last.content.splice(-1, 1, { ...block, text: (textOf(block.text) ?? '').trimEnd() });
    return this.#messages;
  }

  #take(id: unknown): boolean {
    const at = this.#open.indexOf(id);
    if (at !== -1) this.#open.splice(at, 1);
    return at !== -1;
  }

  #answerOpen(): void {
    const missing = this.#open.map((id) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: missingResult,
    }));
    this.#open = [];
    if (missing.length > 0) this.#add('user', missing);
    this.#release();
  }

  #release(): void {
    this.#messages.push(...this.#held.splice(0));
  }

  #add(role: string, blocks: readonly JsonObject[]): void {
    const last = this.#messages.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else this.#messages.push({ role, content: [...blocks] });
  }
}

function tidyResult(block: JsonObject): JsonObject {
  if (!Array.isArray(block.content)) return block;
  const content = objectsOf(block.content).filter(hasSomething);
  return content.length === block.content.length ? block : { ...block, content };
}

function resultBlocks(block: JsonObject): JsonObject[] {
  return blocksOf(block.content).filter(hasSomething);
}
