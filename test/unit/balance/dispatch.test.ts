import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Balancer } from '../../../src/core/balance/balancer.ts';
import type { DispatchInput } from '../../../src/core/balance/dispatch.ts';
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import { resetFailure, timeoutFailure } from '../../../src/core/resilience/classify.ts';
import type { Deployment } from '../../../src/core/routing/candidates.ts';
import { group, key, provider, routerConfig, target } from '../../tools/config-builder.ts';
import { ManualClock } from '../../tools/manual-clock.ts';
import { seededRandom } from '../../tools/seeded.ts';

function setUp(config: RouterConfig, seed = 3) {
  const clock = new ManualClock();
  const balancer = new Balancer(clock, seededRandom(seed));
  const ill = new Set<string>();
  const dispatch = (name: string, more: Partial<DispatchInput> = {}) =>
    balancer.dispatch({
      config,
      target: target(name),
      kind: 'stream',
      tokens: () => 0,
      size: 0,
      isHealthy: ({ id }) => !ill.has(id),
      ...more,
    });
  /** Serves a request by the first deployment that takes it: which one that is. */
  const serve = (name: string, more: Partial<DispatchInput> & { ttft?: number } = {}): string => {
    const planned = dispatch(name, more);
    for (const each of planned.candidates) {
      if (ill.has(each.id)) continue;
      const lease = planned.begin(each);
      if (!lease) continue;
      planned.committed(each, more.ttft ?? 100);
      lease.end();
      return each.id;
    }
    return 'nobody';
  };
  /** How many of `times` requests each deployment serves. */
  const count = (name: string, times: number, more: Partial<DispatchInput> = {}) => {
    const counts: Record<string, number> = {};
    for (let turn = 0; turn < times; turn++) {
      const id = serve(name, more);
      counts[id] = (counts[id] ?? 0) + 1;
    }
    return counts;
  };
  return { clock, balancer, dispatch, serve, count, ill };
}

const idsOf = (deployments: readonly Deployment[]) => deployments.map(({ id }) => id);
const plain = ['a', 'b', 'c'].map((name) => provider(name, ['m']));
const three = plain.map(({ name }) => target(`${name}/m`));

function within(actual: number | undefined, expected: number, share = 0.1): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= expected * share,
    `${actual} is not about ${expected}`,
  );
}

test('failover: targets and their keys in the order of the file', () => {
  const keys = [key('one'), key('two')];
  const { dispatch, ill } = setUp(
    routerConfig({
      providers: [provider('a', ['m'], { keys }), provider('b', ['m'])],
      groups: [group('g', [target('a/m'), target('b/m')])],
    }),
  );
  assert.deepEqual(idsOf(dispatch('g').candidates), ['a/one/m', 'a/two/m', 'b/main/m']);
  ill.add('a/one/m');
  const [first] = dispatch('g').candidates.filter(({ id }) => !ill.has(id));
  assert.equal(first?.id, 'a/two/m');
});

test('round-robin takes turns, every key for itself', () => {
  const { serve } = setUp(
    routerConfig({
      providers: [provider('a', ['m'], { keys: [key('one'), key('two')] }), provider('b', ['m'])],
      groups: [group('g', [target('a/m'), target('b/m')], { strategy: 'round-robin' })],
    }),
  );
  const served = Array.from({ length: 6 }, () => serve('g'));
  assert.deepEqual(served, ['a/one/m', 'a/two/m', 'b/main/m', 'a/one/m', 'a/two/m', 'b/main/m']);
});

test('round-robin: who was out shares nothing unfairly among the others, and is next when it is back', () => {
  const { serve, count, ill } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'round-robin' })] }),
  );
  assert.equal(serve('g'), 'a/main/m');
  ill.add('b/main/m');
  assert.deepEqual(count('g', 10), { 'a/main/m': 5, 'c/main/m': 5 });
  ill.clear();
  assert.equal(serve('g'), 'b/main/m');
});

test('planning alone takes no turn', () => {
  const { dispatch, serve } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'round-robin' })] }),
  );
  for (let turn = 0; turn < 5; turn++) assert.equal(dispatch('g').candidates[0]?.id, 'a/main/m');
  assert.equal(serve('g'), 'a/main/m');
});

test('weighted: the keys of a target share its weight by their own', () => {
  const keys = [key('one', { weight: 3 }), key('two', { weight: 1 })];
  const { count, ill } = setUp(
    routerConfig({
      providers: [provider('a', ['m'], { keys }), provider('b', ['m'])],
      groups: [group('g', [{ ...target('a/m'), weight: 2 }, target('b/m')], { strategy: 'weighted' })],
    }),
  );
  const counts = count('g', 6_000);
  within(counts['a/one/m'], 3_000);
  within(counts['a/two/m'], 1_000);
  within(counts['b/main/m'], 2_000);
  ill.add('a/one/m');
  const without = count('g', 6_000);
  within(without['a/two/m'], 4_000, 0.05);
  within(without['b/main/m'], 2_000, 0.05);
});

test('least-busy spreads calls that last', () => {
  const { dispatch, balancer } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'least-busy' })] }),
  );
  const leases = Array.from({ length: 30 }, () => {
    const planned = dispatch('g');
    const [first] = planned.candidates;
    return first && planned.begin(first);
  });
  for (const id of ['a/main/m', 'b/main/m', 'c/main/m']) assert.equal(balancer.load.inFlight(id), 10);
  for (const lease of leases) lease?.end();
  for (const id of ['a/main/m', 'b/main/m', 'c/main/m']) assert.equal(balancer.load.inFlight(id), 0);
});

test('usage evens out the tokens of the last minute, not the requests', () => {
  const { dispatch, balancer } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'usage' })] }),
  );
  const tokens = { 'a/main/m': 100, 'b/main/m': 100, 'c/main/m': 400 };
  const requests: Record<string, number> = {};
  for (let count = 0; count < 900; count++) {
    const planned = dispatch('g');
    const [first] = planned.candidates;
    assert.ok(first);
    requests[first.id] = (requests[first.id] ?? 0) + 1;
    planned.begin(first)?.end(tokens[first.id as keyof typeof tokens]);
  }
  within(requests['a/main/m'], 400);
  within(requests['c/main/m'], 100);
  const [first] = dispatch('g').candidates;
  assert.ok(first && balancer.load.lastMinute(first).tokens > 30_000);
});

test('latency explores each deployment once, then stays with the fast ones', () => {
  const ttft: Record<string, number> = { 'a/main/m': 900, 'b/main/m': 300, 'c/main/m': 330 };
  const { dispatch, clock } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'latency' })] }),
  );
  const serveOne = () => {
    const planned = dispatch('g');
    const [first] = planned.candidates;
    assert.ok(first);
    const lease = planned.begin(first);
    planned.committed(first, ttft[first.id] ?? 0);
    lease?.end();
    return first.id;
  };
  const explored = [serveOne(), serveOne(), serveOne()];
  assert.deepEqual(explored.sort(), Object.keys(ttft));
  const counts: Record<string, number> = {};
  for (let count = 0; count < 2_000; count++) {
    const id = serveOne();
    counts[id] = (counts[id] ?? 0) + 1;
  }
  assert.equal(counts['a/main/m'], undefined);
  within(counts['b/main/m'], 1_000);
  within(counts['c/main/m'], 1_000);
  // It may be another provider after an hour.
  ttft['a/main/m'] = 50;
  return clock.advance(3_600_000).then(() => {
    const again = [serveOne(), serveOne(), serveOne()];
    assert.deepEqual(again.sort(), Object.keys(ttft), 'stale measurements are made anew');
    assert.deepEqual([serveOne(), serveOne()], ['a/main/m', 'a/main/m']);
  });
});

test('latency sends one call at a time to explore', () => {
  const { dispatch } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'latency' })] }),
  );
  const known = dispatch('g');
  const fast = known.candidates.find(({ id }) => id === 'b/main/m');
  assert.ok(fast);
  known.committed(fast, 200);
  const firsts = Array.from({ length: 6 }, () => {
    const planned = dispatch('g');
    const [first] = planned.candidates;
    assert.ok(first);
    planned.begin(first);
    return first.id;
  });
  assert.deepEqual(firsts.slice(0, 2).sort(), ['a/main/m', 'c/main/m']);
  assert.deepEqual(firsts.slice(2), Array(4).fill('b/main/m'));
});

test('latency: a failure is no measurement, a wait in vain is', async () => {
  const { dispatch, clock } = setUp(
    routerConfig({ providers: plain, groups: [group('g', three, { strategy: 'latency' })] }),
  );
  const planned = dispatch('g');
  const [a, b, c] = ['a', 'b', 'c'].map((name) =>
    planned.candidates.find((each) => each.provider.name === name),
  );
  assert.ok(a && b && c);
  planned.committed(b, 400);
  planned.failed(a, resetFailure('broken'), 5);
  planned.failed(c, timeoutFailure('slow'), 120_000);
  assert.deepEqual(idsOf(dispatch('g').candidates), ['b/main/m', 'c/main/m', 'a/main/m']);
  await clock.advance(60_000);
  assert.equal(dispatch('g').candidates[0]?.id, 'a/main/m', 'it is explored again after a minute');
});

test('latency compares whole answers with whole answers, by the time per token', () => {
  const { dispatch } = setUp(
    routerConfig({
      providers: plain.slice(0, 2),
      groups: [group('g', three.slice(0, 2), { strategy: 'latency' })],
    }),
  );
  const planned = dispatch('g', { kind: 'whole' });
  const [a, b] = ['a', 'b'].map((name) => planned.candidates.find((each) => each.provider.name === name));
  assert.ok(a && b);
  planned.completed(a, 20_000, 1_000);
  planned.completed(b, 5_000, 50);
  for (let turn = 0; turn < 20; turn++)
    assert.equal(dispatch('g', { kind: 'whole' }).candidates[0]?.id, 'a/main/m');
  const streams = new Set(Array.from({ length: 20 }, () => dispatch('g').candidates[0]?.id));
  assert.equal(streams.size, 2, 'for streams nothing is known yet');
});

test('nested groups: the outer strategy picks the group, the inner one its deployment', () => {
  const { count, serve, ill } = setUp(
    routerConfig({
      providers: ['a', 'b', 'c', 'd'].map((name) => provider(name, ['m'])),
      groups: [
        group('outer', [{ ...target('inner'), weight: 3 }, target('d/m')], { strategy: 'weighted' }),
        group('inner', [target('a/m'), target('b/m'), target('c/m')], { strategy: 'round-robin' }),
        group('ordered', [target('d/m'), target('inner')]),
      ],
    }),
  );
  const counts = count('outer', 4_000);
  within(counts['d/main/m'], 1_000);
  const inner = ['a/main/m', 'b/main/m', 'c/main/m'].map((id) => counts[id] ?? 0);
  assert.ok(Math.max(...inner) - Math.min(...inner) <= 1, `turns are equal: ${inner}`);
  ill.add('d/main/m');
  const served = [serve('ordered'), serve('ordered'), serve('ordered')];
  assert.equal(new Set(served).size, 3, 'taking over, the inner group goes on with its turns');
});

test('an outer strategy measures a nested group by what it would pick', () => {
  const { dispatch, balancer } = setUp(
    routerConfig({
      providers: ['a', 'b', 'c'].map((name) => provider(name, ['m'])),
      groups: [
        group('outer', [target('inner'), target('c/m')], { strategy: 'least-busy' }),
        group('inner', [target('a/m'), target('b/m')]),
      ],
    }),
  );
  const planned = dispatch('outer');
  const a = planned.candidates.find(({ id }) => id === 'a/main/m');
  assert.ok(a && balancer.load.begin(a, { tokens: () => 0, size: 0 }));
  assert.equal(
    dispatch('outer').candidates[0]?.id,
    'c/main/m',
    'in order, the inner group leads to the busy one',
  );
});

test('fallbacks follow, by strategies of their own, with turns of their own', () => {
  const { count, dispatch, ill } = setUp(
    routerConfig({
      providers: ['a', 'b', 'c'].map((name) => provider(name, ['m'])),
      groups: [
        group('g', [target('a/m')], { fallbacks: [target('spare')] }),
        group('spare', [target('b/m'), target('c/m')], { strategy: 'round-robin' }),
      ],
    }),
  );
  assert.equal(dispatch('g').candidates.length, 3);
  ill.add('a/main/m');
  assert.deepEqual(count('g', 10), { 'b/main/m': 5, 'c/main/m': 5 });
});

test('limits: a deployment whose key is full is passed over by every strategy', () => {
  for (const strategy of ['failover', 'round-robin', 'weighted', 'least-busy', 'latency', 'usage'] as const) {
    const { dispatch } = setUp(
      routerConfig({
        providers: [provider('a', ['m'], { keys: [key('one', { maxParallel: 1 })] }), provider('b', ['m'])],
        groups: [group('g', [target('a/m'), target('b/m')], { strategy })],
      }),
    );
    const planned = dispatch('g');
    const a = planned.candidates.find(({ id }) => id === 'a/one/m');
    assert.ok(a && planned.begin(a));
    for (let turn = 0; turn < 10; turn++) {
      const other = dispatch('g');
      assert.equal(other.candidates.find((each) => other.begin(each))?.id, 'b/main/m', strategy);
      if (strategy !== 'failover') assert.equal(other.candidates[0]?.id, 'b/main/m', strategy);
    }
  }
});
