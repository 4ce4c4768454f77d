import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sampledTokens } from '../../../src/core/tokens/sampled-tokens.ts';
import { textTokens } from '../../../src/core/tokens/text-tokens.ts';

const root = new URL('../../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const files = [
  'docs/dialects.md',
  'package-lock.json',
  'src/core/config/schema.ts',
  'README.md',
  'package.nls.zh-cn.json',
];
const whole = (texts: readonly string[]) => texts.reduce((sum, text) => sum + textTokens(text), 0);

test('a little text is read whole', () => {
  const texts = [read('README.md').slice(0, 5000), 'one line', ''];
  assert.equal(sampledTokens(texts), whole(texts));
});

test('much text, mixed, is estimated within a tenth of what reading it whole gives', () => {
  const mixes = [
    files.map(read),
    files.flatMap((file) => read(file).match(/.{1,700}/gs) ?? []),
    // Nine tenths in one text, the rest in crumbs.
    [
      read('package-lock.json'),
      ...(read('docs/dialects.md')
        .slice(0, 12_000)
        .match(/.{1,80}/gs) ?? []),
    ],
    [read('docs/dialects.md').repeat(30)],
  ];
  for (const texts of mixes) {
    const ratio = sampledTokens(texts) / whole(texts);
    assert.ok(ratio > 0.9 && ratio < 1.1, `ratio ${ratio}`);
  }
});

test('a dense block in the middle of prose is not overlooked', () => {
  const prose = read('docs/resilience.md').repeat(20).slice(0, 180_000);
  const block = Buffer.from(read('package-lock.json')).toString('base64').slice(0, 20_000);
  for (const share of [0.3, 0.5, 0.8]) {
    const at = Math.floor(prose.length * share);
    const texts = [prose.slice(0, at), block, prose.slice(at)];
    const ratio = sampledTokens(texts) / whole(texts);
    assert.ok(ratio > 0.85 && ratio < 1.15, `ratio ${ratio} at ${share}`);
  }
});

test('pieces of one size in turns are not met at the same place again and again', () => {
  const dense = Buffer.from(read('package-lock.json')).toString('base64');
  const prose = read('docs/resilience.md').repeat(2);
  for (const size of [1500, 3500, 4096])
    for (const count of [30, 32, 47, 48, 64, 96]) {
      const texts = Array.from({ length: count }, (_, at) =>
        (at % 3 === 1 ? prose : dense).slice(at * 20, at * 20 + size),
      );
      const ratio = sampledTokens(texts) / whole(texts);
      assert.ok(ratio > 0.8 && ratio < 1.2, `ratio ${ratio} of ${count} times ${size}`);
    }
});

test('empty and odd texts', () => {
  assert.equal(sampledTokens([]), 0);
  assert.ok(sampledTokens(['\ud83d'.repeat(50_000)]) > 0);
});
