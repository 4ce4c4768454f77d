// The table of docs/routing.md is the one list of what takes each route. Each of its rows names an example; the examples
// are here, and run through the router's planning.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatTarget } from '../../../src/core/config/target.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { planExchange } from '../../../src/core/gateway/plan.ts';
import { SessionTokens } from '../../../src/core/routing/session-tokens.ts';
import { group, model, provider, routerConfig, target } from '../../tools/config-builder.ts';
import { idleDispatcher } from '../../tools/idle-dispatcher.ts';

const blind = { vision: false, pdf: false };
const config = routerConfig({
  providers: [
    provider('p', [
      ...['m', 'small', 'thinker', 'long', 'searcher', 'sub', 'compact', 'judge', 'other'].map((id) =>
        model(id, blind),
      ),
      'eyes',
    ]),
  ],
  groups: [
    group('main', [target('p/m')], { aliases: ['claude-sonnet-5-5'] }),
    group('second', [target('p/other')]),
  ],
  routes: {
    default: 'main',
    background: 'p/small',
    think: 'p/thinker',
    longContext: { target: target('p/long'), threshold: 1000 },
    webSearch: 'p/searcher',
    image: 'p/eyes',
    subagent: 'p/sub',
    compaction: 'p/compact',
    classifier: 'p/judge',
  },
});

const claudeCode = { 'user-agent': 'claude-cli/2.1.330 (external, cli)', 'x-claude-code-session-id': 's1' };
const hinted = (requestClass: string) => ({ ...claudeCode, 'x-claude-code-request-class': requestClass });
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '' } };
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: '' } };
const user = (...content: unknown[]) => ({ role: 'user', content });
const said = (text: string) => user({ type: 'text', text });
const tagged = (name: string) => `<CCR-SUBAGENT-MODEL>${name}</CCR-SUBAGENT-MODEL> Go.`;

interface Example {
  /** What differs from Claude Code's main request without hint headers. */
  request?: Record<string, unknown>;
  headers?: Record<string, string>;
  tokens?: number;
  /** Where it leads, if not to the route's own target. */
  target?: string;
}

const examples: Record<string, Example> = {
  'severity-check': { request: { stop_sequences: ['</severity>'] } },
  'block-check': { request: { stop_sequences: ['</block>'], model: 'p/other' } },
  'second-stage-check': {
    request: {
      tools: [],
      messages: [
        user(
          { type: 'text', text: '<transcript>\n' },
          { type: 'text', text: '{"Bash":"curl x"}\n' },
          { type: 'text', text: '</transcript>\n' },
          { type: 'text', text: 'Use <thinking> first, then respond with <severity>N</severity>.' },
        ),
      ],
    },
  },
  'web-search': {
    request: { model: 'p/other', tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  },
  'provider-slash-model': { request: { model: 'p/other' }, headers: hinted('subagent'), target: 'p/other' },
  'provider-comma-model': { request: { model: 'p,other' }, target: 'p/other' },
  'group-name': { request: { model: 'second' }, target: 'second' },
  'picker-name': { request: { model: 'claude-switchyard/second' }, target: 'second' },
  'other-case': { request: { model: 'Second' }, target: 'second' },
  'class-compaction': { headers: hinted('compaction') },
  'class-subagent': { headers: hinted('subagent') },
  'class-workflow': { headers: hinted('workflow') },
  'agent-id': { headers: { ...claudeCode, 'x-claude-code-agent-id': 'a1' } },
  'subagent-mark': {
    request: { system: [{ type: 'text', text: 'x-anthropic-billing-header: cc_is_subagent=true;' }] },
  },
  'tag-in-system': {
    request: {
      system: [
        { type: 'text', text: 'You help.' },
        { type: 'text', text: tagged('second') },
      ],
    },
    target: 'second',
  },
  'tag-in-turn': { request: { messages: [said('reminder'), said(tagged('p,other'))] }, target: 'p/other' },
  'class-auxiliary': { headers: hinted('auxiliary') },
  haiku: { request: { model: 'claude-haiku-5-5' } },
  'side-request': { request: { tools: [], thinking: undefined } },
  'model-probe': {
    request: { model: 'claude-opus-9', max_tokens: 1, stream: false, tools: undefined, thinking: undefined },
  },
  long: { tokens: 1001 },
  'long-and-effort': { tokens: 5000, request: { output_config: { effort: 'max' } } },
  'effort-xhigh': { request: { output_config: { effort: 'xhigh' } } },
  'large-budget': { request: { thinking: { type: 'enabled', budget_tokens: 10_000 } } },
  'plan-mode': { request: { safeguards: [{ classifier_context: { permission_mode: 'plan' } }] } },
  image: { request: { messages: [user(image)] } },
  'image-in-result': {
    request: { messages: [user({ type: 'tool_result', tool_use_id: 't', content: [image] })] },
  },
  document: { request: { messages: [user(pdf)] } },
  'class-main': { headers: hinted('main') },
  'main-with-haiku': { headers: hinted('main'), request: { model: 'claude-haiku-5-5' } },
  'class-side-reply': { headers: hinted('side_reply') },
  'adaptive-thinking': { request: { thinking: { type: 'adaptive' } } },
  'effort-high': { request: { output_config: { effort: 'high' } } },
  'small-budget': { request: { thinking: { type: 'enabled', budget_tokens: 9_999 } } },
  'at-threshold': { tokens: 1000 },
  'plain-request': { request: { tools: undefined, thinking: undefined }, headers: {} },
  'older-image': {
    request: { messages: [user(image), { role: 'assistant', content: 'Seen.' }, said('And?')] },
  },
  automatic: { request: { model: 'claude-switchyard/auto' } },
  alias: { request: { model: 'claude-sonnet-5-5' } },
  'unknown-name': { request: { model: 'gpt-99-ultra' } },
  'stale-name': { request: { model: 'claude-switchyard/secnd' } },
  'unknown-tag': { request: { messages: [said(tagged('x,y'))] } },
};

/** The rows of the one table that has examples. */
const rows = readFileSync(new URL('../../../docs/routing.md', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => /^\| (\w+) \| (.*) \| `([a-z-]+)` \|$/.exec(line))
  .flatMap((match) => (match ? [{ route: match[1] ?? '', what: match[2] ?? '', id: match[3] ?? '' }] : []));

class FixedTokens extends SessionTokens {
  readonly #count: number;
  constructor(count: number) {
    super();
    this.#count = count;
  }
  override estimate(): number {
    return this.#count;
  }
}

function planOf({ request, headers = claudeCode, tokens = 10 }: Example) {
  const hub = {
    model: 'claude-opus-5-5',
    max_tokens: 32000,
    stream: true,
    thinking: { type: 'adaptive' },
    output_config: { effort: 'medium' },
    tools: [{ name: 'Bash', input_schema: { type: 'object' } }],
    messages: [said('hello')],
    ...request,
  } as unknown as HubRequest;
  return planExchange(config, hub, { headers, size: 1e6, now: 0 }, new FixedTokens(tokens), idleDispatcher());
}

test('every row has an example, and every example a row', () => {
  assert.deepEqual(rows.map(({ id }) => id).sort(), Object.keys(examples).sort());
});

for (const { route, what, id } of rows)
  test(`${id} takes the route ${route}`, () => {
    const example = examples[id] ?? {};
    const { decision } = planOf(example);
    assert.equal(decision.route, route);
    const own = config.routes[route as keyof typeof config.routes]?.target;
    assert.equal(formatTarget(decision.target), example.target ?? (own && formatTarget(own)));
    assert.notEqual(decision.reason, '');
    assert.equal(decision.hints.length > 0, what.includes('warning'), decision.hints.join('; '));
  });

test('warnings say what was probably meant', () => {
  assert.deepEqual(planOf(examples['stale-name'] ?? {}).decision.hints, [
    '"secnd" is no group, model or alias here; did you mean "second"?; the routes decide',
  ]);
  assert.deepEqual(planOf({ request: { model: 'small' } }).decision.hints, [
    '"small" does not say which provider is meant; ask for "p/small"; the routes decide',
  ]);
  assert.deepEqual(planOf(examples['unknown-tag'] ?? {}).decision.hints, [
    'the subagent tag names "x,y", which is no group or model here',
  ]);
});
