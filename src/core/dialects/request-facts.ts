// What a request says, for every upstream that is not Anthropic.
import { numberOf, objectOf, objectsOf, parseJson, textOf } from '../json/values.ts';
import type { HubRequest } from './hub.ts';
import type { TargetProfile } from './target-profile.ts';

/** Output tokens to ask for: the client's `max_tokens`, lowered to what the model can give. */
export function outputLimit(
  request: HubRequest,
  { maxOutput }: TargetProfile,
  notes: string[],
): number | undefined {
  const asked = numberOf(request.max_tokens);
  if (asked === undefined || maxOutput === undefined || asked <= maxOutput) return asked;
  notes.push(`max_tokens lowered from ${asked} to ${maxOutput}`);
  return maxOutput;
}

/** The client's session. Device and account ids of `metadata.user_id` stay here. */
export function sessionIdOf(request: HubRequest): string | undefined {
  const user = objectOf(parseJson(textOf(objectOf(request.metadata)?.user_id) ?? ''));
  return textOf(user?.session_id);
}

const longestQuery = 400;

/** Claude Code sends nothing but the query, in one sentence. */
export function searchQuery(request: HubRequest): string | undefined {
  const content = objectsOf(request.messages).findLast((message) => message.role === 'user')?.content;
  const text =
    typeof content === 'string'
      ? content
      : objectsOf(content)
          .map((block) => textOf(block.text) ?? '')
          .join(' ');
  const query = text.replace(/^\s{0,20}perform a web search for the query:\s{0,20}/i, '').trim();
  return query === '' ? undefined : query.slice(0, longestQuery);
}
