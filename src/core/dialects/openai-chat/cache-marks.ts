// Prompt caching marks, kept for upstreams that know them.
import { isObject, type JsonObject } from '../../json/values.ts';
import type { TextPart } from './wire.ts';

/** One text where nothing is lost by it, else parts with their cache marks. */
export function systemContent(blocks: readonly JsonObject[], cacheControl: boolean): string | TextPart[] {
  if (cacheControl && blocks.some((block) => isObject(block.cache_control)))
    return blocks.map((block) => withMark({ type: 'text', text: String(block.text) }, block));
  return blocks.map((block) => block.text).join('\n\n');
}

export function withMark<Part extends object>(
  part: Part,
  block: JsonObject,
): Part & { cache_control?: unknown } {
  if (!isObject(block.cache_control)) return part;
  // `scope` beside them is a beta of Anthropic's own.
  const { type, ttl } = block.cache_control;
  return { ...part, cache_control: ttl === undefined ? { type } : { type, ttl } };
}
