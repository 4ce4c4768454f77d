// The hub's thinking blocks on their way through a Gemini client. Such clients throw thoughts away but send the
// `thoughtSignature` of calls and texts back, so that the blocks before a part travel in its signature: whole, because
// a signature of Anthropic's is good for its own text only. Base64, because Google's clients take the field for bytes.
import { isObject, type JsonObject, objectsOf, parseJson } from '../../../json/values.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

const field = 'switchyard';

/** Undefined when nothing in the blocks has to come back: unsigned thinking is for people. */
export function carryThinking(blocks: readonly JsonObject[]): string | undefined {
  const worthKeeping = blocks.some((block) => block.type === 'redacted_thinking' || Boolean(block.signature));
  return worthKeeping ? encodeBase64(JSON.stringify({ [field]: blocks })) : undefined;
}

/** The blocks that a signature carries; undefined when it is not one of ours (Google's own are of no use elsewhere). */
export function carriedThinking(signature: string): JsonObject[] | undefined {
  const text = decodeBase64(signature);
  const carried = text?.startsWith(`{"${field}":`) ? parseJson(text) : undefined;
  if (!isObject(carried)) return undefined;
  return objectsOf(carried[field]).flatMap((block): JsonObject[] => {
    const { type, thinking, signature: own, data } = block;
    if (type === 'redacted_thinking' && typeof data === 'string') return [{ type, data }];
    const isWhole = type === 'thinking' && typeof thinking === 'string' && typeof own === 'string';
    return isWhole ? [{ type, thinking, signature: own }] : [];
  });
}
