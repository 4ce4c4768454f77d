// Ids of calls, as Claude Code needs them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerIds } from '../../../src/core/dialects/tool-call-ids.ts';
import { countingRandom } from './decode.ts';

const cases: [name: string, earlier: string[], told: (string | undefined)[], given: string[]][] = [
  ["the upstream's own", [], ['call_1', 'call_2'], ['call_1', 'call_2']],
  ['made where there are none', [], [undefined, undefined], ['toolu_1', 'toolu_2']],
  ['repeated in one answer', [], ['a', 'a', 'a'], ['a', 'a-2', 'a-3']],
  ['repeated later', ['call_0', 'call_0-2'], ['call_0'], ['call_0-3']],
  ['a number behind a known one', ['a'], ['a_2', 'a_x'], ['a_2-2', 'a_x']],
  ['a known one without its number', ['a_2'], ['a', 'a_3'], ['a-2', 'a_3']],
];

for (const [name, earlier, told, given] of cases)
  test(`ids of calls: ${name}`, () => {
    const ids = new AnswerIds(new Set(earlier), countingRandom());
    assert.deepEqual(
      told.map((id) => ids.give(id)),
      given,
    );
  });
