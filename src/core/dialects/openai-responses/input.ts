// The conversation as input items. What these demand and the hub does not: results right behind their calls, each call
// answered, each result asked for.
import { type JsonObject, textOf } from '../../json/values.ts';
import { blocksOf, readConversation, type Turns } from '../conversation.ts';
import type { HubRequest } from '../hub.ts';
import { shortId } from '../short-hash.ts';
import { silentText } from '../silent-turn.ts';
import { reminder, textBlocks } from '../system-text.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolCallIds } from '../tool-call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import { asError, emptyResult, missingResult } from '../tool-result-text.ts';
import { assistantItems } from './assistant-items.ts';
import { compact, inputParts } from './content.ts';
import type { InputItem, InputPart } from './wire.ts';

export interface EncodedInput {
  /** Of the system prompt; '' when there is none. */
  instructions: string;
  input: InputItem[];
}

export function encodeInput(
  request: HubRequest,
  target: TargetProfile,
  names: ToolNames,
  notes: string[],
): EncodedInput {
  const conversation = new Conversation(target, names, notes);
  const system = readConversation(request, conversation);
  return {
    instructions: system.map((block) => block.text).join('\n\n'),
    input: conversation.end(),
  };
}

class Conversation implements Turns {
  readonly #items: InputItem[] = [];
  readonly #target: TargetProfile;
  readonly #names: ToolNames;
  readonly #notes: string[];
  readonly #ids = new ToolCallIds(callId);
  /** What the user said since the last assistant turn; stands behind all results of that turn. */
  #said: InputPart[] = [];

  constructor(target: TargetProfile, names: ToolNames, notes: string[]) {
    this.#target = target;
    this.#names = names;
    this.#notes = notes;
  }

  assistant(content: unknown): void {
    this.#endUserTurn();
    this.#items.push(...assistantItems(content, this.#target, this.#ids, this.#names));
  }

  user(content: unknown): void {
    const blocks = blocksOf(content);
    for (const block of blocks) {
      if (block.type === 'tool_result') this.#result(block);
      else this.#said.push(...inputParts(block, this.#target, this.#notes));
    }
  }

  system(content: unknown): void {
    const blocks = textBlocks(content);
    if (blocks.length > 0) this.#said.push({ type: 'input_text', text: reminder(blocks) });
  }

  end(): InputItem[] {
    this.#endUserTurn();
    // All that was said joined the instructions.
    if (this.#items.length === 0) this.#items.push({ type: 'message', role: 'user', content: silentText });
    return this.#items;
  }

  #result(block: JsonObject): void {
    const id = this.#ids.result(textOf(block.tool_use_id) ?? '');
    const parts = this.#resultParts(block);
    if (id !== undefined)
      this.#items.push({ type: 'function_call_output', call_id: id, output: compact(parts, '\n') });
    // A result that nobody asked for (its call was compacted away) would be refused.
    else this.#said.push({ type: 'input_text', text: 'Result of an earlier tool call:' }, ...parts);
  }

  #resultParts(block: JsonObject): InputPart[] {
    const blocks = blocksOf(block.content);
    const parts = blocks.flatMap((inner) => inputParts(inner, this.#target, this.#notes));
    if (parts.length === 0) parts.push({ type: 'input_text', text: emptyResult });
    if (block.is_error !== true) return parts;
    const [first, ...others] = parts;
    return first?.type === 'input_text'
      ? [{ type: 'input_text', text: asError(first.text) }, ...others]
      : [{ type: 'input_text', text: asError('') }, ...parts];
  }

  #endUserTurn(): void {
    // A call without result (the user interrupted it) would be refused.
    for (const id of this.#ids.beginTurn())
      this.#items.push({ type: 'function_call_output', call_id: id, output: missingResult });
    if (this.#said.length > 0)
      this.#items.push({ type: 'message', role: 'user', content: compact(this.#said, '\n\n') });
    this.#said = [];
  }
}

/** OpenAI: at most 64 characters. */
const longestId = 64;

/** A call's id as the API takes it; the same for the same id. */
export function callId(id: string): string {
  return shortId(id, longestId);
}
