// A web search's results as plain text, for upstreams that can't take the result block itself.
import { isObject, type JsonObject, objectsOf, textOf } from '../json/values.ts';

/**
 * An empty list is not said to be a search without success: some providers (Moonshot) search and name no sources.
 * @param block a `web_search_tool_result`
 */
export function searchResultsText(block: JsonObject): string {
  if (isObject(block.content)) return `[Web search failed: ${textOf(block.content.error_code) ?? 'unknown'}]`;
  const lines = objectsOf(block.content).map(
    (result) => `- ${textOf(result.title) ?? 'Untitled'}: ${textOf(result.url) ?? ''}`,
  );
  return lines.length === 0
    ? '[Web search done; no links came with it]'
    : `[Web search results]\n${lines.join('\n')}`;
}

/** Results that Anthropic did not encrypt itself: it would refuse them. */
export function isUnencrypted(block: JsonObject): boolean {
  const results = objectsOf(block.content);
  return (
    block.type === 'web_search_tool_result' &&
    results.length > 0 &&
    results.some((result) => !result.encrypted_content)
  );
}

/** For the system prompt where the client offers a search and the upstream has none: models make up results and links. */
export const noSearchInstruction =
  'Web search is not available. Answer from what you know, give no links, and say that you did not search.';
