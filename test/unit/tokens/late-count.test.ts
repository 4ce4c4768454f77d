import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lateCount } from '../../../src/core/tokens/late-count.ts';

test('a late count is worked out once, when it is first needed', () => {
  let worked = 0;
  const late = lateCount(() => {
    worked++;
    return 20;
  });
  assert.equal(worked, 0);
  assert.deepEqual([late.count(), late.count()], [20, 20]);
  assert.equal(worked, 1);
  late.letGo();
  assert.equal(late.count(), 20);
});

test('what was let go before it was needed is not worked out any more', () => {
  const late = lateCount(() => assert.fail('it was let go'));
  late.letGo();
  assert.equal(late.count(), 0);
});
