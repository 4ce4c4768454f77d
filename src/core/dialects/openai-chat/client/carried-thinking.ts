// Thinking blocks for chat clients, and back. All of them know `reasoning_content`; those made for OpenRouter also keep
// `reasoning_details` and send them back, and with them what the hub keeps in a block's signature.
import { type JsonObject, numberOf, objectsOf, textOf } from '../../../json/values.ts';
import { contentPieces, reasoningText } from '../reasoning.ts';

/** OpenRouter's word for thinking that is signed as Anthropic does it. */
const format = 'anthropic-claude-v1';
/** How OpenAI's own encrypted content begins: no other provider can read it. */
const openAiMark = 'gAAAA';

/** One entry of `reasoning_details`, or a piece of it. @param index of the block in the message */
export function detailOf(block: JsonObject, index: number): JsonObject | undefined {
  const data = textOf(block.data);
  if (data !== undefined) return { type: 'reasoning.encrypted', data, format, index };
  const text = textOf(block.thinking);
  const signature = textOf(block.signature);
  if (text === undefined && signature === undefined) return undefined;
  return {
    type: 'reasoning.text',
    ...(text === undefined ? {} : { text }),
    ...(signature === undefined ? {} : { signature }),
    format,
    index,
  };
}

/** The thinking of an assistant's message; without details one block that nobody has signed. */
export function thinkingBlocks(message: JsonObject): JsonObject[] {
  const blocks = joinedDetails(objectsOf(message.reasoning_details))
    .map(blockOf)
    .filter((block) => block !== undefined);
  if (blocks.length > 0) return blocks;
  const thinking = reasoningText(message, []) || contentPieces(message.content).thinking;
  return thinking.trim() === '' ? [] : [{ type: 'thinking', thinking, signature: '' }];
}

/** Undefined for what another upstream could not use. */
function blockOf(detail: JsonObject): JsonObject | undefined {
  if (detail.type === 'reasoning.encrypted') {
    const data = textOf(detail.data);
    const own = detail.format === format && data !== undefined && !data.startsWith(openAiMark);
    return own ? { type: 'redacted_thinking', data } : undefined;
  }
  const thinking = textOf(detail.text) ?? textOf(detail.summary) ?? '';
  const signature = textOf(detail.signature) ?? '';
  return thinking.trim() === '' && signature === '' ? undefined : { type: 'thinking', thinking, signature };
}

/** Details as whole ones: clients keep the pieces of a stream as they came. */
export function joinedDetails(details: readonly JsonObject[]): JsonObject[] {
  const whole: JsonObject[] = [];
  for (const piece of details) {
    const index = numberOf(piece.index);
    const known =
      index === undefined || piece.type === 'reasoning.encrypted'
        ? undefined
        : whole.find((detail) => detail.index === index && detail.type === piece.type);
    if (known) join(known, piece);
    else whole.push({ ...piece });
  }
  return whole;
}

function join(known: JsonObject, piece: JsonObject): void {
  for (const key of ['text', 'summary'])
    if (textOf(piece[key]) !== undefined) known[key] = `${textOf(known[key]) ?? ''}${piece[key]}`;
  if (textOf(piece.signature) !== undefined) known.signature = piece.signature;
}
