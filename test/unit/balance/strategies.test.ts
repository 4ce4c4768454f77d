import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Choice, isExplored, strategyOrder } from '../../../src/core/balance/strategies.ts';
import type { Strategy } from '../../../src/core/config/router-config.ts';
import { seededRandom } from '../../tools/seeded.ts';

interface Named extends Choice {
  name: string;
}

function choice(name: string, more: Partial<Choice> = {}): Named {
  return {
    name,
    weight: 1,
    lastTurn: 0,
    inFlight: 0,
    latency: undefined,
    missed: false,
    requests: 0,
    tokens: 0,
    ...more,
  };
}

const namesOf = (choices: readonly Named[]) => choices.map(({ name }) => name).join('');

/** How often each order comes out of many draws. */
function draw(strategy: Strategy, choices: readonly Named[], times: number, seed = 1): Map<string, number> {
  const random = seededRandom(seed);
  const counts = new Map<string, number>();
  for (let count = 0; count < times; count++) {
    const order = namesOf(strategyOrder[strategy](choices, random));
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  return counts;
}

function firsts(orders: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [order, count] of orders) {
    const first = order.charAt(0);
    counts.set(first, (counts.get(first) ?? 0) + count);
  }
  return counts;
}

/** Pearson's chi-square of counts against expected shares. */
function chiSquare(counts: ReadonlyMap<string, number>, shares: Readonly<Record<string, number>>): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const name of counts.keys()) assert.ok(name in shares, `${name} was not expected`);
  return Object.entries(shares).reduce((sum, [name, share]) => {
    const expected = total * share;
    return sum + ((counts.get(name) ?? 0) - expected) ** 2 / expected;
  }, 0);
}

/** Beyond these a right distribution falls once in ten thousand, by degrees of freedom. */
const limit = { 1: 15.1, 2: 18.4, 3: 21.1, 5: 25.7 };

for (const strategy of ['failover', 'round-robin', 'weighted', 'least-busy', 'latency', 'usage'] as const)
  test(`${strategy} returns every choice once and leaves its input alone`, () => {
    const choices = [
      choice('a', { weight: 0, inFlight: 3, latency: 5, tokens: 9 }),
      choice('b', { weight: 5, missed: true }),
      choice('c', { latency: 900, lastTurn: 4 }),
      choice('d'),
      choice('e', { inFlight: 1 }),
    ];
    for (const order of draw(strategy, choices, 50).keys()) assert.equal([...order].sort().join(''), 'abcde');
    assert.equal(namesOf(choices), 'abcde');
    assert.deepEqual(strategyOrder[strategy]([], seededRandom(1)), []);
  });

test('failover keeps the order', () => {
  assert.deepEqual([...draw('failover', [choice('b', { inFlight: 9 }), choice('a')], 20).keys()], ['ba']);
});

test('round-robin goes by the last turn; those without one come first, as written', () => {
  const choices = [
    choice('a', { lastTurn: 7 }),
    choice('b', { lastTurn: 5 }),
    choice('c'),
    choice('d'),
    choice('e', { lastTurn: 6 }),
  ];
  assert.deepEqual([...draw('round-robin', choices, 20).keys()], ['cdbea']);
});

test('weighted draws in proportion, and what is left in proportion again', () => {
  const choices = [choice('a', { weight: 5 }), choice('b', { weight: 3 }), choice('c', { weight: 2 })];
  const orders = draw('weighted', choices, 10_000);
  assert.ok(chiSquare(firsts(orders), { a: 0.5, b: 0.3, c: 0.2 }) < limit[2]);
  // Without putting back: P(abc) = 5/10 · 3/5, and so on.
  const shares = { abc: 0.3, acb: 0.2, bac: 15 / 70, bca: 6 / 70, cab: 0.125, cba: 0.075 };
  assert.ok(chiSquare(orders, shares) < limit[5]);
});

test('weighted takes those without weight only when no other is left', () => {
  const choices = [choice('z', { weight: 0 }), choice('y', { weight: 0 }), choice('a', { weight: 0.001 })];
  assert.deepEqual([...draw('weighted', choices, 200).keys()], ['azy']);
});

test('least-busy takes the fewest calls under way, and draws where they are as many', () => {
  const choices = [
    choice('a', { inFlight: 2 }),
    choice('b', { inFlight: 1 }),
    choice('c', { inFlight: 1 }),
    choice('d', { inFlight: 1 }),
  ];
  const orders = draw('least-busy', choices, 6_000);
  assert.ok(chiSquare(firsts(orders), { b: 1 / 3, c: 1 / 3, d: 1 / 3 }) < limit[2]);
  for (const order of orders.keys()) assert.equal(order.at(-1), 'a');
});

test('usage takes the fewest tokens, then the fewest requests, then draws', () => {
  const choices = [
    choice('a', { tokens: 100 }),
    choice('b', { tokens: 50, requests: 9 }),
    choice('c', { tokens: 50, requests: 2 }),
    choice('d', { tokens: 50, requests: 2 }),
  ];
  const orders = draw('usage', choices, 4_000);
  assert.ok(chiSquare(orders, { cdba: 0.5, dcba: 0.5 }) < limit[1]);
});

test('latency draws among those within a fifth of the fastest; slower ones follow by their time', () => {
  const choices = [
    choice('e', { latency: 900 }),
    choice('a', { latency: 100 }),
    choice('b', { latency: 119 }),
    choice('d', { latency: 121 }),
    choice('c', { latency: 120 }),
  ];
  const orders = draw('latency', choices, 6_000);
  assert.ok(chiSquare(firsts(orders), { a: 1 / 3, b: 1 / 3, c: 1 / 3 }) < limit[2]);
  for (const order of orders.keys()) assert.equal(order.slice(3), 'de');
});

test('latency explores one unmeasured choice, then goes for the fastest', () => {
  const choices = [
    choice('a', { latency: 100 }),
    choice('u'),
    choice('v'),
    choice('s', { latency: 500 }),
    choice('busy', { inFlight: 1 }),
  ];
  const orders = draw('latency', choices, 4_000);
  assert.ok(chiSquare(orders, { uasvbusy: 0.5, vasubusy: 0.5 }) < limit[1]);
});

test('latency leaves alone what is being explored already or has just failed', () => {
  assert.equal(isExplored(choice('a')), true);
  assert.equal(isExplored(choice('a', { inFlight: 1 })), false);
  assert.equal(isExplored(choice('a', { missed: true })), false);
  assert.equal(isExplored(choice('a', { latency: 0 })), false);
  const choices = [
    choice('f', { missed: true }),
    choice('g', { inFlight: 1 }),
    choice('a', { latency: 9_000 }),
  ];
  assert.deepEqual([...firsts(draw('latency', choices, 50)).keys()], ['a']);
});

test('where nothing is measured and all are tried, latency takes the least busy', () => {
  const choices = [choice('a', { inFlight: 3 }), choice('b', { inFlight: 1 }), choice('c', { inFlight: 2 })];
  assert.deepEqual([...draw('latency', choices, 50).keys()], ['bca']);
});
