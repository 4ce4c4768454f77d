// The watchdog of an attempt, when our own process stands still: stopped by a signal, or on a machine that slept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watchdog } from '../../../src/core/gateway/watchdog.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

const timeouts = { firstToken: 30, idle: 60, total: 600, connect: 10 };

function watched() {
  const clock = new ManualClock();
  const failures: string[] = [];
  const watchdog = new Watchdog(clock, 'p', ({ message }) => failures.push(message));
  return { clock, failures, watchdog };
}

test('a stop of our own process is not the silence of the provider', async () => {
  const { clock, failures, watchdog } = watched();
  watchdog.start(timeouts, true);
  watchdog.contentSeen(timeouts.idle);
  watchdog.listen(true);
  await clock.advance(10_000);
  await clock.freeze(3_600_000);
  assert.deepEqual(failures, []);
  await clock.advance(59_000);
  assert.deepEqual(failures, [], 'its time begins anew');
  await clock.advance(2000);
  assert.match(failures.join(), /^p sent nothing for 60 s/);
});

test('the time of the first content and of the whole answer begins anew too, once', async () => {
  for (const [stream, what, seconds] of [
    [true, /no content within 30 s/, 30],
    [false, /no complete answer within 600 s/, 600],
  ] as const) {
    const { clock, failures, watchdog } = watched();
    watchdog.start(timeouts, stream);
    await clock.advance(10_000);
    await clock.freeze(3_600_000);
    await clock.advance(seconds * 1000 - 1);
    assert.deepEqual(failures, []);
    await clock.advance(1);
    assert.match(failures.join(), what);
  }
});

test('a stop that is over before the time is up changes nothing', async () => {
  const { clock, failures, watchdog } = watched();
  watchdog.start(timeouts, true);
  await clock.advance(10_000);
  await clock.freeze(15_000);
  await clock.advance(4999);
  assert.deepEqual(failures, []);
  await clock.advance(1);
  assert.match(failures.join(), /no content within 30 s/);
});

test('a stopped watchdog says nothing, also after a stop of the process', async () => {
  const { clock, failures, watchdog } = watched();
  watchdog.start(timeouts, true);
  await clock.freeze(3_600_000);
  watchdog.stop();
  assert.deepEqual(clock.waiting, []);
  await clock.advance(3_600_000);
  assert.deepEqual(failures, []);
});
