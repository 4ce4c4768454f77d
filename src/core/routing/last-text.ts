// What the user wrote last, for rules that look at it.
import type { HubRequest } from '../dialects/hub.ts';
import { isObject } from '../json/values.ts';

/** Claude Code puts what it has to say itself into the user's turn. */
const reminder = '<system-reminder>';

/**
 * The text of the last turn in which the user wrote something: turns that only bring the results of tools are passed
 * over, so that a rule holds for a whole task and not for its first request alone.
 */
export function lastUserText(request: HubRequest): string {
  const messages: unknown = request.messages;
  if (!Array.isArray(messages)) return '';
  for (let index = messages.length - 1; index >= 0; index--) {
    const message: unknown = messages[index];
    if (!isObject(message) || message.role !== 'user') continue;
    const text = writtenText(message.content);
    if (text !== '') return text;
  }
  return '';
}

function writtenText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((block: unknown) =>
      isObject(block) && block.type === 'text' && typeof block.text === 'string' ? [block.text] : [],
    )
    .filter((text) => !text.trimStart().startsWith(reminder))
    .join('\n');
}
