// How an upstream's own web search is asked for: one entry per way, by the value of the quirk `web_search`. Shapes are the
// providers' own (docs/dialects.md, "Web search"). What a way has no place for is said in a note.
import { type JsonObject, listOf, numberOf, objectOf } from '../json/values.ts';
import type { EchoedTool } from './dialect.ts';
import type { SearchWay } from './search-ways.ts';
import type { TargetProfile } from './target-profile.ts';

/** What the client's search tool asks for. */
interface Wish {
  allowed: readonly unknown[];
  blocked: readonly unknown[];
  /** Most searches. */
  uses?: number;
  /** Where the user is; `type` is left out. */
  location?: JsonObject;
  /** There is nothing else to do but to search. */
  alone: boolean;
}

/** What the upstream gets: a tool among the others, fields of the body, or both. */
export interface SearchRequest {
  tool?: JsonObject;
  fields?: JsonObject;
  /** The tool is one whose calls have to be sent back. */
  echoed?: EchoedTool;
}

interface Asked extends SearchRequest {
  /** The parts of the wish that have a place. */
  heeds: readonly ('allowed' | 'blocked')[];
}

/** Undefined = this model has no search. */
type Ask = (wish: Wish, model: string) => Asked | undefined;

const ways: Readonly<Record<SearchWay, Ask>> = {
  web_search_options: searchOptions,
  // OpenAI's chat completions take the field for their search models only.
  search_models: (wish, model) => (/search/.test(model) ? searchOptions(wish) : undefined),
  'openrouter-plugin': ({ allowed, blocked, uses }) => ({
    fields: {
      plugins: [
        {
          id: 'web',
          ...some('include_domains', allowed),
          ...some('exclude_domains', blocked),
          ...(uses === undefined ? {} : { max_uses: uses }),
        },
      ],
    },
    heeds: ['allowed', 'blocked'],
  }),
  openrouter_tool({ allowed, blocked, uses, location }) {
    const parameters = {
      ...some('allowed_domains', allowed),
      ...some('excluded_domains', blocked),
      ...(uses === undefined ? {} : { max_uses: uses }),
      ...(location ? { user_location: { type: 'approximate', ...location } } : {}),
    };
    return { tool: { type: 'openrouter:web_search', parameters }, heeds: ['allowed', 'blocked'] };
  },
  // Sites can be assigned in the strategy `turbo`, 25 at most; the model decides whether to search unless it is forced.
  enable_search({ allowed, alone }) {
    const options = {
      ...(alone ? { forced_search: true } : {}),
      ...(allowed.length === 0 ? {} : { search_strategy: 'turbo', assigned_site_list: allowed.slice(0, 25) }),
    };
    const more = Object.keys(options).length === 0 ? {} : { search_options: options };
    return { fields: { enable_search: true, ...more }, heeds: ['allowed'] };
  },
  // One domain, as a text.
  zhipu_tool({ allowed }) {
    const search = { enable: true, search_engine: 'search_std', search_result: true };
    const only = allowed.length === 1 ? { search_domain_filter: allowed[0] } : {};
    return {
      tool: { type: 'web_search', web_search: { ...search, ...only } },
      heeds: allowed.length === 1 ? ['allowed'] : [],
    };
  },
  groq({ allowed, blocked }, model) {
    if (/compound/.test(model)) {
      const settings = { ...some('include_domains', allowed), ...some('exclude_domains', blocked) };
      const fields = Object.keys(settings).length === 0 ? {} : { search_settings: settings };
      return { fields, heeds: ['allowed', 'blocked'] };
    }
    return /gpt-oss/.test(model) ? { tool: { type: 'browser_search' }, heeds: [] } : undefined;
  },
  web_search_tool: ({ allowed, uses, location }) => ({
    tool: responsesTool(some('allowed_domains', allowed), location),
    // Of the tools that the provider runs, the search is the only one that is asked for.
    ...(uses === undefined ? {} : { fields: { max_tool_calls: uses } }),
    heeds: ['allowed'],
  }),
  // Five domains at most, allowed or excluded ones.
  xai_tool: ({ allowed, blocked }) => ({
    tool: responsesTool(
      allowed.length > 0
        ? some('allowed_domains', allowed.slice(0, 5))
        : some('excluded_domains', blocked.slice(0, 5)),
      undefined,
    ),
    heeds: allowed.length > 0 ? ['allowed'] : ['blocked'],
  }),
  // One list, 20 at most, in which a minus excludes.
  perplexity_tool({ allowed, blocked, location }) {
    const domains = allowed.length > 0 ? allowed : blocked.map((domain) => `-${domain}`);
    return {
      tool: responsesTool(some('search_domain_filter', domains.slice(0, 20)), location),
      heeds: allowed.length > 0 ? ['allowed'] : ['blocked'],
    };
  },
  google_search: () => ({ tool: { googleSearch: {} }, heeds: [] }),
  vertex_google_search: ({ blocked }) => ({
    tool: { googleSearch: some('excludeDomains', blocked) },
    heeds: ['blocked'],
  }),
  // platform.moonshot.ai/docs/guide/use-web-search: thinking models search only while they don't think; those that can't
  // be stopped from it (k2.7-code) refuse to be told so.
  moonshot_tool: ({ uses = mostEchoes }, model) => ({
    tool: { type: 'builtin_function', function: { name: '$web_search' } },
    ...(/kimi-k2\.[56]/.test(model) ? { fields: { thinking: { type: 'disabled' } } } : {}),
    echoed: { name: '$web_search', most: Math.min(uses, mostEchoes) },
    heeds: [],
  }),
};

/** Each is a request of its own, with all that was found so far. */
const mostEchoes = 4;

/**
 * Undefined when the upstream has no search: the model then answers from memory.
 * @param tool the client's search tool; `alone`: there are no others
 */
export function askSearch(
  tool: JsonObject,
  alone: boolean,
  target: TargetProfile,
  notes: string[],
): SearchRequest | undefined {
  const way = target.quirks.webSearch;
  const wish = readWish(tool, alone);
  const asked = way === 'none' ? undefined : ways[way](wish, target.model);
  if (!asked) {
    notes.push(`web search dropped: ${target.provider} has none of its own`);
    return undefined;
  }
  const { heeds, ...request } = asked;
  if (wish.allowed.length > 0 && !heeds.includes('allowed'))
    notes.push('allowed domains of the web search dropped: the provider has no place for them');
  if (wish.blocked.length > 0 && !heeds.includes('blocked'))
    notes.push('blocked domains of the web search dropped: the provider has no place for them');
  return request;
}

function readWish(tool: JsonObject, alone: boolean): Wish {
  const wish: Wish = {
    allowed: listOf(tool.allowed_domains),
    blocked: listOf(tool.blocked_domains),
    alone,
  };
  const uses = numberOf(tool.max_uses);
  if (uses !== undefined) wish.uses = uses;
  const location = objectOf(tool.user_location);
  if (location) {
    const { type: _, ...rest } = location;
    wish.location = rest;
  }
  return wish;
}

function searchOptions({ location }: Wish): Asked {
  const place = location ? { user_location: { type: 'approximate', approximate: location } } : {};
  return { fields: { web_search_options: place }, heeds: [] };
}

function responsesTool(filters: JsonObject, location: JsonObject | undefined): JsonObject {
  return {
    type: 'web_search',
    ...(Object.keys(filters).length === 0 ? {} : { filters }),
    ...(location ? { user_location: { ...location, type: 'approximate' } } : {}),
  };
}

/** A field for a list that is not empty. */
function some(name: string, list: readonly unknown[]): JsonObject {
  return list.length === 0 ? {} : { [name]: list };
}
