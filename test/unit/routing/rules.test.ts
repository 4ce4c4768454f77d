// Rules and profiles, from the file's text to the decision.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import { formatTarget } from '../../../src/core/config/target.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { planExchange } from '../../../src/core/gateway/plan.ts';
import { SessionTokens } from '../../../src/core/routing/session-tokens.ts';
import { idleDispatcher } from '../../tools/idle-dispatcher.ts';
import { configOf } from '../config/load-text.ts';

const base = `providers: { p: { dialect: anthropic, base_url: http://127.0.0.1:8000, models: [m, cheap, think, other] } }
groups: { main: { targets: [p/m], aliases: [claude-sonnet-5-5] }, other: { targets: [p/other] } }
routes: { default: main, think: p/think }
`;

interface Asked {
  request?: Record<string, unknown>;
  headers?: Record<string, string>;
  clientName?: string;
  now?: number;
}

function plan(config: RouterConfig, { request, headers = {}, clientName, now = 0 }: Asked) {
  const hub = {
    model: 'claude-opus-5-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'hello' }],
    ...request,
  } as unknown as HubRequest;
  const size = JSON.stringify(hub).length;
  const asker = { headers, size, now, ...(clientName === undefined ? {} : { clientName }) };
  return planExchange(config, hub, asker, new SessionTokens(), idleDispatcher());
}

function told(config: RouterConfig, asked: Asked = {}): string {
  const { decision } = plan(config, asked);
  return [`${decision.route} → ${formatTarget(decision.target)}: ${decision.reason}`, ...decision.hints].join(
    '; ',
  );
}

test('the first rule that matches decides, before an explicit model and the permission check', async () => {
  const config = await configOf(`${base}rules:
  - { when: { model: nothing-like-it }, to: p/other }
  - { name: cheap one, when: { agent_type: Explore, tokens: "< 20000" }, to: p/cheap }
  - { name: later, when: { agent_type: "*" }, to: p/other }
`);
  const headers = { 'x-claude-code-agent-type': 'Explore' };
  const expected = 'rule → p/cheap: rule "cheap one": agent type Explore, at most 45 tokens < 20,000';
  assert.equal(told(config, { headers }), expected);
  assert.equal(told(config, { headers, request: { model: 'other' } }), expected.replace('45', '40'));
  assert.match(told(config, { headers, request: { stop_sequences: ['</block>'] } }), /^rule → p\/cheap/);
  assert.equal(
    told(config, { headers: { 'x-claude-code-agent-type': 'Plan' } }),
    'rule → p/other: rule "later": agent type Plan',
  );
  assert.equal(told(config), 'default → main: no other route applies');
});

test('a rule may lead to whatever serves a route, and ask for another effort', async () => {
  const config = await configOf(
    `${base}rules:\n  - { when: { text: architecture }, route: think, effort: max }\n  - { when: { text: haiku }, route: background }\n`,
  );
  const request = { messages: [{ role: 'user', content: 'Sketch the Architecture.' }] };
  assert.equal(
    told(config, { request }),
    'rule → p/think: rule "rules[0]": "architecture" in the text, as route think',
  );
  const { hub } = plan(config, { request: { ...request, output_config: { effort: 'low', format: null } } });
  assert.deepEqual(hub.output_config, { effort: 'max', format: null });
  assert.match(
    told(config, { request: { messages: [{ role: 'user', content: 'a haiku' }] } }),
    /^rule → main: .* as route background$/,
    'a route that is not there falls to default',
  );
});

test('the last text of the user holds for a whole tool loop, without reminders', async () => {
  const config = await configOf(`${base}rules: [{ when: { text: refactor }, to: p/other }]\n`);
  const block = (text: string) => ({ type: 'text', text });
  const turn = (...texts: string[]) => ({ role: 'user', content: texts.map(block) });
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Bash', input: {} }] };
  const result = {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 't', content: 'no refactor' }],
  };
  const route = (...messages: unknown[]) => plan(config, { request: { messages } }).decision.route;
  assert.equal(route(turn('Refactor it')), 'rule');
  assert.equal(route(turn('Refactor it'), call, result), 'rule');
  assert.equal(
    route(turn('Refactor it'), call, result, { role: 'assistant', content: 'Done.' }, turn('Thanks')),
    'default',
  );
  assert.equal(route(turn('<system-reminder>refactor</system-reminder>', 'Hello')), 'default');
  assert.equal(route(turn('Hello'), call, result), 'default');
});

test('classes without hint headers, workspaces, times and clients', async () => {
  const config = await configOf(
    `${base}clients: [{ name: cherry, token: secret:c }]
rules:
  - { when: { client: cherry }, to: p/cheap }
  - { when: { workspace: ~/work }, to: p/other }
  - { when: { class: main, time: "22:00-06:00" }, to: p/think }
`,
    { HOME: '/home/me' },
  );
  assert.equal(told(config, { clientName: 'cherry' }), 'rule → p/cheap: rule "rules[0]": client cherry');
  const workspace = (folder: string) => told(config, { headers: { 'x-switchyard-workspace': folder } });
  assert.match(workspace('/home/me/work/%E9%A1%B9%E7%9B%AE'), /^rule → p\/other/);
  assert.match(workspace('/home/me/play'), /^default/);
  assert.match(workspace('%'), /^default/);
  const night = new Date(2026, 0, 1, 23).getTime();
  const headers = { 'user-agent': 'claude-cli/2.1.330' };
  const request = { tools: [{ name: 'Bash' }] };
  assert.match(told(config, { headers, request, now: night }), /^rule → p\/think/);
  assert.match(
    told(config, { headers, now: night }),
    /^background|^default/,
    'a side request has another class',
  );
  assert.match(told(config, { request, now: night }), /^default/, 'other clients have no class');
});

const profiles = `profile: cheap
profiles:
  cheap: { routes: { default: p/cheap } }
  careful: { routes: { default: p/think, think: other }, rules: [{ when: { model: special }, to: p/other }] }
clients:
  - { name: fixed, token: secret:a, profile: careful }
  - { name: own, token: secret:b, routes: { default: other } }
  - { name: plain, token: secret:c }
  - { name: none, token: secret:d, profile: none }
rules: [{ when: { model: special }, to: p/m }]
`;

test('which profile is in force: the client’s, the header’s, the file’s', async () => {
  const config = await configOf(base + profiles);
  const careful = { 'x-switchyard-profile': 'careful' };
  const other = 'no other route applies';
  assert.equal(told(config), `default → p/cheap: ${other} (profile "cheap")`);
  assert.equal(told(config, { headers: careful }), `default → p/think: ${other} (profile "careful")`);
  assert.equal(told(config, { headers: { 'x-switchyard-profile': 'none' } }), `default → main: ${other}`);
  assert.equal(
    told(config, { headers: { 'x-switchyard-profile': 'carefull' } }),
    `default → main: ${other}; there is no profile "carefull"; did you mean "careful"?`,
  );
  const cheap = { 'x-switchyard-profile': 'cheap' };
  assert.equal(
    told(config, { clientName: 'fixed', headers: cheap }),
    `default → p/think: ${other} (profile "careful")`,
  );
  assert.equal(
    told(config, { clientName: 'own', headers: careful }),
    `default → other: ${other} (client "own")`,
  );
  assert.equal(told(config, { clientName: 'plain' }), `default → p/cheap: ${other} (profile "cheap")`);
  assert.equal(told(config, { clientName: 'none' }), `default → main: ${other}`);
  assert.equal(plan(config, { headers: careful }).profile, 'careful');
  assert.equal(plan(config, { clientName: 'none' }).profile, undefined);
});

test('a profile: its rules first, explicit names as ever, its default before aliases', async () => {
  const config = await configOf(base + profiles);
  const careful = { 'x-switchyard-profile': 'careful' };
  const request = { model: 'special' };
  assert.match(told(config, { request, headers: careful }), /^rule → p\/other/);
  assert.match(told(config, { request }), /^rule → p\/m/);
  assert.match(told(config, { request: { model: 'other' } }), /^explicit → other/);
  const alias = { model: 'claude-sonnet-5-5' };
  assert.match(told(config, { request: alias }), /^default → p\/cheap/);
  assert.match(
    told(config, { request: alias, headers: { 'x-switchyard-profile': 'none' } }),
    /^default → main/,
  );
  assert.match(told(config, { request: alias, clientName: 'own' }), /^default → main/, 'the client chose it');
  const effort = { output_config: { effort: 'max' } };
  assert.match(told(config, { request: effort }), /^think → p\/think: .*max is at or above xhigh$/);
  assert.match(
    told(config, { request: effort, headers: careful }),
    /^think → other: .*\(profile "careful"\)$/,
  );
});
