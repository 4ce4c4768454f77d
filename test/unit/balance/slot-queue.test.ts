import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lease, LoadBook } from '../../../src/core/balance/load-book.ts';
import { type Slot, SlotQueue } from '../../../src/core/balance/slot-queue.ts';
import type { KeyConfig } from '../../../src/core/config/router-config.ts';
import { type Deployment, deploymentsOf } from '../../../src/core/routing/candidates.ts';
import { key, provider, routerConfig } from '../../tools/config-builder.ts';
import { ManualClock, settle } from '../../tools/manual-clock.ts';
import { seeded } from '../../tools/seeded.ts';

function setUp(...limits: Partial<KeyConfig>[]) {
  const clock = new ManualClock();
  const keys = limits.map((limit, index) => key(`k${index}`, limit));
  const config = routerConfig({ providers: [provider('p', ['m', 'n'], { keys })] });
  const deployments = deploymentsOf(config, 'p', 'm');
  const [first] = deployments;
  const [sibling] = deploymentsOf(config, 'p', 'n');
  assert.ok(first && sibling);
  const load = new LoadBook(clock);
  return { clock, load, queue: new SlotQueue(load, clock), deployments, first, sibling };
}

const demand = (tokens: number) => ({ tokens: () => tokens, size: 0 });
const small = demand(0);

function started(lease: Lease | undefined): Lease {
  assert.ok(lease, 'the call may begin');
  return lease;
}

/** Waits in the queue and notes when the wait is over. */
function waitFor(
  { queue, clock }: { queue: SlotQueue; clock: ManualClock },
  wanted: readonly Deployment[],
  { milliseconds = 10_000, tokens = 0, isWanted = (_: Deployment): boolean => true } = {},
) {
  const abort = new AbortController();
  const began = clock.now();
  const wait: { slot?: Slot | undefined; after?: number; leave(): void } = { leave: () => abort.abort() };
  void queue
    .wait({
      wanted: () => wanted.filter(isWanted),
      demand: demand(tokens),
      milliseconds,
      signal: abort.signal,
    })
    .then((slot) => {
      wait.after = clock.now() - began;
      wait.slot = slot;
    });
  return wait;
}

test('a key serves no more calls at once than it may; another model of the account counts too', () => {
  const { queue, load, first, sibling } = setUp({ maxParallel: 2 });
  const one = started(queue.begin(first, small));
  started(queue.begin(sibling, small));
  assert.equal(queue.begin(first, small), undefined);
  assert.deepEqual([load.inFlight(first.id), load.inFlight(sibling.id)], [1, 1]);
  one.end();
  one.end();
  assert.equal(load.inFlight(first.id), 0, 'a lease ends once');
  started(queue.begin(first, small));
  assert.equal(queue.begin(first, small), undefined);
});

test('a key sends no more requests in 60 s than it may', async () => {
  const { queue, first, clock } = setUp({ rpm: 2 });
  started(queue.begin(first, small)).end();
  await clock.advance(30_000);
  started(queue.begin(first, small)).end();
  assert.equal(queue.begin(first, small), undefined);
  await clock.advance(30_000);
  started(queue.begin(first, small)).end();
  assert.equal(queue.begin(first, small), undefined);
});

test('tokens are booked before the call and corrected after it', () => {
  const { queue, load, first } = setUp({ tpm: 100 });
  const lease = started(queue.begin(first, demand(80)));
  assert.equal(queue.begin(first, demand(21)), undefined);
  lease.end(50);
  assert.equal(load.lastMinute(first).tokens, 50);
  const other = started(queue.begin(first, demand(50)));
  other.end();
  assert.equal(load.lastMinute(first).tokens, 100, 'without usage the estimate stands');
});

test('without a limit of tokens nothing is counted: the size of the body stands for them', () => {
  const { queue, load, first } = setUp({ rpm: 10 });
  const uncounted = { tokens: () => assert.fail('counted'), size: 400 };
  started(queue.begin(first, uncounted));
  assert.equal(load.lastMinute(first).tokens, 100);
});

test('who waited longest gets the slot that comes free; newcomers do not overtake', async () => {
  const set = setUp({ maxParallel: 1 });
  const lease = started(set.queue.begin(set.first, small));
  const waits = [waitFor(set, [set.first]), waitFor(set, [set.first]), waitFor(set, [set.first])];
  await set.clock.advance(1_000);
  lease.end();
  assert.equal(set.queue.begin(set.first, small), undefined, 'the slot is given away already');
  await settle();
  assert.deepEqual(
    waits.map(({ after }) => after),
    [1_000, undefined, undefined],
  );
  waits[0]?.slot?.lease.end();
  await settle();
  waits[1]?.slot?.lease.end();
  await settle();
  waits[2]?.slot?.lease.end();
  started(set.queue.begin(set.first, small));
});

test('who waits for several keys takes the first that comes free', async () => {
  const set = setUp({ maxParallel: 1 }, { maxParallel: 1 });
  const [one, two] = set.deployments;
  assert.ok(one && two);
  started(set.queue.begin(one, small));
  const second = started(set.queue.begin(two, small));
  const picky = waitFor(set, [one]);
  const either = waitFor(set, [one, two]);
  second.end();
  await settle();
  assert.equal(picky.after, undefined);
  assert.equal(either.slot?.deployment.id, two.id);
});

test('slots of the minute come free by themselves, one at a time', async () => {
  const set = setUp({ rpm: 2 });
  started(set.queue.begin(set.first, small)).end();
  await set.clock.advance(5_000);
  started(set.queue.begin(set.first, small)).end();
  const options = { milliseconds: 120_000 };
  const waits = [1, 2, 3].map(() => waitFor(set, [set.first], options));
  await set.clock.advance(120_000);
  assert.deepEqual(
    waits.map(({ after }) => after),
    [55_000, 60_000, 115_000],
  );
});

test('a large request is not starved by small ones behind it', async () => {
  const set = setUp({ tpm: 100 });
  started(set.queue.begin(set.first, demand(60))).end();
  const large = waitFor(set, [set.first], { tokens: 90, milliseconds: 90_000 });
  const little = waitFor(set, [set.first], { tokens: 5, milliseconds: 90_000 });
  assert.equal(set.queue.begin(set.first, demand(5)), undefined);
  await set.clock.advance(60_000);
  assert.equal(large.after, 60_000);
  assert.equal(little.after, 60_000);
});

test('when the large one leaves, those behind it move up at once', async () => {
  for (const how of ['timeout', 'abort'] as const) {
    const set = setUp({ tpm: 100 });
    started(set.queue.begin(set.first, demand(60))).end();
    const large = waitFor(set, [set.first], { tokens: 90, milliseconds: how === 'timeout' ? 2_000 : 90_000 });
    const little = waitFor(set, [set.first], { tokens: 5 });
    await set.clock.advance(2_000);
    if (how === 'abort') large.leave();
    await settle();
    assert.deepEqual([large.slot, little.after], [undefined, 2_000], how);
    assert.ok(little.slot);
  }
});

test('a wait that is over leaves nothing behind: no timer, no slot', async () => {
  const set = setUp({ maxParallel: 1 });
  const lease = started(set.queue.begin(set.first, small));
  const late = waitFor(set, [set.first], { milliseconds: 1_000 });
  const gone = waitFor(set, [set.first]);
  gone.leave();
  await set.clock.advance(1_000);
  assert.deepEqual([late.slot, late.after, gone.after], [undefined, 1_000, 0]);
  assert.deepEqual(set.clock.waiting, []);
  lease.end();
  started(set.queue.begin(set.first, small)).end();
});

test('a slot nobody wants any more goes to who does, not to waste', async () => {
  const set = setUp({ maxParallel: 1 });
  const lease = started(set.queue.begin(set.first, small));
  let well = true;
  const fickle = waitFor(set, [set.first], { isWanted: () => well });
  const patient = waitFor(set, [set.first]);
  // Its deployment began to cool while it waited.
  well = false;
  lease.end();
  await settle();
  assert.deepEqual([fickle.after, fickle.slot], [0, undefined], 'nor does it stay until its time is up');
  assert.ok(patient.slot);
  patient.slot.lease.end();
  const newcomer = waitFor(set, [set.first]);
  await settle();
  assert.ok(newcomer.slot, 'the one that does not want it does not block the others');
});

test('when a key turns out limited, all who wait for it alone leave at once, thousands too; who has another stays', async () => {
  const set = setUp({ maxParallel: 1 }, { maxParallel: 1 });
  const [one, two] = set.deployments;
  assert.ok(one && two);
  const lease = started(set.queue.begin(one, small));
  const other = started(set.queue.begin(two, small));
  let well = true;
  const isWanted = (each: Deployment) => each !== one || well;
  const line = Array.from({ length: 2_000 }, () => waitFor(set, [one], { isWanted }));
  const both = waitFor(set, set.deployments, { isWanted });
  well = false;
  lease.end();
  await settle();
  assert.ok(line.every(({ after, slot }) => after === 0 && !slot));
  assert.equal(both.after, undefined);
  other.end();
  await settle();
  assert.equal(both.slot?.deployment, two);
  assert.deepEqual(set.clock.waiting, []);
  assert.ok(set.queue.hasRoom(one, small), 'nothing is left of the line');
});

test('many callers, some impatient, some leaving: limits hold, the order is fair, every slot comes back', async () => {
  const next = seeded(11);
  const set = setUp({ maxParallel: 3 }, { maxParallel: 2, rpm: 40 });
  const running: Lease[] = [];
  let most = 0;
  const served: number[] = [];
  const waits: ReturnType<typeof waitFor>[] = [];
  const begin = (lease: Lease) => {
    running.push(lease);
    most = Math.max(most, running.length);
  };
  for (let turn = 0; turn < 2_000; turn++) {
    const kind = next(4);
    if (kind < 2) {
      const free = set.deployments.find((each) => set.queue.hasRoom(each, small));
      const lease = free && set.queue.begin(free, small);
      if (lease) begin(lease);
      else waits.push(waitFor(set, set.deployments, { milliseconds: 500 + next(5_000) }));
    } else if (kind === 2) running.splice(next(Math.max(running.length, 1)), 1)[0]?.end();
    else if (next(20) === 0) waits[next(Math.max(waits.length, 1))]?.leave();
    await set.clock.advance(next(300));
    for (const [index, wait] of waits.entries())
      if (wait.slot && !served.includes(index)) {
        served.push(index);
        begin(wait.slot.lease);
      }
    assert.ok(running.length <= 5, `${running.length} at once`);
  }
  assert.equal(most, 5);
  assert.ok(served.length > 100, `${served.length} waited with success`);
  assert.deepEqual(
    served,
    served.toSorted((a, b) => a - b),
    'all want the same, so they are served as they came',
  );
  for (const lease of running.splice(0)) lease.end();
  await set.clock.advance(120_000);
  for (const [index, wait] of waits.entries()) if (!served.includes(index)) wait.slot?.lease.end();
  assert.deepEqual(
    set.deployments.map(({ id }) => set.load.inFlight(id)),
    [0, 0],
  );
  assert.deepEqual(set.clock.waiting, []);
});

test('who waits for a slot that is too small for him is not looked after all the time', async () => {
  const set = setUp({ maxParallel: 1 }, { tpm: 100 });
  const [one, two] = set.deployments;
  assert.ok(one && two);
  started(set.queue.begin(one, small));
  started(set.queue.begin(two, demand(90)));
  let isBack = false;
  waitFor(set, set.deployments, { tokens: 50, isWanted: (each) => each === one || isBack });
  isBack = true;
  waitFor(set, [two], { tokens: 5 });
  assert.ok((set.clock.waiting[0] ?? 0) > 1_000, `next look in ${set.clock.waiting[0]} ms`);
});
