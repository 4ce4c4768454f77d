// One tool result. Its media stand behind all results of the turn: only Gemini 3 takes them inside.
import type { JsonObject } from '../../json/values.ts';
import { blocksOf } from '../conversation.ts';
import type { TargetProfile } from '../target-profile.ts';
import { emptyResult } from '../tool-result-text.ts';
import { userParts } from './user-parts.ts';
import type { Part } from './wire.ts';

export interface EncodedResult {
  /** Under `error` where the call failed, else under `output`: Google's own words. */
  response: Record<string, unknown>;
  /** Images and files, with a line that says where they belong. */
  media: Part[];
  text: string;
}

/** @param name of the function that was called */
export function encodeResult(
  block: JsonObject,
  name: string,
  target: TargetProfile,
  notes: string[],
): EncodedResult {
  const blocks = blocksOf(block.content);
  const texts: string[] = [];
  const media: Part[] = [];
  for (const part of blocks.flatMap((inner) => userParts(inner, target, notes))) {
    if (part.text !== undefined) texts.push(part.text);
    else media.push(part);
  }
  if (media.length > 0) {
    const files = media.length === 1 ? 'The file' : `${media.length} files`;
    texts.push(`[${files} of this result: see below the results of this turn]`);
    media.unshift({ text: `Of the result of ${name}:` });
  }
  const text = texts.join('\n') || emptyResult;
  return { response: block.is_error === true ? { error: text } : { output: text }, media, text };
}
