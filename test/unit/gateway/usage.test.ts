import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeUsage } from '../../../src/core/gateway/usage.ts';

test('zeros at the end do not overwrite what was told at the start', () => {
  const start = mergeUsage({}, { input: 12, output: 1, cacheRead: 3 });
  assert.deepEqual(mergeUsage(start, { input: 0, output: 7 }), {
    input: 12,
    output: 7,
    cacheRead: 3,
    cacheWrite: 0,
  });
});

test('a prompt that came from the cache as a whole has no other input', () => {
  const estimate = mergeUsage({}, { input: 900, output: 0 });
  assert.deepEqual(mergeUsage(estimate, { input: 0, cacheRead: 1000, output: 5 }), {
    input: 0,
    output: 5,
    cacheRead: 1000,
    cacheWrite: 0,
  });
});
