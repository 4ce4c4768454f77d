import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineWriter } from '../../../src/node/line-writer.ts';

function sink() {
  const writes: string[] = [];
  return { writes, write: (text: string) => writes.push(text) };
}

test('lines of one turn are one write, in their order', async () => {
  const to = sink();
  const lines = new LineWriter(to);
  lines.write('one');
  lines.write('two');
  assert.deepEqual(to.writes, []);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(to.writes, ['one\ntwo\n']);
  lines.write('three');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(to.writes, ['one\ntwo\n', 'three\n']);
});

test('what is pending is written at the end, and only once', async () => {
  const to = sink();
  const lines = new LineWriter(to);
  lines.write('last words');
  lines.flush();
  lines.flush();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(to.writes, ['last words\n']);
});
