// The server-side web search tool, as a switch of the upstream's own search.
import { type JsonObject, listOf, objectOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';

/** Fields for the request's body; undefined when the upstream has no search: the model then answers from memory. */
export function webSearchFields(
  tool: JsonObject,
  target: TargetProfile,
  notes: string[],
): JsonObject | undefined {
  const domains = [...listOf(tool.allowed_domains), ...listOf(tool.blocked_domains)];
  switch (target.quirks.webSearch) {
    case 'web_search_options': {
      if (domains.length > 0) notes.push('web search domains dropped: the provider takes none');
      const location = objectOf(tool.user_location);
      if (!location) return { web_search_options: {} };
      const { type: _, ...approximate } = location;
      return { web_search_options: { user_location: { type: 'approximate', approximate } } };
    }
    case 'openrouter-plugin':
      if (domains.length > 0) notes.push('web search domains dropped: the provider takes none');
      return { plugins: [{ id: 'web' }] };
    case 'enable_search':
      if (domains.length > 0) notes.push('web search domains dropped: the provider takes none');
      return { enable_search: true };
    default:
      notes.push(`web search dropped: ${target.provider} has none of its own`);
      return undefined;
  }
}
