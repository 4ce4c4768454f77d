import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import { type Failure, UpstreamFailure } from '../../../src/core/failure.ts';
import type { Committed } from '../../../src/core/gateway/attempt-input.ts';
import { type LoopResult, runAttemptLoop } from '../../../src/core/gateway/attempt-loop.ts';
import { classifyAnswer, resetFailure } from '../../../src/core/resilience/classify.ts';
import { HealthBook } from '../../../src/core/resilience/health-book.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';
import { idleDispatcher } from '../../tools/idle-dispatcher.ts';
import { fixedRandom, ManualClock } from '../../tools/manual-clock.ts';

const answer: Committed = { kind: 'whole', status: 200, headers: {}, body: '{}' };
const status = (code: number, message = 'no', until?: number) =>
  classifyAnswer(code, { type: 'e', message }, until);

/** Runs the loop over providers a, b, c, each answering from its own list; the last entry repeats. */
async function run(
  scripts: Record<string, ((now: number) => Failure | 'ok')[]>,
  resilience: Partial<RouterConfig['resilience']> = {},
) {
  const clock = new ManualClock();
  const health = new HealthBook(clock, () => 'key');
  const names = Object.keys(scripts);
  const config = routerConfig({
    providers: names.map((name) => provider(name, ['m'])),
    groups: [
      group(
        'g',
        names.map((name) => target(`${name}/m`)),
      ),
    ],
    resilience,
  });
  const asked = { config, target: target('g'), kind: 'whole' as const, tokens: () => 0, size: 0 };
  const dispatch = idleDispatcher(clock)(asked);
  const trace: string[] = [];
  const start = clock.now();
  const counts = new Map<string, number>();
  const abort = new AbortController();
  let result: LoopResult | undefined;
  const loop = runAttemptLoop({
    candidates: dispatch.candidates,
    resilience: config.resilience,
    health,
    admission: dispatch,
    clock,
    random: fixedRandom(0),
    signal: abort.signal,
    async attempt({ provider: { name } }) {
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      trace.push(`${name}@${clock.now() - start}`);
      const script = scripts[name] ?? [];
      const outcome = (script[count] ?? script.at(-1))?.(clock.now());
      if (outcome === 'ok') return answer;
      throw new UpstreamFailure(outcome ?? status(500));
    },
    onWait() {},
    onAttempt() {},
    onAttemptEnd() {},
  }).then((value) => {
    result = value;
  });
  for (let turn = 0; turn < 200 && !result; turn++) await clock.advance(100);
  await loop;
  assert.ok(result);
  return { trace, result, health, clock };
}
const ok = () => 'ok' as const;
const fails = (code: number) => () => status(code);

test('the first healthy deployment in order serves', async () => {
  const { trace, result } = await run({ a: [ok], b: [ok] });
  assert.deepEqual(trace, ['a@0']);
  assert.equal(result.ok, true);
});

for (const code of [401, 402, 403, 404, 408, 429, 500, 502, 503, 504, 529]) {
  test(`after ${code} the next deployment is tried at once`, async () => {
    const { trace, result } = await run({ a: [fails(code)], b: [ok] });
    assert.deepEqual(trace, ['a@0', 'b@0']);
    assert.equal(result.ok, true);
  });
}

for (const code of [400, 413, 422]) {
  test(`${code} goes to the client and is not multiplied`, async () => {
    const { trace, result } = await run({ a: [fails(code)], b: [ok] });
    assert.deepEqual(trace, ['a@0']);
    assert.equal(!result.ok && result.failure.status, code);
  });
}

test('an unreachable host makes way for the next', async () => {
  const refused = () => ({
    ...resetFailure('refused'),
    kind: 'connect' as const,
    scope: 'provider' as const,
  });
  const { trace } = await run({ a: [refused], b: [ok] });
  assert.deepEqual(trace, ['a@0', 'b@0']);
});

test('a lone deployment is repeated with growing waits, then the failure stands', async () => {
  const { trace, result } = await run({ a: [fails(529)] });
  assert.deepEqual(trace, ['a@0', 'a@500', 'a@1500', 'a@3500']);
  assert.equal(!result.ok && result.failure.kind, 'overloaded');
});

test('a lone deployment that recovers serves after the wait', async () => {
  const { trace, result } = await run({ a: [fails(500), ok] });
  assert.deepEqual(trace, ['a@0', 'a@500']);
  assert.equal(result.ok, true);
});

test('a short limit is waited for', async () => {
  const { trace, result } = await run({ a: [(now) => status(429, 'slow', now + 3000), ok] });
  assert.deepEqual(trace, ['a@0', 'a@3000']);
  assert.equal(result.ok, true);
});

test('a long limit is not waited for, and the client is told when it ends', async () => {
  const { trace, result, clock } = await run({ a: [(now) => status(429, 'slow', now + 120_000)] });
  assert.deepEqual(trace, ['a@0']);
  assert.equal(!result.ok && result.back, clock.now() - 100 + 120_000);
});

test('refused keys and missing models are not repeated', async () => {
  for (const code of [401, 404, 402]) assert.deepEqual((await run({ a: [fails(code)] })).trace, ['a@0']);
});

test('the attempt budget covers the whole exchange', async () => {
  const { trace } = await run(
    { a: [fails(500)], b: [fails(500)], c: [fails(500)] },
    { maxAttempts: 4, retries: 10 },
  );
  assert.equal(trace.length, 4);
  assert.deepEqual(trace.slice(0, 3), ['a@0', 'b@0', 'c@0']);
});

test("the client sees the first deployment's failure, not the last one's", async () => {
  const { result } = await run({ a: [fails(429)], b: [fails(401)] }, { retries: 0 });
  assert.equal(!result.ok && result.failure.status, 429);
});
