// Thinking blocks as reasoning items for Responses clients, and back. What the hub keeps in a block's signature stands
// in `encrypted_content`, which these clients send back as it was.
import { type JsonObject, objectsOf, textOf } from '../../../json/values.ts';

/** Anthropic's redacted thinking has data instead of a text and a signature. */
const redactedMark = 'redacted.';
/** How OpenAI's own encrypted content begins (a Fernet token): no other provider can read it. */
const openAiMark = 'gAAAA';

/** A reasoning item as a block; undefined when nothing in it could be used. */
export function thinkingBlock(item: JsonObject): JsonObject | undefined {
  const encrypted = textOf(item.encrypted_content) ?? '';
  if (encrypted.startsWith(redactedMark))
    return { type: 'redacted_thinking', data: encrypted.slice(redactedMark.length) };
  const signature = encrypted.startsWith(openAiMark) ? '' : encrypted;
  const texts = (list: unknown) => objectsOf(list).flatMap((part) => textOf(part.text) ?? []);
  const summary = texts(item.summary);
  const thinking = (summary.length > 0 ? summary : texts(item.content)).join('\n\n');
  return thinking === '' && signature === '' ? undefined : { type: 'thinking', thinking, signature };
}

/** It holds another provider's redacted thinking. */
export function isCarriedRedaction(encrypted: string): boolean {
  return encrypted.startsWith(redactedMark);
}

/** `encrypted_content` of a redacted block's item. */
export function carriedRedaction(data: string): string {
  return redactedMark + data;
}
