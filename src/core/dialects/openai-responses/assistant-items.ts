// One assistant turn as items: its text before its calls, its reasoning where it stood.
import { isObject } from '../../json/values.ts';
import { assistantText, blocksOf } from '../conversation.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ToolCallIds } from '../tool-call-ids.ts';
import type { ToolNames } from '../tool-names.ts';
import { ReasoningItems } from './thinking-history.ts';
import type { InputItem } from './wire.ts';

export function assistantItems(
  content: unknown,
  target: TargetProfile,
  ids: ToolCallIds,
  names: ToolNames,
): InputItem[] {
  const blocks = blocksOf(content);
  const items: InputItem[] = [];
  const reasoning = new ReasoningItems(target);
  const push = (item: InputItem | undefined) => {
    if (item) items.push(item);
  };
  for (const block of blocks) {
    if (block.type === 'thinking') {
      push(reasoning.add(block));
      continue;
    }
    push(reasoning.end());
    if (block.type === 'tool_use')
      push({
        type: 'function_call',
        call_id: ids.call(String(block.id)),
        name: names.encode(String(block.name)),
        arguments: JSON.stringify(isObject(block.input) ? block.input : {}),
      });
    else addText(items, assistantText(block));
  }
  push(reasoning.end());
  return items;
}

/** DeepSeek looks for the results right behind the calls and finds none when a message stands between two calls. */
function addText(items: InputItem[], text: string): void {
  if (text.trim() === '') return;
  const call = items.findIndex((item) => item.type === 'function_call');
  items.splice(call === -1 ? items.length : call, 0, { type: 'message', role: 'assistant', content: text });
}
