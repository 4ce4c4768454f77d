// docs/dialects.md names files that exist.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dialectIds } from '../../../src/core/dialects/dialect.ts';
import { searchWays } from '../../../src/core/dialects/search-ways.ts';

const project = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/dialects.md', project), 'utf8');

test('every path on the page exists', () => {
  const paths = [...page.matchAll(/`((?:src|test|docs)\/[\w./-]+)`/g)].map((match) => match[1] ?? '');
  assert.ok(paths.length > 20);
  assert.deepEqual(
    paths.filter((path) => !existsSync(new URL(path, project))),
    [],
  );
});

test('files named without their folder are in src/core/dialects', () => {
  const guide = page.slice(page.indexOf('## Adding a dialect or a provider'));
  const names = [...guide.matchAll(/`([a-z-]+\.ts)`/g)].map((match) => match[1] ?? '');
  const elsewhere = ['upstream.ts', 'request.test.ts', 'stream.test.ts', 'relay.test.ts', 'page.test.ts'];
  assert.ok(names.length > 10);
  assert.deepEqual(
    names.filter(
      (name) => !elsewhere.includes(name) && !existsSync(new URL(`src/core/dialects/${name}`, project)),
    ),
    [],
  );
});

test('every dialect has its section', () => {
  for (const id of dialectIds) assert.ok(page.includes(`\n## ${id}\n`), id);
});

test('every way to ask for a web search is explained', () => {
  const section = page.slice(page.indexOf('\n## Web search\n'), page.indexOf('\n## Presets\n'));
  const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map((match) => match[1] ?? '');
  assert.deepEqual(rows.sort(), [...searchWays].sort());
});
