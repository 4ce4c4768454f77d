// The system prompt, and system messages inside the conversation.
import { type JsonObject, objectsOf, textOf } from '../json/values.ts';

/** Anthropic's billing note of Claude Code: it says nothing to a model and would spoil other providers' prompt caches. */
const billingMark = 'x-anthropic-billing-header';

/** The text blocks of a `system` field or of a message's content, empty ones left out. */
export function textBlocks(content: unknown): JsonObject[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);
  return blocks.filter((block) => {
    const text = block.type === 'text' ? textOf(block.text) : undefined;
    return text !== undefined && text.trim() !== '' && !text.startsWith(billingMark);
  });
}

/** A system message that stands between turns, as a user's text: most chat templates take `system` at the beginning only. */
export function reminder(blocks: readonly JsonObject[]): string {
  return `<system-reminder>\n${blocks.map((block) => block.text).join('\n\n')}\n</system-reminder>`;
}
