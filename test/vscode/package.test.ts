// The packed extension: what is in it, how large it is, that it packs to the same bytes again, and that it runs when
// it is installed as users do.

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageExtension } from '../../src/dev/package.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';

const root = join(import.meta.dirname, '..', '..');

/** A copy, so that the bundles of the other tests stay as they are. */
let copy: string;
let vsix: string;
let editor: Editor | undefined;

before(async () => {
  copy = await mkdtemp(join(tmpdir(), 'switchyard-package-'));
  const leftOut = new Set(['node_modules', '.git', 'dist', 'test-results'].map((name) => join(root, name)));
  await cp(root, copy, { recursive: true, filter: (source) => !leftOut.has(source) });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  // What lies about in a working copy must stay out.
  await writeFile(join(copy, '.env'), 'SOME_NAME=value\n');
  await writeFile(join(copy, 'notes.txt'), 'mine\n');
  await mkdir(join(copy, 'dist'), { recursive: true });
  await writeFile(join(copy, 'dist', 'old.js'), '');
  vsix = await packageExtension(copy);
});
after(async () => {
  await editor?.close();
  await rm(copy, { recursive: true, force: true });
});

test('the package is named by its version and smaller than 2 MB', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.equal(vsix, join(copy, `switchyard-${version}.vsix`));
  const { size } = await stat(vsix);
  assert.ok(size > 100_000 && size < 2 * 1024 * 1024, `${size} bytes`);
});

test('packing again gives the same bytes', async () => {
  const before = await readFile(vsix);
  await packageExtension(copy);
  assert.ok(before.equals(await readFile(vsix)));
});

test('the installed package activates, serves, and holds nothing but what it needs', () =>
  pictured('installed package', async () => {
    editor = await startEditor({ vsix });
    const window = await editor.open();
    await window.statusShows(/working.*demo/i);
    assert.match((await askRouter(await routerAccess(editor), 'hello')).text, /Switchyard demo/);
    const allowed =
      /^(package(\.nls(\.[a-z-]+)?)?\.json|readme\.md|changelog\.md|LICENSE(\.txt)?|\.vsixmanifest|dist\/(extension|worker|cli|engine|serve|commands)\.js|media\/.+\.(svg|png|json|md)|docs\/images\/window\.png)$/i;
    const files = await editor.installedFiles();
    assert.deepEqual(
      files.filter((file) => !allowed.test(file)),
      [],
    );
    for (const file of ['dist/extension.js', 'dist/worker.js', 'dist/cli.js', 'package.nls.json'])
      assert.ok(files.includes(file), `${file} is in ${files}`);
  }));
