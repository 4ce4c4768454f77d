// The documents speak of files that exist.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('every file that the architecture names is there', () => {
  const named = [
    ...read('docs/architecture.md').matchAll(/`((?:src|core|node|test)\/[\w./-]+\.(?:ts|cjs))`/g),
  ].map(([, file = '']) => file);
  assert.ok(named.length > 30, `only ${named.length} files are named`);
  const missing = named.filter(
    (file) => !existsSync(join(root, file)) && !existsSync(join(root, 'src', file)),
  );
  assert.deepEqual(missing, []);
});

test('every test that the page on security names is there, and every threat has one', () => {
  const lines = read('docs/security.md').split('\n');
  const begin = lines.indexOf('| threat | what is done | proven by |');
  const rows = lines.slice(begin + 2).filter((line) => line.startsWith('| '));
  assert.ok(begin > 0 && rows.length > 20, `only ${rows.length} rows`);
  for (const row of rows) {
    const named = [...row.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, file = '']) => file);
    assert.ok(named.length > 0, row);
    for (const file of named) assert.ok(existsSync(join(root, file)), file);
  }
});

test('every folder of the core is explained by the architecture', () => {
  const text = read('docs/architecture.md');
  const folders = readdirSync(join(root, 'src', 'core'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `core/${entry.name}`);
  assert.deepEqual(
    folders.filter((folder) => !text.includes(folder)),
    [],
  );
});

test('links between the documents lead somewhere', () => {
  const documents = [
    'README.md',
    '.github/SECURITY.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const broken = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:|#|command:)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(root, document, '..', target)))
      .map((target) => `${document}: ${target}`),
  );
  assert.deepEqual(broken, []);
});
