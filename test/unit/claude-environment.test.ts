import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claudeEnvironment, claudeVariables } from '../../src/core/claude-environment.ts';
import type { RouterSnapshot } from '../../src/core/snapshot.ts';
import { demoSnapshot, ok, provider, snapshot } from './vscode/snapshots.ts';

function routed(state: RouterSnapshot): Record<string, string> | undefined {
  return claudeEnvironment(state, 'token')?.routed;
}

function routedTo(target: string, changes: Partial<RouterSnapshot>): Record<string, string> | undefined {
  return routed(snapshot({ routes: [{ name: 'default', target, own: true, health: 'ok' }], ...changes }));
}

const anthropic = (context?: number) =>
  provider('anthropic', {
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com',
    models: [{ id: 'claude-opus-5-5', health: ok, ...(context === undefined ? {} : { context }) }],
  });

test('the fixed variables name the port and the token', () => {
  assert.deepEqual(claudeEnvironment(snapshot({ port: 3460 }), 'the-token')?.fixed, {
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:3460',
    ANTHROPIC_AUTH_TOKEN: 'the-token',
    ANTHROPIC_DEFAULT_HAIKU_MODEL: 'claude-haiku-5-5',
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    CLAUDE_CODE_GATEWAY_HINT_HEADERS: '1',
    CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: '1',
  });
});

test('nothing is known without a port', () => {
  const { port: _, ...state } = snapshot();
  assert.equal(claudeEnvironment(state, 'token'), undefined);
});

test('a group counts with the smallest window of its targets', () => {
  assert.deepEqual(routed(snapshot()), {
    CLAUDE_CODE_AUTO_MODE_SERVER: '0',
    ANTHROPIC_MODEL: 'claude-switchyard/auto',
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: '128000',
  });
});

test('a longContext route with a larger window takes what the default target can not', () => {
  const long = provider('long', { models: [{ id: 'coder', context: 1_000_000, health: ok }] });
  const routes: RouterSnapshot['routes'] = [
    { name: 'default', target: 'coders', own: true, health: 'ok' },
    { name: 'longContext', target: 'long/coder', own: true, health: 'ok' },
  ];
  const variables = routed(snapshot({ routes, providers: [...snapshot().providers, long] }));
  assert.equal(variables?.CLAUDE_CODE_MAX_CONTEXT_TOKENS, '1000000');
  assert.equal(variables?.ANTHROPIC_MODEL, 'claude-switchyard/auto');
});

test('Anthropic itself with a window of a million needs nothing', () => {
  assert.deepEqual(routedTo('anthropic/claude-opus-5-5', { providers: [anthropic(1_000_000)] }), {});
});

test('Anthropic itself with an unknown window is left to Claude Code', () => {
  assert.deepEqual(routedTo('anthropic/claude-opus-5-5', { providers: [anthropic()] }), {});
});

test('another Anthropic-style provider does not judge tool calls', () => {
  const relay = provider('relay', { dialect: 'anthropic', baseUrl: 'https://api.anthropic.com.example' });
  const variables = routedTo('relay/coder', { providers: [relay] });
  assert.equal(variables?.CLAUDE_CODE_AUTO_MODE_SERVER, '0');
});

test('one foreign target in a group with Anthropic is enough to switch the verdicts off', () => {
  const group = snapshot().groups[0];
  assert.ok(group);
  const targets = [
    { target: 'anthropic/claude-opus-5-5', health: ok },
    { target: 'alpha/coder', health: ok },
  ];
  const variables = routed(
    snapshot({ groups: [{ ...group, targets }], providers: [anthropic(1_000_000), provider('alpha')] }),
  );
  assert.deepEqual(variables, {
    CLAUDE_CODE_AUTO_MODE_SERVER: '0',
    ANTHROPIC_MODEL: 'claude-switchyard/auto',
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: '128000',
  });
});

test('a model that is not listed is assumed to have the usual window', () => {
  assert.equal(routedTo('alpha/unlisted', {})?.CLAUDE_CODE_MAX_CONTEXT_TOKENS, '200000');
});

test('groups inside groups are followed, and a cycle ends', () => {
  const [coders] = snapshot().groups;
  assert.ok(coders);
  const outer = {
    ...coders,
    name: 'outer',
    targets: [
      { target: 'coders', health: ok },
      { target: 'outer', health: ok },
    ],
  };
  const variables = routedTo('outer', { groups: [coders, outer] });
  assert.equal(variables?.CLAUDE_CODE_MAX_CONTEXT_TOKENS, '128000');
});

test('without a default route nothing depends on routes', () => {
  assert.deepEqual(routed(snapshot({ routes: [] })), {});
  assert.deepEqual(routedTo('nobody/model', {}), {});
});

test('the demo has a window of its own', () => {
  assert.equal(routed(demoSnapshot())?.CLAUDE_CODE_MAX_CONTEXT_TOKENS, '200000');
});

test('every variable that can be set is in the list for removal', () => {
  const environment = claudeEnvironment(snapshot(), 'token');
  const names = Object.keys({ ...environment?.fixed, ...environment?.routed });
  assert.deepEqual(names.toSorted(), claudeVariables.toSorted());
});

test('a window tells its profile, and its folder where a rule asks for it', () => {
  const headers = (profile: string, folder: string | undefined, asksWorkspace: boolean) =>
    claudeEnvironment(
      snapshot({ routing: { routes: {}, profiles: [], clients: [], asksWorkspace } }),
      'token',
      { profile, ...(folder === undefined ? {} : { folder }) },
    )?.headers;
  assert.equal(headers('', '/home/me/work', false), '');
  assert.equal(headers('cheap', '/home/me/work', false), '\nX-Switchyard-Profile: cheap');
  assert.equal(headers('', undefined, true), '');
  assert.equal(
    headers('省钱', 'C:\\Users\\me\\a b#c', true),
    '\nX-Switchyard-Profile: %E7%9C%81%E9%92%B1\nX-Switchyard-Workspace: C:/Users/me/a%20b%23c',
  );
});

test('the window’s own profile decides what its terminals need', () => {
  const long = provider('long', { models: [{ id: 'coder', context: 500_000, health: ok }] });
  const state = snapshot({
    routes: [{ name: 'default', target: 'long/coder', own: true, profile: 'long', health: 'ok' }],
    providers: [...snapshot().providers, long],
    routing: {
      profile: 'long',
      routes: { default: 'coders' },
      profiles: [
        { name: 'long', routes: { default: 'long/coder' }, rules: 0 },
        { name: 'thinking', routes: { think: 'coders' }, rules: 0 },
      ],
      clients: [],
      asksWorkspace: false,
    },
  });
  const window = (profile: string) =>
    claudeEnvironment(state, 'token', { profile })?.routed.CLAUDE_CODE_MAX_CONTEXT_TOKENS;
  assert.equal(window(''), '500000');
  assert.equal(window('long'), '500000');
  assert.equal(window('thinking'), '128000', 'the file’s own default');
  assert.equal(window('none'), '128000');
});
