import { isObject, type JsonObject } from '../../json/values.ts';

/** With a fixed budget the last assistant turn of a tool loop has to begin with its thinking; this one does not. */
export function lacksThinking(messages: readonly JsonObject[]): boolean {
  const content = messages.findLast((message) => message.role === 'assistant')?.content;
  if (!Array.isArray(content) || !content.some((block) => isObject(block) && block.type === 'tool_use'))
    return false;
  const first = content[0];
  return isObject(first) && first.type !== 'thinking' && first.type !== 'redacted_thinking';
}
