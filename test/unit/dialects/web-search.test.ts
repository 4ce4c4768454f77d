// A search by the upstream: how it is asked for, and where its sources are found. What the client gets has always the form
// that Claude Code counts and takes its links from: `server_tool_use` and `web_search_tool_result`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import type { HubMessage, HubRequest } from '../../../src/core/dialects/hub.ts';
import { type SearchWay, searchWays } from '../../../src/core/dialects/search-ways.ts';
import { target } from './claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, sse } from './decode.ts';

const location = { type: 'approximate', country: 'DE' };
const search = (more: object) => ({
  type: 'web_search_20250305',
  name: 'web_search',
  max_uses: 3,
  user_location: location,
  ...more,
});
const look = { name: 'look', input_schema: { type: 'object', properties: {} } };

function encode(way: SearchWay, model: string, tool: object, others: object[] = []) {
  const responses = ['web_search_tool', 'xai_tool', 'perplexity_tool'].includes(way);
  const id: DialectId = way.endsWith('google_search')
    ? 'gemini'
    : responses
      ? 'openai-responses'
      : 'openai-chat';
  const request = {
    model: 'any',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Perform a web search for the query: otters' }],
    tools: [tool, ...others],
  } as unknown as HubRequest;
  const { body, notes, memory } = dialect(id).encodeRequest(request, {
    ...target({ webSearch: way }),
    model,
  });
  const names = [
    'tools',
    'max_tool_calls',
    'plugins',
    'enable_search',
    'search_options',
    'search_settings',
    'thinking',
  ];
  const fields = Object.entries(body).filter(([name]) => [...names, 'web_search_options'].includes(name));
  return { asked: Object.fromEntries(fields), notes, searches: memory.webSearchTool !== undefined };
}

const allowed = { allowed_domains: ['a.example', 'b.example'] };
const blocked = { blocked_domains: ['c.example'] };
const webSearch = (filters: object) => ({
  tools: [{ type: 'web_search', filters, user_location: location }],
});
const openRouter = (more: object) => ({
  tools: [{ type: 'openrouter:web_search', parameters: { ...more, max_uses: 3, user_location: location } }],
});
const zhipu = { enable: true, search_engine: 'search_std', search_result: true };

const moonshot = { tools: [{ type: 'builtin_function', function: { name: '$web_search' } }] };

/** Way, model, what is sent for allowed and for blocked domains; a number of notes when something has no place. */
const requests: [SearchWay, string, object, number, object, number][] = [
  [
    'web_search_options',
    'm',
    { web_search_options: { user_location: { type: 'approximate', approximate: { country: 'DE' } } } },
    1,
    { web_search_options: { user_location: { type: 'approximate', approximate: { country: 'DE' } } } },
    1,
  ],
  [
    'search_models',
    'gpt-5-search-api',
    { web_search_options: { user_location: { type: 'approximate', approximate: { country: 'DE' } } } },
    1,
    { web_search_options: { user_location: { type: 'approximate', approximate: { country: 'DE' } } } },
    1,
  ],
  [
    'openrouter-plugin',
    'm',
    { plugins: [{ id: 'web', include_domains: allowed.allowed_domains, max_uses: 3 }] },
    0,
    { plugins: [{ id: 'web', exclude_domains: blocked.blocked_domains, max_uses: 3 }] },
    0,
  ],
  ['openrouter_tool', 'm', openRouter(allowed), 0, openRouter({ excluded_domains: ['c.example'] }), 0],
  [
    'enable_search',
    'qwen3-max',
    {
      enable_search: true,
      search_options: {
        forced_search: true,
        search_strategy: 'turbo',
        assigned_site_list: allowed.allowed_domains,
      },
    },
    0,
    { enable_search: true, search_options: { forced_search: true } },
    1,
  ],
  [
    'zhipu_tool',
    'glm',
    { tools: [{ type: 'web_search', web_search: zhipu }] },
    1,
    { tools: [{ type: 'web_search', web_search: zhipu }] },
    1,
  ],
  [
    'groq',
    'groq/compound',
    { search_settings: { include_domains: allowed.allowed_domains } },
    0,
    { search_settings: { exclude_domains: blocked.blocked_domains } },
    0,
  ],
  [
    'web_search_tool',
    'gpt',
    { max_tool_calls: 3, ...webSearch(allowed) },
    0,
    { max_tool_calls: 3, tools: [{ type: 'web_search', user_location: location }] },
    1,
  ],
  [
    'xai_tool',
    'grok',
    { tools: [{ type: 'web_search', filters: allowed }] },
    0,
    { tools: [{ type: 'web_search', filters: { excluded_domains: ['c.example'] } }] },
    0,
  ],
  [
    'perplexity_tool',
    'm',
    webSearch({ search_domain_filter: allowed.allowed_domains }),
    0,
    webSearch({ search_domain_filter: ['-c.example'] }),
    0,
  ],
  ['google_search', 'gemini-3', { tools: [{ googleSearch: {} }] }, 1, { tools: [{ googleSearch: {} }] }, 1],
  [
    'vertex_google_search',
    'gemini-3',
    { tools: [{ googleSearch: {} }] },
    1,
    { tools: [{ googleSearch: { excludeDomains: ['c.example'] } }] },
    0,
  ],
  ['moonshot_tool', 'kimi-k2.7-code', moonshot, 1, moonshot, 1],
];

for (const [way, model, forAllowed, allowedNotes, forBlocked, blockedNotes] of requests)
  test(`${way}: domains, number and place go where the provider has a place`, () => {
    const only = encode(way, model, search(allowed));
    assert.deepEqual(only.asked, forAllowed);
    assert.equal(only.notes.length, allowedNotes, only.notes.join());
    assert.ok(only.searches);
    const without = encode(way, model, search(blocked));
    assert.deepEqual(without.asked, forBlocked);
    assert.equal(without.notes.length, blockedNotes, without.notes.join());
  });

test('models that can not search while they think are told not to think', () => {
  const thinkingOf = (model: string) => encode('moonshot_tool', model, search({})).asked.thinking;
  assert.deepEqual(thinkingOf('kimi-k2.6'), { type: 'disabled' });
  // It refuses to be told.
  assert.equal(thinkingOf('kimi-k2.7-code'), undefined);
});

test('every way is tested', () => {
  assert.deepEqual([...new Set(requests.map(([way]) => way))].sort(), [...searchWays].sort());
});

test('beside other tools the search is one of them, and nothing is forced', () => {
  const { asked } = encode('zhipu_tool', 'glm', search({ allowed_domains: ['a.example'] }), [look]);
  const [first, second] = asked.tools as { type: string; web_search?: object }[];
  assert.equal(first?.type, 'function');
  assert.deepEqual(second?.web_search, { ...zhipu, search_domain_filter: 'a.example' });
  assert.deepEqual(encode('enable_search', 'qwen', search({}), [look]).asked.search_options, undefined);
});

test('models without a search answer from memory', () => {
  for (const [way, model] of [
    ['search_models', 'gpt-5.6-terra'],
    ['groq', 'llama-3.3-70b-versatile'],
  ] as const) {
    const { asked, notes, searches } = encode(way, model, search({}));
    assert.deepEqual(asked, {});
    assert.equal(searches, false);
    assert.deepEqual(notes, ['web search dropped: up has none of its own']);
  }
  assert.deepEqual(encode('groq', 'openai/gpt-oss-120b', search({})).asked, {
    tools: [{ type: 'browser_search' }],
  });
});

const found = { title: 'A', url: 'https://a.example/' };
const chat = (delta: object, more: object = {}) => ({
  id: 'c',
  choices: [{ index: 0, delta: { content: 'Otters.', ...delta }, finish_reason: 'stop' }],
  ...more,
});
/** One and the same source, told in each provider's own place. */
const answers: Record<string, [DialectId, unknown[]]> = {
  "OpenAI's and OpenRouter's annotations": [
    'openai-chat',
    [chat({ annotations: [{ type: 'url_citation', url_citation: found }] }), '[DONE]'],
  ],
  "Perplexity's search_results": [
    'openai-chat',
    [chat({}, { search_results: [found], citations: [found.url] })],
  ],
  "Zhipu's web_search": [
    'openai-chat',
    [chat({}, { web_search: [{ title: 'A', link: found.url, media: 'm' }] })],
  ],
  "DashScope's search_info": [
    'openai-chat',
    [chat({}, { search_info: { search_results: [{ index: 1, ...found }] } })],
  ],
  "Groq's executed_tools": [
    'openai-chat',
    [chat({ executed_tools: [{ type: 'search', search_results: { results: [{ ...found, score: 1 }] } }] })],
  ],
  "Groq's executed_tools, as a list": [
    'openai-chat',
    [chat({ executed_tools: [{ search_results: [found] }] })],
  ],
  "OpenAI's web_search_call": [
    'openai-responses',
    responses({ type: 'web_search_call', id: 'w', action: { type: 'search', query: 'q', sources: [found] } }),
  ],
  "Perplexity's search_results item": [
    'openai-responses',
    responses({
      type: 'search_results',
      id: 'w',
      queries: ['q'],
      results: [{ id: 1, snippet: 's', ...found }],
    }),
  ],
  "Google's groundingMetadata": [
    'gemini',
    [
      {
        candidates: [
          {
            content: { parts: [{ text: 'Otters.' }] },
            finishReason: 'STOP',
            groundingMetadata: {
              webSearchQueries: ['q'],
              groundingChunks: [{ web: { uri: found.url, title: 'A' } }],
            },
          },
        ],
      },
    ],
  ],
};

function responses(item: object) {
  const text = {
    type: 'message',
    id: 'm',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Otters.' }],
  };
  return [
    { type: 'response.created', response: { id: 'r', status: 'in_progress', output: [] } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.output_item.done', output_index: 1, item: text },
    {
      type: 'response.completed',
      response: { id: 'r', status: 'completed', output: [item, text], usage: {} },
    },
  ];
}

for (const [place, [id, data]] of Object.entries(answers))
  test(`${place}: a search that Claude Code counts, with its links`, () => {
    const read = (memory: object): HubMessage =>
      accumulate(decodeEvents(id, sse(...data), decodeContext(memory)));
    const answer = read({ webSearchTool: 'web_search', webSearchQuery: 'q' });
    const use = answer.content.find((block) => block.type === 'server_tool_use');
    const result = answer.content.find((block) => block.type === 'web_search_tool_result');
    assert.ok(use && result);
    assert.equal(use.name, 'web_search');
    assert.deepEqual(use.input, { query: 'q' });
    assert.equal(result.tool_use_id, use.id);
    assert.ok(Array.isArray(result.content));
    assert.deepEqual(
      result.content.map(({ url, title }) => ({ title, url })),
      [found],
    );
    assert.equal(answer.usage.server_tool_use?.web_search_requests, 1);
    assert.ok(answer.content.some((block) => block.type === 'text' && block.text === 'Otters.'));
    // Who asked for no search is shown none.
    assert.deepEqual(
      read({}).content.map(({ type }) => type),
      ['text'],
    );
  });
