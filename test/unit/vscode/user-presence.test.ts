import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserPresence } from '../../../src/vscode/user-presence.ts';
import { settle } from '../../tools/manual-clock.ts';

test('a window that answers nothing is gone, and back when it answers', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answers: (() => void)[] = [];
  const told: boolean[] = [];
  const presence = new UserPresence(
    () => new Promise<void>((resolve) => answers.push(resolve)),
    (alone) => told.push(alone),
  );
  t.mock.timers.tick(10_000);
  assert.equal(answers.length, 1);
  answers[0]?.();
  await settle();
  assert.deepEqual(told, [false]);
  t.mock.timers.tick(10_000);
  t.mock.timers.tick(15_000);
  assert.deepEqual(told, [false, true]);
  t.mock.timers.tick(3_600_000);
  assert.equal(answers.length, 2, 'one question is enough');
  answers[1]?.();
  await settle();
  assert.deepEqual(told, [false, true, false]);
  t.mock.timers.tick(10_000);
  assert.equal(answers.length, 3);
  presence.dispose();
  answers[2]?.();
  await settle();
  t.mock.timers.tick(3_600_000);
  assert.equal(answers.length, 3);
  assert.deepEqual(told, [false, true, false]);
});

test('a refusal is an answer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: boolean[] = [];
  const presence = new UserPresence(
    () => Promise.reject(new Error('no such command')),
    (alone) => told.push(alone),
  );
  t.mock.timers.tick(10_000);
  await settle();
  assert.deepEqual(told, [false]);
  presence.dispose();
});
