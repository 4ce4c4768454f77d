import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineWriter } from '../../../src/node/line-writer.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

function setUp() {
  const writes: string[] = [];
  const clock = new ManualClock();
  return { writes, clock, lines: new LineWriter({ write: (text) => writes.push(text) }, clock) };
}

test('lines of one moment are one write, in their order', async () => {
  const { writes, clock, lines } = setUp();
  lines.write('one');
  lines.write('two');
  assert.deepEqual(writes, []);
  await clock.advance(20);
  assert.deepEqual(writes, ['one\ntwo\n']);
  lines.write('three');
  await clock.advance(20);
  assert.deepEqual(writes, ['one\ntwo\n', 'three\n']);
});

test('what is pending is written at the end, and only once', async () => {
  const { writes, clock, lines } = setUp();
  lines.write('last words');
  lines.flush();
  lines.flush();
  await clock.advance(20);
  assert.deepEqual(writes, ['last words\n']);
});
