import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Minute } from '../../../src/core/balance/minute.ts';
import { seeded } from '../../tools/seeded.ts';

const start = 1_000_000;

test('requests and tokens leave the window 60 s after they were sent, one by one', () => {
  const minute = new Minute();
  minute.book(start, 10);
  minute.book(start + 20_000, 5);
  assert.deepEqual([minute.requests(start + 59_999), minute.tokens(start + 59_999)], [2, 15]);
  assert.deepEqual([minute.requests(start + 60_000), minute.tokens(start + 60_000)], [1, 5]);
  assert.deepEqual([minute.requests(start + 80_000), minute.tokens(start + 80_000)], [0, 0]);
});

test('what was really used replaces the estimate, also after the request has left the window', () => {
  const minute = new Minute();
  const early = minute.book(start, 100);
  const late = minute.book(start + 30_000, 100);
  minute.correct(late, 7, start + 31_000);
  assert.equal(minute.tokens(start + 31_000), 107);
  minute.correct(early, 5_000, start + 61_000);
  assert.equal(minute.tokens(start + 61_000), 7);
  minute.correct(late, 9, start + 62_000);
  assert.equal(minute.tokens(start + 62_000), 9);
});

test('room is there when enough has left the window', () => {
  const minute = new Minute();
  const none = () => 0;
  for (const [after, tokens] of [
    [0, 50],
    [10_000, 30],
    [20_000, 20],
  ] as const)
    minute.book(start + after, tokens);
  const now = start + 25_000;
  const after = (limits: { rpm?: number; tpm?: number }, tokens: () => number) =>
    minute.roomAt(now, limits, tokens) - start;
  assert.equal(after({}, none), 25_000);
  assert.equal(after({ rpm: 4 }, none), 25_000);
  assert.equal(after({ rpm: 3 }, none), 60_000);
  assert.equal(after({ rpm: 2 }, none), 70_000);
  assert.equal(after({ rpm: 1 }, none), 80_000);
  assert.equal(
    after({ tpm: 110 }, () => 10),
    25_000,
  );
  assert.equal(
    after({ tpm: 109 }, () => 10),
    60_000,
  );
  assert.equal(
    after({ tpm: 60 }, () => 11),
    70_000,
  );
  assert.equal(
    after({ tpm: 60 }, () => 1_000),
    80_000,
    'too large for the limit: when the window is empty',
  );
  assert.equal(after({ rpm: 1, tpm: 1_000 }, none), 80_000, 'both limits count');
});

test('tokens are only counted where a limit could be reached', () => {
  const minute = new Minute();
  const never = () => assert.fail('counted');
  minute.roomAt(start, { tpm: 5 }, never);
  minute.book(start, 5);
  minute.roomAt(start, { rpm: 5 }, never);
});

test('a clock that was set back does not keep a key away for hours', () => {
  const minute = new Minute();
  minute.book(start, 10);
  assert.equal(minute.requests(start - 3_600_000), 0);
  assert.equal(
    minute.roomAt(start - 3_600_000, { rpm: 1 }, () => 0),
    start - 3_600_000,
  );
});

test('against a plain recount, over many random requests: no limit is ever overrun', () => {
  const next = seeded(7);
  const minute = new Minute();
  const limits = { rpm: 20, tpm: 900 };
  const sent: { at: number; tokens: number }[] = [];
  let now = start;
  for (let count = 0; count < 3_000; count++) {
    now += next(4_000);
    const tokens = 1 + next(120);
    const recent = sent.filter(({ at }) => at > now - 60_000);
    const used = recent.reduce((sum, each) => sum + each.tokens, 0);
    assert.deepEqual([minute.requests(now), minute.tokens(now)], [recent.length, used]);
    const room = minute.roomAt(now, limits, () => tokens);
    assert.equal(room <= now, recent.length < limits.rpm && used + tokens <= limits.tpm);
    if (next(3) > 0) now = Math.max(now, room);
    if (minute.roomAt(now, limits, () => tokens) > now) continue;
    minute.book(now, tokens);
    sent.push({ at: now, tokens });
  }
  assert.ok(sent.length > 1_000, `only ${sent.length} were sent`);
});
