// One assistant turn.
import { isObject, type JsonObject } from '../../json/values.ts';
import { assistantText, blocksOf } from '../conversation.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolCallIds } from '../tool-call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import { addThinking, addThoughtSignature } from './thinking-history.ts';
import type { AssistantMessage, WireToolCall } from './wire.ts';

/** Undefined when nothing is left to say: some servers refuse an empty turn. */
export function assistantMessage(
  content: unknown,
  target: TargetProfile,
  ids: ToolCallIds,
  names: ToolNames,
): AssistantMessage | undefined {
  const blocks = blocksOf(content);
  const calls: WireToolCall[] = [];
  const thinking: JsonObject[] = [];
  let text = '';
  let before: JsonObject | undefined;
  for (const block of blocks) {
    if (block.type === 'thinking') thinking.push(block);
    else if (block.type === 'tool_use') {
      const call = toolCall(block, ids, names);
      addThoughtSignature(call, before, target);
      calls.push(call);
    } else text = joinText(text, assistantText(block), before?.type === 'text');
    before = block;
  }
  const message: AssistantMessage = { role: 'assistant', content: text.trim() === '' ? null : text };
  if (calls.length > 0) message.tool_calls = calls;
  addThinking(message, thinking, target);
  return message.content === null && calls.length === 0 ? undefined : message;
}

/** Neighbouring text blocks are one text that citations cut; texts with something between them are paragraphs. */
function joinText(text: string, more: string, neighbours: boolean): string {
  if (text === '' || more === '') return text + more;
  return text + (neighbours ? '' : '\n\n') + more;
}

function toolCall(block: JsonObject, ids: ToolCallIds, names: ToolNames): WireToolCall {
  return {
    id: ids.call(String(block.id)),
    type: 'function',
    function: {
      name: names.encode(String(block.name)),
      arguments: JSON.stringify(isObject(block.input) ? block.input : {}),
    },
  };
}
