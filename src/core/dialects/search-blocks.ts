// A web search that an upstream did by itself, as Anthropic's blocks. Claude Code takes its links from there.
import type { HubContentBlock } from './hub.ts';

export interface SearchSource {
  url: string;
  title: string;
}

/** A call and its result. @param id of the call, unique in the conversation */
export function searchBlocks(id: string, query: string, sources: readonly SearchSource[]): HubContentBlock[] {
  return [
    { type: 'server_tool_use', id, name: 'web_search', input: { query }, caller: { type: 'direct' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: id,
      caller: { type: 'direct' },
      content: sources.map(({ url, title }) => ({
        type: 'web_search_result' as const,
        url,
        title,
        // Only Anthropic can fill this; `prepareAnthropicRequest` knows such results by it.
        encrypted_content: '',
        page_age: null,
      })),
    },
  ];
}
