// One tool result. Chat completions take text there only, so media go into the user turn that follows.
import type { JsonObject } from '../../json/values.ts';
import { blocksOf } from '../conversation.ts';
import type { TargetProfile } from '../target-profile.ts';
import { asError, emptyResult } from '../tool-result-text.ts';
import { userParts } from './user-content.ts';
import type { UserPart } from './wire.ts';

export interface EncodedResult {
  text: string;
  /** Images and files, with a line that says where they belong. */
  media: UserPart[];
}

export function encodeResult(
  block: JsonObject,
  id: string,
  target: TargetProfile,
  notes: string[],
): EncodedResult {
  const blocks = blocksOf(block.content);
  const texts: string[] = [];
  const media: UserPart[] = [];
  for (const part of blocks.flatMap((inner) => userParts(inner, target, notes))) {
    if (part.type === 'text') texts.push(part.text);
    else media.push(part);
  }
  if (media.length > 0) {
    texts.push(
      `[${media.length === 1 ? 'The file' : `${media.length} files`} of this result: see the next user message]`,
    );
    media.unshift({ type: 'text', text: `Of the result of tool call ${id}:` });
  }
  const text = texts.join('\n') || emptyResult;
  return { text: block.is_error === true ? asError(text) : text, media };
}
