import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePattern } from '../../src/core/pattern.ts';

const cases: [pattern: string, text: string, occurs: boolean][] = [
  ['quota', 'You exceeded your Quota.', true],
  ['(?-i)quota', 'You exceeded your Quota.', false],
  ['^refactor\\b', 'refactor this', true],
  ['^refactor\\b', 'please refactor this', false],
  ['rate.?limit|quota', 'rate-limit', true],
  ['\\d{3}', 'ab12', false],
  ['额度', '您的额度不足', true],
  ['', 'anything', true],
];

for (const [pattern, text, occurs] of cases)
  test(`/${pattern}/ ${occurs ? 'occurs' : 'does not occur'} in "${text}"`, () => {
    assert.equal(compilePattern(pattern).occursIn(text), occurs);
  });

const mistakes: [pattern: string, message: string][] = [
  ['(a', 'is not a pattern: missing closing ): `(a`'],
  ['a**', 'is not a pattern: invalid nested repetition operator: `**`'],
  ['a(?=b)', 'is not a pattern: look-around such as "(?=…)" or "(?!…)" is not supported'],
  ['(?<!a)b', 'is not a pattern: look-around such as "(?=…)" or "(?!…)" is not supported'],
  ['(a)\\1', 'is not a pattern: invalid escape sequence: `\\1`'],
  ['((a{90}){90}){90}', 'is not a pattern: invalid repeat count: `{90}`'],
  ['([a-z]{1,30}){1,30}!', 'is too large for a pattern: repeat less, or write shorter counts'],
  ['a'.repeat(1001), 'is too long for a pattern (at most 1000 characters)'],
];

for (const [pattern, message] of mistakes)
  test(`/${pattern.slice(0, 20)}/ is refused`, () => {
    assert.throws(() => compilePattern(pattern), { message });
  });

test('patterns that hang other engines take time linear in the text', () => {
  const text = 'a'.repeat(4_000_000);
  for (const pattern of ['(a+)+$b', '(a|a)*b', '(.*)*x.*y', '(a|aa)+b', '^(([a-z])+.)+[0-9]([a-z])+$']) {
    const compiled = compilePattern(pattern);
    const start = process.cpuUsage();
    assert.equal(compiled.occursIn(text), false);
    const { user } = process.cpuUsage(start);
    // About 10 ms; a backtracking engine would need longer than the universe is old.
    assert.ok(user < 2_000_000, `${pattern} took ${user} µs`);
  }
});
