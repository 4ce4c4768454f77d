import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategies } from '../../../src/core/config/router-config.ts';
import { groupRows } from '../../../src/vscode/present/group-rows.ts';
import { durationWords, tokensWords } from '../../../src/vscode/present/health.ts';
import { providerRows } from '../../../src/vscode/present/provider-rows.ts';
import { routeRows } from '../../../src/vscode/present/route-rows.ts';
import type { Row } from '../../../src/vscode/present/row.ts';
import { strategyWords } from '../../../src/vscode/present/strategy-words.ts';
import { demoSnapshot, ok, provider, snapshot } from './snapshots.ts';

const now = 1_000_000;
const context = { now, hasKey: () => true };

function brief(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => [
    `${row.label} | ${row.description ?? ''} | ${row.icon?.id} | ${row.mark ?? ''} | ${row.context}`,
    ...brief(row.children ?? []).map((line) => `  ${line}`),
  ]);
}

test('routes show their targets; an inherited one says so', () => {
  assert.deepEqual(brief(routeRows(snapshot())), [
    'Default | coders | pass-filled |  | route default own',
    'Think | as Default | circle-outline |  | route think',
  ]);
});

test('a route that a profile leads says so', () => {
  const routes = [
    { name: 'default' as const, target: 'coders', own: true, profile: 'cheap', health: 'ok' as const },
  ];
  const rows = routeRows(snapshot({ routes }));
  assert.deepEqual(brief(rows), ['Default | coders · profile cheap | pass-filled |  | route default own']);
  assert.equal(rows[0]?.speech, 'Route Default, goes to coders, profile cheap, working');
});

test('a failing route has a mark and words', () => {
  const [row] = routeRows(
    snapshot({ routes: [{ name: 'default', target: 'coders', own: true, health: 'down' }] }),
  );
  assert.equal(row?.mark, 'error');
  assert.equal(row?.speech, 'Route Default, goes to coders, not available');
});

test('no route works without a router', () => {
  const rows = routeRows(snapshot({ phase: 'down', downReason: 'The port is taken.' }));
  assert.equal(rows[0]?.mark, 'error');
  assert.match(rows[0]?.speech ?? '', /not available/);
});

test('the demo is labelled in every tree, and the providers’ welcome text shows', () => {
  const state = demoSnapshot();
  assert.deepEqual(brief(routeRows(state)), [
    'Default | demo · built-in demo | pass-filled |  | route default own',
  ]);
  assert.deepEqual(brief(groupRows(state, now)), [
    'demo | built-in demo | pass-filled |  | group demo',
    '  demo/demo | 200k | pass-filled |  | target',
  ]);
  assert.deepEqual(providerRows(state, context), []);
});

test('no routes: the welcome text shows', () => {
  assert.deepEqual(routeRows(snapshot({ routes: [] })), []);
});

test('targets tell their order, window, speed and cooldown', () => {
  const [group] = snapshot().groups;
  assert.ok(group);
  const targets = [
    {
      target: 'alpha/coder',
      health: { state: 'cooling', until: now + 41_500, reason: 'Too many requests.' },
    },
    { target: 'beta/coder', health: { state: 'ok', ttft: 812 }, context: 200_000 },
    { target: 'gone', health: { state: 'out', reason: 'No such model.' } },
  ] as const;
  assert.deepEqual(
    brief(groupRows(snapshot({ groups: [{ ...group, targets: [...targets], health: 'degraded' }] }), now)),
    [
      'coders | 3 targets · partly failing | warning | warning | group',
      '  alpha/coder | back in 42 s | clock | warning | target down',
      '  beta/coder | 0.8 s · 200k | pass-filled |  | target up down',
      '  gone | not available | error | error | target up',
    ],
  );
});

test('a group that does not go in order says how; targets tell their weight and what is under way', () => {
  const [group] = snapshot().groups;
  assert.ok(group);
  const targets = [
    { target: 'alpha/coder', health: { state: 'ok', ttft: 812 }, weight: 3, inFlight: 2 },
    { target: 'beta/coder', health: ok, weight: 0.5 },
  ] as const;
  const rows = groupRows(
    snapshot({ groups: [{ ...group, strategy: 'weighted', targets: [...targets] }] }),
    now,
  );
  assert.deepEqual(brief(rows), [
    'coders | 2 targets · by weight | pass-filled |  | group',
    '  alpha/coder | 0.8 s · weight 3 · 2 under way | pass-filled |  | target down',
    '  beta/coder | weight 0.5 | pass-filled |  | target up',
  ]);
  assert.equal(rows[0]?.speech, 'Model group coders, 2 targets, by weight, working');
});

test('equal weights are no news; a target that is a group says so', () => {
  const [group] = snapshot().groups;
  assert.ok(group);
  const targets = [
    { target: 'alpha/coder', health: ok, weight: 1 },
    { target: 'others', health: ok, weight: 1 },
  ] as const;
  const groups = [
    { ...group, strategy: 'weighted' as const, targets: [...targets] },
    { ...group, name: 'others', targets: [] },
  ];
  const [row] = groupRows(snapshot({ groups }), now);
  assert.deepEqual(
    row?.children?.map((child) => child.description),
    ['', 'model group'],
  );
  assert.equal(row?.children?.[1]?.speech, 'Target 2 of 2: others, model group, working');
});

test('every strategy but the plain order has words of its own', () => {
  const words = strategies.map(strategyWords);
  assert.equal(words[0], undefined);
  assert.equal(new Set(words).size, strategies.length);
});

test('a screen reader hears a target’s place, state and reason', () => {
  const [group] = snapshot().groups;
  assert.ok(group);
  const targets = [{ target: 'a/b', health: { state: 'out', reason: 'The key was refused.' } as const }];
  const [row] = groupRows(snapshot({ groups: [{ ...group, targets }] }), now);
  assert.equal(row?.children?.[0]?.speech, 'Target 1 of 1: a/b, not available, The key was refused.');
});

test('providers tell host, keys and models', () => {
  assert.deepEqual(brief(providerRows(snapshot({ providers: [provider('alpha')] }), context)), [
    'alpha | api.alpha.example | pass-filled |  | provider enabled',
    '  alpha | kept by the editor | key |  | key ok',
    '  coder | 128k | symbol-misc |  | model ok',
  ]);
});

test('a missing key is told from a refused one', () => {
  const out = { state: 'out', reason: 'x' } as const;
  const alpha = provider('alpha', { keys: [{ name: 'alpha', reference: 'env:ALPHA', health: out }] });
  const state = snapshot({ providers: [alpha] });
  const missing = providerRows(state, { now, hasKey: () => false });
  assert.deepEqual(brief(missing).slice(0, 2), [
    'alpha | no key yet · api.alpha.example | key | error | provider enabled no-key',
    '  alpha | not set | key | error | key out',
  ]);
  const refused = providerRows(state, context);
  assert.deepEqual(brief(refused).slice(0, 2), [
    'alpha | no key works · api.alpha.example | key | error | provider enabled no-key',
    '  alpha | refused · from the environment | key | error | key out',
  ]);
});

test('a provider shows the end of the cooldown that ends first', () => {
  const models = [
    { id: 'one', health: { state: 'cooling', until: now + 90_000 } as const },
    { id: 'two', health: { state: 'cooling', until: now + 30_000 } as const },
  ];
  const [row] = providerRows(snapshot({ providers: [provider('alpha', { models })] }), context);
  assert.equal(row?.description, 'back in 30 s · api.alpha.example');
  assert.equal(row?.context, 'provider enabled cooling');
});

test('a provider that is switched off is unchecked and says so', () => {
  const [row] = providerRows(snapshot({ providers: [provider('alpha', { enabled: false })] }), context);
  assert.equal(row?.checked, false);
  assert.equal(row?.description, 'switched off · api.alpha.example');
  assert.equal(row?.context, 'provider disabled');
});

test('what is switched off is no failure, neither as a target nor as a model', () => {
  const out = { state: 'out', reason: 'the provider is switched off' } as const;
  const models = [{ id: 'coder', context: 128_000, health: out }];
  const state = snapshot({ providers: [provider('alpha', { enabled: false, models }), provider('beta')] });
  const [group] = groupRows(state, 0);
  assert.equal(group?.children?.[0]?.mark, 'off');
  assert.match(group?.children?.[0]?.description ?? '', /^switched off/);
  assert.equal(group?.children?.[1]?.mark, undefined);
  const [row] = providerRows(state, { now: 0, hasKey: () => true });
  const model = row?.children?.find((child) => child.subject.kind === 'model');
  assert.equal(model?.mark, 'off');
  assert.match(model?.speech ?? '', /switched off/);
});

test('ids are unique in a view, also for equal names', () => {
  const keys = [
    { name: 'a', reference: 'env:A', health: ok },
    { name: 'b', reference: 'env:B', health: ok },
  ];
  const models = [
    { id: 'a', health: ok },
    { id: 'b', health: ok },
  ];
  const rows = providerRows(
    snapshot({ providers: [provider('a', { keys, models }), provider('b', { keys, models })] }),
    context,
  );
  const ids = rows.flatMap((row) => [row.id, ...(row.children ?? []).map((child) => child.id)]);
  assert.equal(new Set(ids).size, ids.length);
});

test('names can not make links or pictures in a tooltip', () => {
  const name = '[x](command:evil)';
  const [row] = providerRows(snapshot({ providers: [provider('alpha', { name })] }), context);
  assert.match(row?.tooltip ?? '', /\\\[x\\\]\\\(command:evil\\\)/);
});

test('times and windows are short', () => {
  const times = [-5, 0, 1, 99_000, 99_001, 6_000_000, 40_000_000].map(durationWords);
  assert.deepEqual(times, ['0 s', '0 s', '1 s', '99 s', '2 min', '2 h', '11 h']);
  assert.deepEqual([900, 8192, 128_000, 1_000_000, 1_048_576, 2_500_000].map(tokensWords), [
    '900',
    '8k',
    '128k',
    '1M',
    '1M',
    '2.5M',
  ]);
});
