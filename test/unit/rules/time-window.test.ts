import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTimeWindow } from '../../../src/core/rules/time-window.ts';

/** Local time in June 2026; the first is a Monday. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 5, day, hour, minute).getTime();

const cases: [window: string, time: number, inside: boolean][] = [
  ['09:00-18:00', at(1, 9), true],
  ['09:00-18:00', at(1, 17, 59), true],
  ['09:00-18:00', at(1, 18), false],
  ['9:00 - 18:00', at(1, 12), true],
  ['22:00-06:00', at(1, 23), true],
  ['22:00-06:00', at(1, 5, 59), true],
  ['22:00-06:00', at(1, 6), false],
  ['00:00-24:00', at(1, 0), true],
  ['mon-fri', at(5, 12), true],
  ['mon-fri', at(6, 12), false],
  ['fri-mon', at(7, 12), true],
  ['fri-mon', at(3, 12), false],
  ['sat,sun', at(6, 0), true],
  ['Saturday, Sunday', at(7, 23, 59), true],
  ['sat,sun', at(8, 0), false],
  ['mon - fri 09:00-18:00', at(2, 10), true],
  ['mon-fri 09:00-18:00', at(6, 10), false],
  // Friday night goes on into Saturday, but Saturday's own night does not count, nor the one before Friday.
  ['fri 22:00-06:00', at(5, 23), true],
  ['fri 22:00-06:00', at(6, 5), true],
  ['fri 22:00-06:00', at(6, 23), false],
  ['fri 22:00-06:00', at(5, 5), false],
];

for (const [window, time, inside] of cases)
  test(`${new Date(time).toString().slice(0, 21)} is ${inside ? 'in' : 'out of'} ${window}`, () => {
    assert.equal(parseTimeWindow(window)?.(time), inside);
  });

test('what is no window is told from one', () => {
  for (const text of [
    '',
    '22:00',
    '25:00-06:00',
    '10:00-10:00',
    '10:60-11:00',
    'noon',
    'mon-',
    'mon-tue-wed',
    'mondays',
    '10:00-11:00 mon',
  ])
    assert.equal(parseTimeWindow(text), undefined, text);
});
