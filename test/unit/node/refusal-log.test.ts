import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusalLog } from '../../../src/node/refusal-log.ts';

test('many refusals are few lines, and none is forgotten', () => {
  const lines: string[] = [];
  let now = 5;
  const refusals = new RefusalLog(
    (_, message) => lines.push(message),
    () => now,
  );
  for (let count = 0; count < 10_000; count++) refusals.add('refused');
  assert.equal(lines.length, 30);
  assert.match(lines.at(-1) ?? '', /only counted/);
  now += 60_000;
  refusals.add('again');
  assert.deepEqual(lines.slice(30), ['9970 more requests or connections were refused', 'again']);
  now += 60_000;
  refusals.add('later');
  assert.deepEqual(lines.slice(32), ['later']);
});
