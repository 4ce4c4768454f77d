// The conversation as contents. What these demand and the hub does not: turns of user and model in alternation, the
// user's first; results right behind their calls, as many as there were calls, in their order (older models know no ids).
import { type JsonObject, textOf } from '../../json/values.ts';
import { blocksOf, readConversation, type Turns } from '../conversation.ts';
import type { HubRequest } from '../hub.ts';
import { silentText } from '../silent-turn.ts';
import { reminder, textBlocks } from '../system-text.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolCallIds } from '../tool-call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import { missingResult } from '../tool-result-text.ts';
import { isGemini3 } from './model-facts.ts';
import { modelTurn } from './model-turn.ts';
import { encodeResult } from './tool-result.ts';
import { userParts } from './user-parts.ts';
import type { Content, Part } from './wire.ts';

export interface EncodedContents {
  contents: Content[];
  /** Texts of the system prompt. */
  system: string[];
}

export function encodeContents(
  request: HubRequest,
  target: TargetProfile,
  names: ToolNames,
  notes: string[],
): EncodedContents {
  const conversation = new Conversation(target, names, notes);
  const system = readConversation(request, conversation);
  return { contents: conversation.end(), system: system.map((block) => String(block.text)) };
}

class Conversation implements Turns {
  readonly #contents: Content[] = [];
  readonly #target: TargetProfile;
  readonly #names: ToolNames;
  readonly #notes: string[];
  readonly #ids = new ToolCallIds((id) => id || 'call');
  /** The last turn's calls, in order, and what is known of their results. */
  #calls: { id: string; name: string; result?: Record<string, unknown> }[] = [];
  /** What the user said since the last turn of the model; stands behind the results. */
  #said: Part[] = [];

  constructor(target: TargetProfile, names: ToolNames, notes: string[]) {
    this.#target = target;
    this.#names = names;
    this.#notes = notes;
  }

  assistant(content: unknown): void {
    this.#endUserTurn();
    this.#ids.beginTurn();
    const turn = modelTurn(content, this.#target, (id) => this.#ids.call(id), this.#names);
    this.#calls = turn.calls;
    if (turn.parts.length === 0) return;
    if (this.#contents.length === 0) this.#add('user', [{ text: silentText }]);
    this.#add('model', turn.parts);
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
    if (blocks.length > 0) this.#said.push({ text: reminder(blocks) });
  }

  end(): Content[] {
    this.#endUserTurn();
    if (this.#contents.length === 0) this.#add('user', [{ text: silentText }]);
    return this.#contents;
  }

  #result(block: JsonObject): void {
    const id = this.#ids.result(textOf(block.tool_use_id) ?? '');
    const call = this.#calls.find((known) => known.id === id);
    const { response, media, text } = encodeResult(
      block,
      call?.name ?? 'an earlier call',
      this.#target,
      this.#notes,
    );
    if (call) call.result = response;
    // A result that nobody asked for (its call was compacted away) would be refused.
    else this.#said.push({ text: `Result of an earlier tool call:\n${text}` });
    this.#said.push(...media);
  }

  #endUserTurn(): void {
    const withIds = isGemini3(this.#target.model);
    const results = this.#calls.map(({ id, name, result = { error: missingResult } }) => ({
      functionResponse: { ...(withIds ? { id } : {}), name, response: result },
    }));
    this.#add('user', [...results, ...this.#said]);
    this.#calls = [];
    this.#said = [];
  }

  #add(role: Content['role'], parts: Part[]): void {
    if (parts.length === 0) return;
    const last = this.#contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else this.#contents.push({ role, parts });
  }
}
