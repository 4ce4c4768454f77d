import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cacheFolder, ensureEntry } from '../../../src/dev/cache-entry.ts';

let root: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'switchyard-cache-'));
  process.env.SWITCHYARD_DEV_CACHE = root;
});
after(async () => {
  delete process.env.SWITCHYARD_DEV_CACHE;
  await rm(root, { recursive: true, force: true });
});

test('the cache lies where the environment says', () => {
  assert.equal(cacheFolder({ SWITCHYARD_DEV_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), join('/b', 'switchyard-dev'));
  assert.match(cacheFolder({}), /\.cache.switchyard-dev$/);
});

test('an entry is built once, also when two ask at the same time', async () => {
  let builds = 0;
  const entry = {
    name: 'thing',
    version: '1',
    label: 'a thing',
    async build(folder: string) {
      builds += 1;
      await writeFile(join(folder, 'content'), 'x');
    },
  };
  const [one, other] = await Promise.all([ensureEntry(entry), ensureEntry(entry)]);
  assert.equal(one, other);
  assert.equal(await ensureEntry(entry), one);
  assert.equal(builds, 1);
  assert.deepEqual(await readdir(one), ['content']);
});

test('a build that fails leaves nothing behind and can be repeated', async () => {
  let fails = true;
  const entry = {
    name: 'shaky',
    version: '1',
    label: 'a shaky thing',
    async build(folder: string) {
      await writeFile(join(folder, 'half'), 'x');
      if (fails) throw new Error('no network');
    },
  };
  await assert.rejects(ensureEntry(entry), /no network/);
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.includes('shaky')),
    [],
  );
  fails = false;
  assert.deepEqual(await readdir(await ensureEntry(entry)), ['half']);
});

test('the lock of a process that is gone does not hold', async () => {
  // The largest id that Linux gives is below this one.
  await writeFile(join(root, `left-1-${process.platform}-${process.arch}.lock`), '4194305');
  const folder = await ensureEntry({ name: 'left', version: '1', label: 'it', build: async () => {} });
  assert.deepEqual(await readdir(folder), []);
});
