import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyAnswer, resetFailure } from '../../../src/core/resilience/classify.ts';
import { HealthBook } from '../../../src/core/resilience/health-book.ts';
import { deploymentsOf } from '../../../src/core/routing/candidates.ts';
import { key, provider, routerConfig } from '../../tools/config-builder.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

function setUp() {
  const keys: Record<string, string | undefined> = { 'env:A': 'value-a', 'env:B': 'value-b' };
  const clock = new ManualClock();
  const health = new HealthBook(clock, (reference) => keys[reference]);
  const config = routerConfig({
    providers: [
      provider('p', ['m', 'n'], {
        keys: [key('a'), key('b')],
      }),
    ],
  });
  const [first, second] = deploymentsOf(config, 'p', 'm');
  const [other] = deploymentsOf(config, 'p', 'n');
  assert.ok(first && second && other);
  return { keys, clock, health, first, second, other, resilience: config.resilience };
}
const serverError = classifyAnswer(500, { type: 'api_error', message: 'broken' });

test('transient failures are forgiven until there are more than allowed within a minute', async () => {
  const { health, first, second, resilience, clock } = setUp();
  health.failure(first, serverError, resilience);
  health.failure(first, serverError, resilience);
  assert.equal(health.of(first).state, 'ok');
  await clock.advance(61_000);
  health.failure(first, serverError, resilience);
  assert.equal(health.of(first).state, 'ok', 'the first two are too old to count');
  health.failure(first, serverError, resilience);
  health.failure(first, serverError, resilience);
  assert.deepEqual(health.of(first), { state: 'cooling', until: clock.now() + 60_000, reason: 'broken' });
  assert.equal(health.of(second).state, 'ok', 'the other key is another deployment');
});

test('after a cooldown one request tries; failure doubles the time, success closes', async () => {
  const { health, first, resilience, clock } = setUp();
  for (let count = 0; count < 3; count++) health.failure(first, serverError, resilience);
  await clock.advance(60_000);
  assert.equal(health.of(first).state, 'ok');
  const trial = health.begin(first);
  assert.equal(health.of(first).state, 'cooling', 'others keep away while one tries');
  health.failure(first, serverError, resilience, trial);
  assert.equal(health.of(first).until, clock.now() + 120_000);
  await clock.advance(120_000);
  health.begin(first);
  health.committed(first);
  assert.equal(health.of(first).state, 'ok');
  health.completed(first);
  assert.equal(health.of(first).state, 'ok');
  health.failure(first, serverError, resilience);
  assert.equal(health.of(first).state, 'ok', 'a success forgets what was before');
});

test('a deadline only moves later', () => {
  const { health, first, resilience, clock } = setUp();
  const limit = (seconds: number) =>
    classifyAnswer(429, { type: 'e', message: 'slow down' }, clock.now() + seconds * 1000);
  health.failure(first, limit(100), resilience);
  health.failure(first, limit(5), resilience);
  assert.equal(health.of(first).until, clock.now() + 100_000);
});

test('a refused key is out until its value changes; the other key goes on', () => {
  const { health, first, second, other, resilience, keys } = setUp();
  health.failure(first, classifyAnswer(401, { type: 'e', message: 'invalid key' }), resilience);
  assert.deepEqual(health.of(first), { state: 'out', reason: 'invalid key' });
  assert.equal(health.of(other).state, 'out', 'the key serves all models');
  assert.equal(health.of(second).state, 'ok');
  keys['env:A'] = 'new-value';
  assert.equal(health.of(first).state, 'ok');
});

test('a missing key is out and names its reference', () => {
  const { health, first, keys } = setUp();
  keys['env:A'] = undefined;
  assert.deepEqual(health.of(first), { state: 'out', reason: 'env:A is not set' });
});

test('an unreachable host cools the whole provider', () => {
  const { health, first, other, resilience } = setUp();
  health.failure(first, { ...resetFailure('refused'), kind: 'connect', scope: 'provider' }, resilience);
  assert.equal(health.of(first).state, 'cooling');
  assert.equal(health.of(other).state, 'cooling');
});

test("the client's own mistakes leave no trace", () => {
  const { health, first, resilience } = setUp();
  for (let count = 0; count < 9; count++)
    health.failure(first, classifyAnswer(400, { type: 'e', message: 'no' }), resilience);
  assert.deepEqual(health.of(first), { state: 'ok' });
});

test('deadlines survive a restart, refusals do not, garbage is ignored', () => {
  const { health, first, second, resilience, clock, keys } = setUp();
  health.failure(first, classifyAnswer(402, { type: 'e', message: 'no money' }), resilience);
  health.failure(second, classifyAnswer(401, { type: 'e', message: 'invalid' }), resilience);
  const data = JSON.parse(JSON.stringify(health.export()));
  const restarted = new HealthBook(clock, (reference) => keys[reference]);
  restarted.import({
    ...data,
    'key x': 'garbage',
    constructor: { until: 1 },
    'deployment y': { until: 'x' },
  });
  assert.deepEqual(restarted.of(first), health.of(first));
  assert.equal(restarted.of(second).state, 'ok');
  assert.equal(restarted.nextRecovery(), clock.now() + 3_600_000);
  restarted.import(null);
});

test('clearing forgets one provider or all', () => {
  const { health, first, resilience } = setUp();
  health.failure(first, classifyAnswer(402, { type: 'e', message: 'no money' }), resilience);
  health.clear('other');
  assert.equal(health.of(first).state, 'cooling');
  health.clear('p');
  assert.equal(health.of(first).state, 'ok');
});

test('requests that fail together cool once; only a failed probe doubles', async () => {
  const { health, first, resilience, clock } = setUp();
  const refused = { ...serverError, kind: 'connect' as const, scope: 'provider' as const };
  const start = clock.now();
  for (let count = 0; count < 10; count++) health.failure(first, refused, resilience);
  assert.equal(health.of(first).until, start + 60_000);
  await clock.advance(30_000);
  health.failure(first, refused, resilience);
  assert.equal(health.of(first).until, start + 60_000, 'one that took longer to fail changes nothing');
  await clock.advance(30_000);
  health.failure(first, refused, resilience, health.begin(first));
  assert.equal(health.of(first).until, clock.now() + 120_000);
});

test('a request that was under way before the rest and fails after it is no failed trial', async () => {
  const { health, first, resilience, clock } = setUp();
  const slow = health.begin(first);
  const refused = { ...serverError, kind: 'connect' as const, scope: 'provider' as const };
  health.failure(first, refused, resilience);
  await clock.advance(60_000);
  health.failure(first, serverError, resilience, slow);
  assert.equal(health.of(first).state, 'ok', 'a passing mistake is forgiven');
  health.failure(first, refused, resilience, slow);
  assert.equal(health.of(first).until, clock.now() + 60_000, 'not doubled');
});

test("a trial whose rest another request's success has ended is like any other request", async () => {
  const { health, first, resilience } = setUp();
  for (let count = 0; count < 3; count++) health.failure(first, serverError, resilience);
  const early = health.begin(first);
  health.committed(first);
  health.completed(first);
  health.failure(first, serverError, resilience, early);
  assert.equal(health.of(first).state, 'ok');
});

test('a key that was changed while the old one was tried is not blamed', () => {
  const { keys, health, first, resilience } = setUp();
  const refusal = classifyAnswer(401, { type: 'authentication_error', message: 'no' });
  const used = health.begin(first);
  keys['env:A'] = 'a new value';
  health.failure(first, refusal, resilience, used);
  assert.equal(health.of(first).state, 'ok');
  health.failure(first, refusal, resilience, health.begin(first));
  assert.equal(health.of(first).state, 'out');
});

test('what was told to a key is over when the key is replaced, also over a restart', () => {
  const { keys, health, first, second, resilience, clock } = setUp();
  const noMoney = classifyAnswer(402, { type: 'x', message: 'Insufficient Balance' });
  const old = health.begin(first);
  health.failure(first, noMoney, resilience, health.begin(first));
  const again = new HealthBook(clock, (reference) => keys[reference]);
  again.import(JSON.parse(JSON.stringify(health.export())));
  assert.doesNotMatch(JSON.stringify(health.export()), /value-a/);
  for (const book of [health, again]) {
    assert.equal(book.of(first).state, 'cooling');
    assert.ok(book.limitLeft(first) > 0);
  }
  keys['env:A'] = 'value-c';
  for (const book of [health, again]) {
    assert.equal(book.of(first).state, 'ok');
    assert.equal(book.limitLeft(first), 0);
  }
  health.failure(first, noMoney, resilience, old);
  assert.equal(health.of(first).state, 'ok', 'a late answer to the old key');
  health.failure(first, noMoney, resilience, health.begin(first));
  assert.equal(health.of(first).state, 'cooling', 'the new one is no better');
  assert.equal(health.of(second).state, 'ok');
});

test('an attempt that tried before another one does not end its trial', async () => {
  const { health, first, resilience, clock } = setUp();
  const strike = () => health.failure(first, serverError, resilience, health.begin(first));
  for (let count = 0; count < 3; count++) strike();
  await clock.advance(60_000);
  const early = health.begin(first);
  health.committed(first);
  for (let count = 0; count < 3; count++) strike();
  await clock.advance(60_000);
  const late = health.begin(first);
  health.release(early);
  assert.ok(health.isProbed(first));
  health.release(late);
  assert.ok(!health.isProbed(first));
});

test('cooldowns stay when more models fail now and then than the book remembers', () => {
  const { health, first, resilience, clock } = setUp();
  health.failure(first, { ...serverError, kind: 'rate-limit' }, resilience);
  for (let count = 0; count < 10_000; count++) {
    const other = { ...first, id: `p/a/m${count}` };
    health.failure(other, serverError, resilience);
    health.completed(other);
  }
  assert.equal(health.of(first).until, clock.now() + 60_000);
});

test('a damaged file keeps nothing away for longer than any limit lasts', () => {
  const { health, first, clock } = setUp();
  health.import({ 'deployment p/a/m': { limit: 1e300, limitReason: 'x' } });
  assert.equal(health.of(first).until, clock.now() + 31 * 86_400_000);
});

test('a success ends a rest, never a limit that the upstream told', async () => {
  const { health, first, second, resilience, clock } = setUp();
  const told = clock.now() + 3_600_000;
  const quota = classifyAnswer(429, { type: 'e', message: 'insufficient_quota' }, told);
  health.failure(first, quota, resilience);
  health.committed(first);
  assert.deepEqual(health.of(first), { state: 'cooling', until: told, reason: 'insufficient_quota' });
  // A rest on top of it is longer or shorter: the later deadline counts, and its end leaves the other.
  for (let count = 0; count < 3; count++) health.failure(first, serverError, resilience);
  assert.equal(health.of(first).until, told);
  await clock.advance(61_000);
  assert.equal(health.of(first).until, told);
  assert.equal(health.coolsByGuess(first), false);
  assert.equal(health.of(second).state, 'ok');
});

test('a limit of a model family leaves the other families of the key alone', () => {
  const clock = new ManualClock();
  const health = new HealthBook(clock, () => 'value');
  const config = routerConfig({
    providers: [provider('p', ['claude-opus-5', 'vendor/opus-x', 'claude-haiku-5'])],
  });
  const [opus, other, haiku] = ['claude-opus-5', 'vendor/opus-x', 'claude-haiku-5'].map(
    (id) => deploymentsOf(config, 'p', id)[0],
  );
  assert.ok(opus && other && haiku);
  const weekly = classifyAnswer(403, { type: 'e', message: 'opus_weekly_limit' }, clock.now() + 86_400_000);
  health.failure(opus, weekly, config.resilience);
  assert.deepEqual(
    [opus, other, haiku].map((each) => health.of(each).state),
    ['cooling', 'cooling', 'ok'],
  );
  const again = new HealthBook(clock, () => 'value');
  again.import(JSON.parse(JSON.stringify(health.export())));
  assert.equal(again.of(other).state, 'cooling');
  again.clear('p');
  assert.equal(again.of(other).state, 'ok');
});

test('only the request that tries ends the trial', async () => {
  const { health, first, resilience, clock } = setUp();
  const before = health.begin(first);
  for (let count = 0; count < 3; count++) health.failure(first, serverError, resilience);
  await clock.advance(60_000);
  health.begin(first);
  health.release(before);
  assert.equal(health.isProbed(first), true, 'another request that ends late says nothing about it');
});

test('rests double up to 30 minutes, or stay as long as the user wants them', async () => {
  for (const [cooldown, expected] of [
    [60, [60, 120, 240, 480, 960, 1800, 1800]],
    [3600, [3600, 3600]],
  ] as const) {
    const { health, first, clock } = setUp();
    const resilience = { ...setUp().resilience, cooldown, allowedFails: 0 };
    for (const seconds of expected) {
      health.failure(first, serverError, resilience, health.begin(first));
      assert.equal(((health.of(first).until ?? 0) - clock.now()) / 1000, seconds);
      await clock.advance(seconds * 1000);
    }
  }
});

test('refusals of any number of names that clients make up are not kept for ever', () => {
  const { health, resilience, first, clock } = setUp();
  const missing = classifyAnswer(404, { type: 'not_found_error', message: 'no such model' });
  health.failure(first, { ...serverError, scope: 'key', until: clock.now() + 60_000 }, resilience);
  const config = routerConfig({ providers: [provider('p', ['m'])] });
  for (let index = 0; index < 5_000; index++)
    for (const each of deploymentsOf(config, 'p', `made-up-${index}`))
      health.failure(each, missing, resilience);
  const kept = Object.keys(health.export());
  assert.ok(kept.length <= 2_000, `${kept.length} are kept`);
  assert.ok(
    kept.some((name) => name.endsWith('made-up-4999')),
    'the newest are known',
  );
  assert.equal(health.of(first).state, 'cooling', 'what many share is not forgotten for them');
});
