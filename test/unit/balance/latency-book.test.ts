import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatencyBook } from '../../../src/core/balance/latency-book.ts';

const hour = 3_600_000;
const start = 1_000_000;

test('a moving average: the newest sample weighs three tenths', () => {
  const book = new LatencyBook();
  book.streamed('p/k/m', 1_000, start);
  assert.equal(book.of('p/k/m', 'stream', start), 1_000);
  book.streamed('p/k/m', 2_000, start + 1);
  assert.equal(book.of('p/k/m', 'stream', start + 1), 1_300);
});

test('a measurement that was not renewed for an hour is none, and no part of the next', () => {
  const book = new LatencyBook();
  book.streamed('p/k/m', 9_000, start);
  assert.equal(book.of('p/k/m', 'stream', start + hour - 1), 9_000);
  assert.equal(book.of('p/k/m', 'stream', start + hour), undefined);
  book.streamed('p/k/m', 100, start + hour);
  assert.equal(book.of('p/k/m', 'stream', start + hour), 100);
});

test('whole answers are judged per token, with a part for the call itself', () => {
  const book = new LatencyBook();
  book.answered('p/k/m', 1_000, 0, start);
  book.answered('p/k/long', 10_500, 1_000, start);
  assert.equal(book.of('p/k/m', 'whole', start), 20);
  assert.equal(book.of('p/k/long', 'whole', start), 10);
  assert.equal(book.of('p/k/m', 'stream', start), undefined);
});

test('a provider can be forgotten without its neighbours of a similar name', () => {
  const book = new LatencyBook();
  for (const id of ['p/k/m', 'p2/k/m', 'q/p/m']) {
    book.streamed(id, 5, start);
    book.failed(id, 'stream', start);
  }
  book.forget('p');
  assert.deepEqual(
    ['p/k/m', 'p2/k/m', 'q/p/m'].map((id) => [book.of(id, 'stream', start), book.missedLately(id, start)]),
    [
      [undefined, false],
      [5, true],
      [5, true],
    ],
  );
});

test('the book does not grow with every model that somebody once asked for', () => {
  const book = new LatencyBook();
  for (let count = 0; count < 10_000; count++) book.streamed(`p/k/m${count}`, 5, start);
  let kept = 0;
  for (let count = 0; count < 10_000; count++)
    if (book.of(`p/k/m${count}`, 'stream', start) !== undefined) kept++;
  assert.equal(kept, 2_000);
});
