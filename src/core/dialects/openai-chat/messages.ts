// The conversation as chat messages. What these demand and the hub does not: results right behind their calls, each
// call answered, each result asked for, text only in results, system prompts at the beginning.
import { isObject, type JsonObject, textOf } from '../../json/values.ts';
import { blocksOf, readConversation, type Turns } from '../conversation.ts';
import type { HubRequest } from '../hub.ts';
import { silentText } from '../silent-turn.ts';
import { reminder, textBlocks } from '../system-text.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolCallIds } from '../tool-call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import { missingResult } from '../tool-result-text.ts';
import { assistantMessage } from './assistant-message.ts';
import { systemContent, withMark } from './cache-marks.ts';
import { idCleaner } from './tool-ids.ts';
import { encodeResult } from './tool-result.ts';
import { compact, userParts } from './user-content.ts';
import type { TextPart, UserPart, WireMessage } from './wire.ts';

export function encodeMessages(
  request: HubRequest,
  target: TargetProfile,
  names: ToolNames,
  notes: string[],
): WireMessage[] {
  const conversation = new Conversation(target, names, notes);
  const system = readConversation(request, conversation);
  const messages = conversation.end();
  if (system.length > 0)
    messages.unshift({ role: 'system', content: systemContent(system, target.quirks.cacheControl) });
  return messages;
}

class Conversation implements Turns {
  readonly #messages: WireMessage[] = [];
  readonly #target: TargetProfile;
  readonly #names: ToolNames;
  readonly #notes: string[];
  readonly #ids: ToolCallIds;
  /** What the user said since the last assistant turn; stands behind all results of that turn. */
  #said: UserPart[] = [];

  constructor(target: TargetProfile, names: ToolNames, notes: string[]) {
    this.#target = target;
    this.#names = names;
    this.#notes = notes;
    this.#ids = new ToolCallIds(idCleaner(target.quirks));
  }

  assistant(content: unknown): void {
    this.#endUserTurn();
    const message = assistantMessage(content, this.#target, this.#ids, this.#names);
    if (message) this.#messages.push(message);
  }

  user(content: unknown): void {
    const blocks = blocksOf(content);
    for (const block of blocks) {
      if (block.type === 'tool_result') this.#result(block);
      else this.#said.push(...userParts(block, this.#target, this.#notes));
    }
  }

  system(content: unknown): void {
    const blocks = textBlocks(content);
    if (blocks.length > 0) this.#said.push({ type: 'text', text: reminder(blocks) });
  }

  end(): WireMessage[] {
    this.#endUserTurn();
    // Chat templates want a word of the user's.
    if (this.#messages.length === 0) this.#messages.push({ role: 'user', content: silentText });
    return this.#messages;
  }

  #result(block: JsonObject): void {
    const asked = textOf(block.tool_use_id) ?? '';
    const id = this.#ids.result(asked);
    const { text, media } = encodeResult(block, id ?? asked, this.#target, this.#notes);
    // A result that nobody asked for (its call was compacted away) would be refused.
    if (id === undefined) this.#said.push({ type: 'text', text: `Result of an earlier tool call:\n${text}` });
    else this.#messages.push({ role: 'tool', tool_call_id: id, content: this.#marked(text, block) });
    this.#said.push(...media);
  }

  /** Claude Code marks the last result of a tool loop: without its mark nothing of the conversation would be cached. */
  #marked(text: string, block: JsonObject): string | TextPart[] {
    const marked = this.#target.quirks.cacheControl && isObject(block.cache_control);
    const part: TextPart = { type: 'text', text };
    return marked ? [withMark(part, block)] : text;
  }

  #endUserTurn(): void {
    // A call without result (the user interrupted it) would be refused.
    for (const id of this.#ids.beginTurn())
      this.#messages.push({
        role: 'tool',
        tool_call_id: id,
        content: missingResult,
      });
    if (this.#said.length > 0) this.#messages.push({ role: 'user', content: compact(this.#said) });
    this.#said = [];
  }
}
