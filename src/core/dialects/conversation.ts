// How every upstream that is not Anthropic reads a conversation.
import { type JsonObject, objectsOf, shown, textOf } from '../json/values.ts';
import type { HubRequest } from './hub.ts';
import { textBlocks } from './system-text.ts';
import { searchResultsText } from './web-search-text.ts';

/** Takes the turns in order. */
export interface Turns {
  assistant(content: unknown): void;
  user(content: unknown): void;
  /** A system message inside the conversation. */
  system(content: unknown): void;
}

/** Hands out the turns. @returns the text blocks of the system prompt */
export function readConversation(request: HubRequest, turns: Turns): JsonObject[] {
  const system = textBlocks(request.system);
  let begun = false;
  for (const message of objectsOf(request.messages)) {
    if (message.role === 'assistant') {
      begun = true;
      turns.assistant(message.content);
    } else if (message.role === 'user') turns.user(message.content);
    // Before the first answer a system message says how to begin: it joins the system prompt. Claude Code's
    // environment stands there.
    else if (!begun) system.push(...textBlocks(message.content));
    else turns.system(message.content);
  }
  return system;
}

/** The client's ids of all calls so far. */
export function calledIds(request: HubRequest): Set<string> {
  const ids = new Set<string>();
  for (const message of objectsOf(request.messages))
    if (message.role === 'assistant')
      for (const block of objectsOf(message.content)) if (block.type === 'tool_use') ids.add(shown(block.id));
  return ids;
}

/** Content, or a result's, as blocks. */
export function blocksOf(content: unknown): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);
}

/** What a block of an assistant's turn says to another provider's model; '' when it says nothing. */
export function assistantText(block: JsonObject): string {
  switch (block.type) {
    case 'text':
      return textOf(block.text) ?? '';
    case 'web_search_tool_result':
      return searchResultsText(block);
    case 'compaction':
      return textOf(block.content) ?? '';
    default:
      // Server tools' blocks mean nothing to another provider; redacted thinking is closed to it.
      return '';
  }
}
