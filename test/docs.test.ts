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
