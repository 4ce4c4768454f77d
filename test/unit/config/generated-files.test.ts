import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generatedFiles } from '../../../src/node/config/write-schema.ts';

for (const [path, text] of Object.entries(generatedFiles())) {
  test(`${path} is current`, () => {
    const committed = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
    assert.ok(committed === text, `run: node src/node/config/write-schema.ts`);
  });
}

test('every field of the reference has a description', () => {
  const page = generatedFiles()['docs/configuration.md'] ?? '';
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  assert.ok(rows.length > 50);
  assert.deepEqual(
    rows.filter((row) => /\|\s*\|$/.test(row)),
    [],
  );
});
