import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HealthFile } from '../../../src/node/health-file.ts';
import { Throttle } from '../../../src/node/throttle.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

test('many requests make one run per interval, and none is lost', async () => {
  const clock = new ManualClock();
  const runs: number[] = [];
  const begin = clock.now();
  const throttle = new Throttle(clock, 100, () => runs.push(clock.now() - begin));
  for (let i = 0; i < 5; i++) throttle.request();
  assert.deepEqual(runs, [0]);
  await clock.advance(99);
  throttle.request();
  assert.deepEqual(runs, [0]);
  await clock.advance(1);
  assert.deepEqual(runs, [0, 100]);
  throttle.request();
  throttle.now();
  assert.deepEqual(runs, [0, 100, 100]);
  await clock.advance(500);
  assert.deepEqual(runs, [0, 100, 100], 'what ran at once does not run again');
  throttle.request();
  throttle.request();
  throttle.stop();
  await clock.advance(500);
  assert.deepEqual(runs, [0, 100, 100, 600]);
});

test('health is written a moment after a change, once, and only when it differs', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-health-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'health.json');
  const clock = new ManualClock();
  const log: string[] = [];
  let state: unknown = { a: 1 };
  const health = new HealthFile(
    file,
    clock,
    (level, message) => log.push(`${level} ${message}`),
    () => state,
  );
  assert.equal(health.load(), undefined);
  health.touch();
  health.touch();
  await clock.advance(1000);
  assert.equal(readFileSync(file, 'utf8'), '{"a":1}');
  writeFileSync(file, 'changed by nobody');
  health.touch();
  await clock.advance(1000);
  assert.equal(readFileSync(file, 'utf8'), 'changed by nobody', 'nothing new, nothing written');
  assert.equal(health.load(), undefined, 'a damaged file counts as none');
  state = { a: 2 };
  health.flush();
  assert.deepEqual(health.load(), { a: 2 });
  const lost = new HealthFile(
    join(folder, 'missing', 'x.json'),
    clock,
    (level) => log.push(level),
    () => state,
  );
  lost.flush();
  assert.deepEqual(log, ['warn']);
});
