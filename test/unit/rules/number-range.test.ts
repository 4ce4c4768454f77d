import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, parseRange } from '../../../src/core/rules/number-range.ts';

test('ranges', () => {
  const infinity = Number.POSITIVE_INFINITY;
  const cases: [text: string, min: number, max: number][] = [
    ['< 20000', 0, 19_999],
    ['<=20000', 0, 20_000],
    ['> 1.5k', 1_501, infinity],
    ['>= 1M', 1_000_000, infinity],
    ['= 0', 0, 0],
    ['10-20', 10, 20],
    ['10k .. 20k', 10_000, 20_000],
    ['10 to 20', 10, 20],
  ];
  for (const [text, min, max] of cases) {
    const range = parseRange(text);
    assert.deepEqual([range?.min, range?.max], [min, max], text);
  }
});

test('what is no range is told from one', () => {
  for (const text of ['', '20000', '<', '< many', '20-10', '< -5', '>< 5', '1-2-3', '< 5 6'])
    assert.equal(parseRange(text), undefined, text);
});

test('counts for people', () => {
  assert.deepEqual([0, 999, 1000, 12_300.4, 1_234_567].map(formatCount), [
    '0',
    '999',
    '1,000',
    '12,300',
    '1,234,567',
  ]);
});
