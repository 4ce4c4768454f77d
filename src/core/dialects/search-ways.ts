// The ways to ask an upstream for its own web search.

/** The values of the quirk but `none`. */
export const searchWays = [
  'web_search_options',
  'search_models',
  'openrouter-plugin',
  'openrouter_tool',
  'enable_search',
  'zhipu_tool',
  'groq',
  'web_search_tool',
  'xai_tool',
  'perplexity_tool',
  'google_search',
  'vertex_google_search',
  'moonshot_tool',
] as const;
export type SearchWay = (typeof searchWays)[number];
