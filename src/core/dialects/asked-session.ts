// Whose conversation it is, in the words of OpenAI's clients.
import { type JsonObject, textOf } from '../json/values.ts';

/**
 * The hub's `metadata`. A cache key stands for a conversation (Codex puts its session's id there): it keeps a session
 * where its cache is.
 */
export function sessionFields(body: JsonObject): JsonObject {
  const session = textOf(body.prompt_cache_key);
  const user = textOf(body.safety_identifier) ?? textOf(body.user);
  if (session !== undefined) return { metadata: { user_id: JSON.stringify({ session_id: session }) } };
  return user === undefined ? {} : { metadata: { user_id: user } };
}
