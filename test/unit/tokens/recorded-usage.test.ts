// The estimate beside what providers counted. `SWITCHYARD_UPDATE=1` writes the table on the page anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { recordingsAbsent } from '../../tools/recordings.ts';
import { tokenErrors, tokenErrorTable } from '../../tools/token-error.ts';

const page = new URL('../../../docs/token-counting.md', import.meta.url);
const begin = '<!-- table: written by test/unit/tokens/recorded-usage.test.ts -->';
const end = '<!-- end of table -->';

/** Share of the truth by which the estimate may be too low. */
const allowedBelow = 0;

test('the estimate is not below what the provider counted', { skip: recordingsAbsent }, () => {
  const { errors } = tokenErrors();
  assert.ok(errors.length > 80, `only ${errors.length} recordings hold request and usage`);
  const tooLow = errors.filter(({ counted, estimated }) => estimated < counted * (1 - allowedBelow));
  assert.deepEqual(tooLow, []);
});

test('the table on the page is that of the recordings', { skip: recordingsAbsent }, () => {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  assert.ok(from > begin.length && to > from, 'the page has no place for the table');
  const fresh = `${text.slice(0, from)}\n\n${tokenErrorTable(tokenErrors())}\n\n${text.slice(to)}`;
  if (process.env.SWITCHYARD_UPDATE) writeFileSync(page, fresh);
  else assert.equal(text, fresh, 'write it anew with SWITCHYARD_UPDATE=1');
});
