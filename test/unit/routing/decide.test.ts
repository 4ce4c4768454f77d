import assert from 'node:assert/strict';
import { test } from 'node:test';
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
