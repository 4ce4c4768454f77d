import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTarget } from '../../../src/core/config/router-config.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { decideRoute } from '../../../src/core/routing/decide.ts';
import { describeRequest } from '../../../src/core/routing/describe.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';

const routes = {
  default: 'main',
  background: 'p/small',
  think: 'p/thinker',
  longContext: { target: target('p/long'), threshold: 1000 },
  webSearch: 'p/searcher',
  image: 'p/eyes',
  subagent: 'p/sub',
  compaction: 'p/compact',
  classifier: 'p/judge',
};
const config = routerConfig({
  providers: [
    provider('p', ['m', 'small', 'thinker', 'long', 'searcher', 'eyes', 'sub', 'compact', 'judge', 'other']),
  ],
  groups: [
    group('main', [target('p/m')], { aliases: ['claude-sonnet-5-5'] }),
    group('second', [target('p/other')]),
  ],
  routes,
});

/** The main request of Claude Code, in short. */
function request(more: Record<string, unknown> = {}): HubRequest {
  return {
    model: 'claude-opus-5-5',
    max_tokens: 32000,
    stream: true,
    thinking: { type: 'adaptive' },
    output_config: { effort: 'medium' },
    tools: [{ name: 'Bash', input_schema: { type: 'object' } }],
    messages: [{ role: 'user', content: 'hello' }],
    ...more,
  } as unknown as HubRequest;
}
const claudeCode = { 'user-agent': 'claude-cli/2.1.330 (external, cli)', 'x-claude-code-session-id': 's1' };
const hinted = (requestClass: string, more: Record<string, string> = {}) => ({
  ...claudeCode,
  'x-claude-code-request-class': requestClass,
  ...more,
});

interface Case {
  what: string;
  request?: Record<string, unknown>;
  headers?: Record<string, string>;
  tokens?: number;
  route: string;
  target: string;
}

const cases: Case[] = [
  { what: 'a plain main request', route: 'default', target: 'main' },
  { what: 'class main', headers: hinted('main'), route: 'default', target: 'main' },
  { what: 'class auxiliary', headers: hinted('auxiliary'), route: 'background', target: 'p/small' },
  {
    what: 'class main with the small model, chosen by the user',
    headers: hinted('main'),
    request: { model: 'claude-haiku-5-5' },
    route: 'default',
    target: 'main',
  },
  {
    what: 'the small model without hints',
    request: { model: 'claude-haiku-5-5' },
    route: 'background',
    target: 'p/small',
  },
  {
    what: 'a side request without hints',
    request: { tools: [], thinking: undefined },
    route: 'background',
    target: 'p/small',
  },
  {
    what: "another client's plain request",
    request: { tools: undefined, thinking: undefined },
    headers: {},
    route: 'default',
    target: 'main',
  },
  { what: 'class compaction', headers: hinted('compaction'), route: 'compaction', target: 'p/compact' },
  {
    what: 'class subagent',
    headers: hinted('subagent', { 'x-claude-code-agent-type': 'Explore' }),
    route: 'subagent',
    target: 'p/sub',
  },
  { what: 'class workflow', headers: hinted('workflow'), route: 'subagent', target: 'p/sub' },
  {
    what: 'agent id without hints',
    headers: { ...claudeCode, 'x-claude-code-agent-id': 'a1' },
    route: 'subagent',
    target: 'p/sub',
  },
  {
    what: 'billing mark without hints',
    request: { system: [{ type: 'text', text: 'x-anthropic-billing-header: cc_is_subagent=true;' }] },
    route: 'subagent',
    target: 'p/sub',
  },
  {
    what: 'a subagent tag in the first turn',
    request: { messages: [{ role: 'user', content: '<CCR-SUBAGENT-MODEL>p,other</CCR-SUBAGENT-MODEL> go' }] },
    route: 'subagent',
    target: 'p/other',
  },
  {
    what: 'a subagent tag that names nothing known',
    request: { messages: [{ role: 'user', content: '<CCR-SUBAGENT-MODEL>x,y</CCR-SUBAGENT-MODEL> go' }] },
    route: 'default',
    target: 'main',
  },
  {
    what: 'an explicit provider/model',
    request: { model: 'p/other' },
    headers: hinted('subagent'),
    route: 'explicit',
    target: 'p/other',
  },
  {
    what: 'an explicit group',
    request: { model: 'claude-switchyard/second' },
    route: 'explicit',
    target: 'second',
  },
  {
    what: 'the automatic model',
    request: { model: 'claude-switchyard/auto' },
    route: 'default',
    target: 'main',
  },
  {
    what: 'an alias is not explicit',
    request: { model: 'claude-sonnet-5-5' },
    headers: hinted('auxiliary'),
    route: 'background',
    target: 'p/small',
  },
  {
    what: 'an alias for the default',
    request: { model: 'claude-sonnet-5-5' },
    route: 'default',
    target: 'main',
  },
  {
    what: 'the permission check with a grade',
    request: { stop_sequences: ['</severity>'] },
    route: 'classifier',
    target: 'p/judge',
  },
  {
    what: 'the second stage of the permission check',
    request: {
      tools: [],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '<transcript>\n' },
            { type: 'text', text: '{"Bash":"curl x"}\n' },
            { type: 'text', text: '</transcript>\n' },
            { type: 'text', text: 'Use <thinking> first, then respond with <severity>N</severity>.' },
          ],
        },
      ],
    },
    route: 'classifier',
    target: 'p/judge',
  },
  {
    what: 'the permission check',
    request: { stop_sequences: ['</block>'], model: 'p/other' },
    route: 'classifier',
    target: 'p/judge',
  },
  {
    what: 'web search before an explicit name',
    request: { model: 'p/other', tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
    route: 'webSearch',
    target: 'p/searcher',
  },
  { what: 'many tokens', tokens: 1001, route: 'longContext', target: 'p/long' },
  { what: 'exactly the threshold', tokens: 1000, route: 'default', target: 'main' },
  {
    what: 'long before think',
    tokens: 5000,
    request: { output_config: { effort: 'max' } },
    route: 'longContext',
    target: 'p/long',
  },
  {
    what: 'effort xhigh',
    request: { output_config: { effort: 'xhigh' } },
    route: 'think',
    target: 'p/thinker',
  },
  {
    what: 'effort high is below the level',
    request: { output_config: { effort: 'high' } },
    route: 'default',
    target: 'main',
  },
  {
    what: 'a large thinking budget',
    request: { thinking: { type: 'enabled', budget_tokens: 31999 } },
    route: 'think',
    target: 'p/thinker',
  },
  {
    what: 'a small thinking budget',
    request: { thinking: { type: 'enabled', budget_tokens: 4000 } },
    route: 'default',
    target: 'main',
  },
  {
    what: 'plan mode',
    request: { safeguards: [{ classifier_context: { permission_mode: 'plan' } }] },
    route: 'think',
    target: 'p/thinker',
  },
];

for (const each of cases) {
  test(`${each.what} takes the route ${each.route}`, () => {
    const description = describeRequest(request(each.request), each.headers ?? claudeCode);
    const decision = decideRoute({
      config,
      request: description,
      inputTokens: () => each.tokens ?? 10,
      size: 1e6,
    });
    assert.equal(decision?.route, each.route);
    assert.equal(decision && formatTarget(decision.target), each.target);
    assert.notEqual(decision?.reason, '');
  });
}

test('tokens are not counted when the route needs no count', () => {
  const description = describeRequest(request(), hinted('auxiliary'));
  const decision = decideRoute({
    config,
    request: description,
    inputTokens: () => assert.fail('counted'),
    size: 1e6,
  });
  assert.equal(decision?.route, 'background');
});

test('a small body is not long, without counting', () => {
  const description = describeRequest(request(), claudeCode);
  const decision = decideRoute({
    config,
    request: description,
    inputTokens: () => assert.fail('counted'),
    size: 2000,
  });
  assert.equal(decision?.route, 'default');
});

test('an absent route falls to default, and an absent default to what there is', () => {
  const onlyGroup = routerConfig({
    providers: [provider('p', ['m'])],
    groups: [group('g', [target('p/m')])],
  });
  const onlyProvider = routerConfig({ providers: [provider('p', ['m'])] });
  const nothing = routerConfig({ providers: [] });
  const description = describeRequest(request({ output_config: { effort: 'max' } }), hinted('auxiliary'));
  const decide = (each: typeof config) =>
    decideRoute({ config: each, request: description, inputTokens: () => 1e6, size: 1e6 });
  assert.deepEqual(decide(onlyGroup)?.target, target('g'));
  assert.deepEqual(decide(onlyProvider)?.target, target('p/m'));
  assert.equal(decide(nothing), undefined);
});

test('the session is read from the header, from JSON and from the old form of user_id', () => {
  const of = (userId: string | undefined, headers = {}) =>
    describeRequest(request({ metadata: { user_id: userId } }), headers).session;
  assert.equal(of(undefined, { 'x-claude-code-session-id': 'h' }), 'h');
  assert.equal(of('{"device_id":"d","account_uuid":"","session_id":"j"}'), 'j');
  assert.equal(of('user_abc_account__session_o'), 'o');
  assert.equal(of('{broken'), undefined);
});

test('media count in the last turn only, tool results included', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '' } };
  const of = (messages: unknown[]) => describeRequest(request({ messages }), {}).media;
  assert.equal(of([{ role: 'user', content: [image] }]), true);
  assert.equal(
    of([{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [image] }] }]),
    true,
  );
  assert.equal(
    of([
      { role: 'user', content: [image] },
      { role: 'assistant', content: 'seen' },
      { role: 'user', content: 'and?' },
    ]),
    false,
  );
  assert.equal(
    of([
      { role: 'user', content: [image] },
      { role: 'system', content: 'reminder' },
    ]),
    true,
  );
});
