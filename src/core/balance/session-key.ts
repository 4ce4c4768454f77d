// By what two requests are known to belong to the same conversation, so that they go to the same deployment.
import type { HubRequest } from '../dialects/hub.ts';
import { shortHash } from '../dialects/short-hash.ts';
import { isObject } from '../json/values.ts';
import type { RequestDescription } from '../routing/describe.ts';

/** Providers cache no prompt under about 1,024 tokens. */
const smallestCached = 4_096;
/** Characters that are read of the system prompt, and of the first message. */
const readPrefix = 2_000;

/**
 * A short key without content: from the client's own session and agent ids, else from how the conversation begins.
 * Undefined for prompts so small (`size` in bytes) that staying has no use.
 */
export function sessionKey(
  request: HubRequest,
  { session, agent }: Pick<RequestDescription, 'session' | 'agent'>,
  size: number,
): string | undefined {
  if (session !== undefined) return `s${shortHash(session)}${agent === undefined ? '' : shortHash(agent)}`;
  if (size < smallestCached) return undefined;
  const messages: unknown = request.messages;
  const first: unknown = Array.isArray(messages)
    ? messages.find((message) => isObject(message) && message.role === 'user')
    : undefined;
  const system = prefixOf(request.system);
  const start = isObject(first) ? prefixOf(first.content) : '';
  return system === '' && start === '' ? undefined : `p${shortHash(system)}${shortHash(start)}`;
}

/** The first characters of a text or of the text blocks of a content. */
function prefixOf(content: unknown): string {
  if (typeof content === 'string') return content.slice(0, readPrefix);
  if (!Array.isArray(content)) return '';
  let text = '';
  for (const block of content) {
    if (isObject(block) && typeof block.text === 'string')
      text += block.text.slice(0, readPrefix - text.length);
    if (text.length >= readPrefix) break;
  }
  return text;
}
