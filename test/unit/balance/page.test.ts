// docs/routing.md tells the same strategies and numbers as the code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mostSessions, sessionIdleLimit } from '../../../src/core/balance/bindings.ts';
import { latencyLasts, missedRest } from '../../../src/core/balance/latency-book.ts';
import { latencyBuffer, strategyOrder } from '../../../src/core/balance/strategies.ts';
import {
  defaultResilience,
  defaultSticky,
  defaultStrategy,
  defaultWeight,
} from '../../../src/core/config/defaults.ts';
import { strategies } from '../../../src/core/config/router-config.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/routing.md'), 'utf8');

/** The cells of the table with this head, row by row. */
function table(head: string): string[][] {
  const [, after = ''] = page.split(`| ${head} |\n`);
  const [, ...lines] = (after.split('\n\n')[0] ?? '').trim().split('\n');
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the strategies', () => {
  const names = table('strategy | who is first | ties').map(([name]) => name?.replaceAll('`', ''));
  assert.deepEqual(names, [...strategies]);
  assert.deepEqual(Object.keys(strategyOrder), [...strategies]);
});

test('the numbers', () => {
  assert.deepEqual(Object.fromEntries(table('what | value')), {
    'strategy, unless set': `\`${defaultStrategy}\``,
    'sessions stay, unless set': `\`${defaultSticky}\``,
    'weight, unless set': String(defaultWeight),
    'counts as equally fast, above the fastest': `${latencyBuffer * 100} %`,
    'a measured latency holds for': `${latencyLasts / 60_000} min`,
    'after a failure not explored for': `${missedRest / 1000} s`,
    'an idle session is forgotten after': `${sessionIdleLimit / 60_000} min`,
    'sessions whose deployment is remembered': String(mostSessions),
    'longest wait for a slot, unless set': `${defaultResilience.maxWait} s`,
  });
});
