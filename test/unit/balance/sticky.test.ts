// Sessions stay where they are. A prompt cache is worth more than an even spread.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Balancer } from '../../../src/core/balance/balancer.ts';
import { Bindings } from '../../../src/core/balance/bindings.ts';
import type { DispatchInput } from '../../../src/core/balance/dispatch.ts';
import { sessionKey } from '../../../src/core/balance/session-key.ts';
import type { RouterConfig, Strategy } from '../../../src/core/config/router-config.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { describeRequest } from '../../../src/core/routing/describe.ts';
import { group, key, provider, routerConfig, target } from '../../tools/config-builder.ts';
import { ManualClock } from '../../tools/manual-clock.ts';
import { seededRandom } from '../../tools/seeded.ts';

const hour = 3_600_000;

function setUp(config: RouterConfig) {
  const clock = new ManualClock();
  const balancer = new Balancer(clock, seededRandom(5));
  const ill = new Set<string>();
  const plan = (name: string, session: string, more: Partial<DispatchInput> = {}) =>
    balancer.dispatch({
      config,
      target: target(name),
      kind: 'stream',
      session,
      tokens: () => 0,
      size: 0,
      isHealthy: ({ id }) => !ill.has(id),
      ...more,
    });
  const serve = (name: string, session: string): string => {
    const planned = plan(name, session);
    for (const each of planned.candidates) {
      const lease = ill.has(each.id) ? undefined : planned.begin(each);
      if (!lease) continue;
      planned.committed(each, 100);
      lease.end();
      return each.id;
    }
    return 'nobody';
  };
  return { clock, balancer, plan, serve, ill };
}

const providers = ['a', 'b', 'c', 'd'].map((name) => provider(name, ['m']));
const four = providers.map(({ name }) => target(`${name}/m`));
const by = (strategy: Strategy, more = {}) =>
  routerConfig({ providers, groups: [group('g', four, { strategy, ...more })] });

for (const strategy of ['round-robin', 'weighted', 'least-busy', 'usage'] as const)
  test(`${strategy}: a session stays, new ones are spread`, () => {
    const { serve } = setUp(by(strategy));
    const sessions = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const homes = sessions.map((session) => serve('g', session));
    assert.equal(new Set(homes).size, 4);
    for (let turn = 0; turn < 3; turn++)
      assert.deepEqual(
        sessions.map((session) => serve('g', session)),
        homes,
      );
  });

test('round-robin: only new sessions take turns', () => {
  const { serve } = setUp(by('round-robin'));
  assert.equal(serve('g', 'one'), 'a/main/m');
  for (let turn = 0; turn < 5; turn++) assert.equal(serve('g', 'one'), 'a/main/m');
  assert.deepEqual([serve('g', 'two'), serve('g', 'three')], ['b/main/m', 'c/main/m']);
});

test('latency: a session does not stay where it was only sent to explore', () => {
  const { plan } = setUp(by('latency'));
  const ttft: Record<string, number> = { 'a/main/m': 900, 'b/main/m': 100, 'c/main/m': 700, 'd/main/m': 800 };
  const served = Array.from({ length: 8 }, () => {
    const planned = plan('g', 'one');
    const [first] = planned.candidates;
    assert.ok(first);
    planned.committed(first, ttft[first.id] ?? 0);
    return first.id;
  });
  assert.deepEqual(served.slice(0, 4).sort(), Object.keys(ttft));
  assert.deepEqual(served.slice(4), Array(4).fill('b/main/m'));
});

test('a session moves when its deployment is out, and stays where it went', () => {
  const { serve, ill } = setUp(by('round-robin'));
  const home = serve('g', 'one');
  ill.add(home);
  const second = serve('g', 'one');
  assert.notEqual(second, home);
  ill.clear();
  for (let turn = 0; turn < 3; turn++) assert.equal(serve('g', 'one'), second, 'its cache is here now');
});

test('a session moves when its deployment is at its limit', () => {
  const { plan, serve } = setUp(
    routerConfig({
      providers: [provider('a', ['m'], { keys: [key('one', { maxParallel: 1 })] }), provider('b', ['m'])],
      groups: [group('g', [target('a/m'), target('b/m')])],
    }),
  );
  assert.equal(serve('g', 'one'), 'a/one/m');
  const other = plan('g', 'other');
  const [first] = other.candidates;
  assert.ok(first);
  const lease = other.begin(first);
  assert.equal(serve('g', 'one'), 'b/main/m');
  lease?.end();
  assert.equal(serve('g', 'one'), 'b/main/m');
});

test('a fallback is no new home: when the group is back, so is the session', () => {
  const { serve, ill } = setUp(
    routerConfig({
      providers,
      groups: [
        group('g', [target('a/m')], { fallbacks: [target('spare')] }),
        group('spare', [target('b/m'), target('c/m'), target('d/m')], { strategy: 'weighted' }),
      ],
    }),
  );
  assert.equal(serve('g', 'one'), 'a/main/m');
  ill.add('a/main/m');
  const spare = serve('g', 'one');
  for (let turn = 0; turn < 10; turn++)
    assert.equal(serve('g', 'one'), spare, 'it stays within the fallback');
  ill.clear();
  assert.equal(serve('g', 'one'), 'a/main/m');
});

test('nested groups and single models with several keys have bindings of their own', () => {
  const keys = ['k0', 'k1', 'k2'].map((name) => key(name));
  const { serve, ill } = setUp(
    routerConfig({
      providers: [...providers, provider('p', ['m'], { keys })],
      groups: [
        group('outer', [target('inner'), target('d/m')], { strategy: 'round-robin' }),
        group('inner', [target('a/m'), target('b/m')], { strategy: 'round-robin' }),
      ],
    }),
  );
  const homes = ['x', 'y', 'z', 'w'].map((session) => serve('outer', session));
  assert.deepEqual(homes, ['a/main/m', 'd/main/m', 'b/main/m', 'd/main/m']);
  assert.deepEqual(
    ['x', 'y', 'z', 'w'].map((session) => serve('outer', session)),
    homes,
  );
  assert.equal(serve('inner', 'z'), 'b/main/m', 'also when asked for by itself');
  assert.equal(serve('p/m', 'x'), 'p/k0/m');
  ill.add('p/k0/m');
  assert.equal(serve('p/m', 'x'), 'p/k1/m');
  ill.clear();
  assert.equal(serve('p/m', 'x'), 'p/k1/m');
  assert.equal(serve('p/m', 'y'), 'p/k0/m');
});

test('sticky: false picks anew for every request', () => {
  const { serve } = setUp(by('round-robin', { sticky: false }));
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => serve('g', 'one')),
    ['a/main/m', 'b/main/m', 'c/main/m', 'd/main/m', 'a/main/m'],
  );
});

test('a binding is forgotten after an idle hour, not after an hour', async () => {
  const { serve, clock } = setUp(by('round-robin'));
  const home = serve('g', 'one');
  for (let turn = 0; turn < 4; turn++) {
    await clock.advance(hour - 1);
    assert.equal(serve('g', 'one'), home);
  }
  await clock.advance(hour);
  assert.notEqual(serve('g', 'one'), home);
});

test('of two first requests at once the first to succeed decides', () => {
  const { plan, serve } = setUp(by('round-robin'));
  const [one, two] = [plan('g', 's'), plan('g', 's')];
  const [a] = one.candidates;
  const b = two.candidates[1];
  assert.ok(a && b);
  two.committed(b, 1);
  one.committed(a, 1);
  assert.equal(serve('g', 's'), b.id);
});

test('bindings go with the export and come back; newer ones and garbage do not matter', async () => {
  const before = setUp(by('weighted'));
  const sessions = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const homes = sessions.map((session) => before.serve('g', session));
  const data = JSON.parse(JSON.stringify(before.balancer.export()));
  const after = setUp(by('weighted'));
  after.balancer.import(data);
  assert.deepEqual(
    sessions.map((session) => after.serve('g', session)),
    homes,
  );
  for (const garbage of [
    null,
    5,
    [],
    { bindings: 5 },
    { bindings: { 's1 g': { deployment: 5, usedAt: 1 } } },
  ])
    after.balancer.import(garbage);
  const late = setUp(by('weighted'));
  await late.clock.advance(2 * hour);
  late.balancer.import(data);
  assert.deepEqual(late.balancer.export(), { bindings: {} });
});

test('a window that leads again learns where sessions went meanwhile', async () => {
  const first = setUp(by('round-robin'));
  const second = setUp(by('round-robin'));
  const home = first.serve('g', 'one');
  second.ill.add(home);
  await second.clock.advance(600_000);
  const moved = second.serve('g', 'one');
  assert.notEqual(moved, home);
  await first.clock.advance(600_000);
  first.balancer.import(second.balancer.export());
  assert.equal(first.serve('g', 'one'), moved);
});

test('a provider that is reached in another way has other caches', () => {
  const { serve, balancer } = setUp(by('round-robin'));
  assert.deepEqual([serve('g', 'one'), serve('g', 'two')], ['a/main/m', 'b/main/m']);
  balancer.forget('a');
  assert.deepEqual([serve('g', 'one'), serve('g', 'two')], ['c/main/m', 'b/main/m']);
});

test('the number of bindings is bounded, the least recently used go first', () => {
  const bindings = new Bindings();
  for (let count = 0; count < 5_000; count++) {
    bindings.set(`s${count}`, 'g', 'a/main/m', undefined, count);
    bindings.set('s0', 'g', 'a/main/m', 'a/main/m', count);
  }
  const kept = Object.keys(bindings.export(5_000));
  assert.equal(kept.length, 1_000);
  assert.ok(kept.includes('s0 g') && kept.includes('s4999 g') && !kept.includes('s1 g'));
});

test('an export changes when a binding does, not with every use', () => {
  const bindings = new Bindings();
  const start = 1_800_000_000_000;
  bindings.set('s', 'g', 'a/main/m', undefined, start);
  const first = JSON.stringify(bindings.export(start));
  bindings.set('s', 'g', 'a/main/m', 'a/main/m', start + 60_000);
  assert.equal(JSON.stringify(bindings.export(start + 60_000)), first);
});

// The key of a session.

const long = 'x'.repeat(5_000);
function keyOf(request: Record<string, unknown>, headers: Record<string, string> = {}): string | undefined {
  const hub = { model: 'm', max_tokens: 1, messages: [], ...request } as unknown as HubRequest;
  return sessionKey(hub, describeRequest(hub, headers), JSON.stringify(request).length);
}
const said = (content: unknown, role = 'user') => ({ role, content });

test("a session is known by the client's own ids, subagents apart", () => {
  const id = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
  const header = { 'x-claude-code-session-id': id };
  const json = {
    metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: id }) },
  };
  const old = { metadata: { user_id: `user_abc_account__session_${id}` } };
  const plain = keyOf({}, header);
  assert.ok(plain);
  assert.equal(keyOf(json), plain);
  assert.equal(keyOf(old), plain);
  assert.equal(keyOf({ messages: [said('anything')] }, header), plain);
  const agent = keyOf({}, { ...header, 'x-claude-code-agent-id': 'a1' });
  assert.notEqual(agent, plain);
  assert.notEqual(agent, keyOf({}, { ...header, 'x-claude-code-agent-id': 'a2' }));
  assert.ok(!plain.includes(id.slice(0, 8)), 'a hash, for it is written to a file');
});

test('else by how the conversation begins, whatever follows', () => {
  const begin = { system: long, messages: [said('fix the bug')] };
  const later = { ...begin, messages: [...begin.messages, said('done', 'assistant'), said('thanks')] };
  const first = keyOf(begin);
  assert.ok(first);
  assert.equal(keyOf(later), first);
  assert.equal(keyOf({ system: [{ type: 'text', text: long }], messages: later.messages }), first);
  assert.notEqual(keyOf({ ...begin, messages: [said('another task')] }), first);
  assert.notEqual(keyOf({ ...begin, system: `y${long}` }), first);
  assert.equal(keyOf({ messages: [said('be brief', 'system'), ...later.messages], system: long }), first);
});

test('small prompts without a session stay nowhere: there is no cache to lose', () => {
  assert.equal(keyOf({ messages: [said('hi')] }), undefined);
  assert.ok(keyOf({ messages: [said(long)] }));
});

test('odd shapes have no key', () => {
  for (const odd of [
    { messages: 5, pad: long },
    { messages: [null, 7], system: [null, { text: 5 }], pad: long },
  ])
    assert.equal(keyOf(odd), undefined);
});
