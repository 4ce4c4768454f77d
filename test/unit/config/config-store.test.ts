import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLog } from '../../../src/core/log.ts';
import { type ConfigState, ConfigStore } from '../../../src/node/config/config-store.ts';
import { tempFolder } from './temp-folder.ts';

const good = (model: string) =>
  `# mine\nproviders:\n  p: { preset: ollama, models: [${model}] }\nroutes: { default: p }\n`;
const broken = 'providers:\n  p: { preset: olama }\nroutes: { default: p }\n';
const modelsOf = (state: ConfigState) => state.config?.providers.get('p')?.models.map((model) => model.id);

function storeIn(
  context: TestContext,
  folder: string,
  options: { file?: string; env?: Record<string, string> } = {},
) {
  const store = new ConfigStore({
    file: options.file ?? join(folder, 'config.yaml'),
    home: folder,
    env: options.env ?? {},
    log: silentLog,
  });
  context.after(() => store.close());
  return store;
}

/** Waits for the next change after `act`, and tells how long it took. */
function changes(store: ConfigStore) {
  const waiting: ((state: ConfigState) => void)[] = [];
  const seen: ConfigState[] = [];
  store.watch((state) => {
    const next = waiting.shift();
    if (next === undefined) seen.push(state);
    else next(state);
  });
  return {
    seen,
    async after(act: () => void): Promise<{ state: ConfigState; milliseconds: number }> {
      const arrived = new Promise<ConfigState>((resolve) => waiting.push(resolve));
      const start = performance.now();
      act();
      const state = await arrived;
      return { state, milliseconds: performance.now() - start };
    },
  };
}

test('no file: the demo; a good file: itself, with a copy; a broken file: the last good one', async (context) => {
  const folder = tempFolder(context);
  const file = join(folder, 'config.yaml');
  const copy = join(folder, 'config.last-good.yaml');
  const store = storeIn(context, folder);
  let state = await store.load();
  assert.deepEqual([state.state, state.config?.demo, existsSync(copy)], ['none', true, false]);

  writeFileSync(file, good('one'));
  state = await store.load();
  assert.deepEqual([state.state, modelsOf(state), store.current], ['ok', ['one'], state]);
  assert.ok(readFileSync(copy, 'utf8').endsWith(good('one')));
  assert.equal(statSync(copy).mode & 0o777, 0o600);

  writeFileSync(file, broken);
  state = await store.load();
  assert.deepEqual([state.state, modelsOf(state)], ['last-good', ['one']]);
  assert.match(state.problems[0]?.message ?? '', /did you mean "ollama"/);
  assert.equal(state.problems[0]?.file, file);

  // A new process knows the last good version from its copy.
  const next = storeIn(context, folder);
  state = await next.load();
  assert.deepEqual([state.state, modelsOf(state)], ['last-good', ['one']]);

  // The copy belongs to this file; another one has none.
  const other = join(folder, 'other.yaml');
  writeFileSync(other, broken);
  state = await storeIn(context, folder, { file: other }).load();
  assert.deepEqual([state.state, state.config], ['broken', undefined]);
});

test('an emptied file leaves the last version in force, and the good copy alone', async (context) => {
  const folder = tempFolder(context);
  const file = join(folder, 'config.yaml');
  const store = storeIn(context, folder);
  writeFileSync(file, good('one'));
  await store.load();
  writeFileSync(file, '');
  const emptied = await store.load();
  assert.deepEqual([emptied.state, modelsOf(emptied)], ['last-good', ['one']]);
  assert.match(emptied.problems.at(-1)?.message ?? '', /^the file is empty; its last version stays in force/);
  // One that starts with it has nothing to hold on to.
  assert.equal((await storeIn(context, folder).load()).config?.demo, true);
  writeFileSync(file, broken);
  assert.deepEqual(modelsOf(await store.load()), ['one']);
  assert.deepEqual(modelsOf(await storeIn(context, folder).load()), ['one']);
});

test('with includes the copy holds everything, but no values of variables', async (context) => {
  const folder = tempFolder(context);
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'config.yaml'), 'include: models/*.yaml\nroutes: { default: p }\n');
  writeFileSync(
    join(folder, 'models', 'p.yaml'),
    `providers:\n  p: { preset: ollama, models: [m], headers: { x-a: "\${env:CANARY}" } }\n`,
  );
  const env = { CANARY: 'canary-value' };
  await storeIn(context, folder, { env }).load();
  assert.ok(!readFileSync(join(folder, 'config.last-good.yaml'), 'utf8').includes('canary-value'));
  writeFileSync(join(folder, 'models', 'p.yaml'), 'providers: [\n');
  const state = await storeIn(context, folder, { env }).load();
  assert.deepEqual([state.state, modelsOf(state)], ['last-good', ['m']]);
  assert.deepEqual(state.config?.providers.get('p')?.headers, { 'x-a': 'canary-value' });
});

test('files that can not be read are problems', async (context) => {
  const folder = tempFolder(context);
  const file = join(folder, 'config.yaml');
  mkdirSync(file);
  let state = await storeIn(context, folder).load();
  assert.deepEqual(
    [state.state, state.problems[0]?.message],
    ['broken', 'the file can not be read: it is a folder'],
  );
  rmSync(file, { recursive: true });
  writeFileSync(file, Buffer.from([0x61, 0x3a, 0xff, 0xfe]));
  state = await storeIn(context, folder).load();
  assert.equal(state.problems[0]?.message, 'the file can not be read: it is not UTF-8 text');
});

test('changes on disk apply quickly, whichever way they are written', {
  timeout: 30_000,
}, async (context) => {
  const folder = tempFolder(context);
  const file = join(folder, 'config.yaml');
  writeFileSync(file, good('one'));
  const store = storeIn(context, folder);
  await store.load();
  const change = changes(store);

  const times: number[] = [];
  const expect = async (act: () => void, models: string[], state = 'ok') => {
    const result = await change.after(act);
    assert.deepEqual([result.state.state, modelsOf(result.state)], [state, models]);
    times.push(result.milliseconds);
  };
  await expect(() => writeFileSync(file, good('two')), ['two']);
  await expect(() => {
    writeFileSync(`${file}~`, good('three'));
    renameSync(`${file}~`, file);
  }, ['three']);
  await expect(() => writeFileSync(file, broken), ['three'], 'last-good');
  await expect(() => writeFileSync(file, good('four')), ['four']);
  // Delete and write anew: not a moment without configuration.
  await expect(() => {
    rmSync(file);
    setTimeout(() => writeFileSync(file, good('five')), 60);
  }, ['five']);
  // Most editors empty a file before they write it.
  await expect(() => {
    writeFileSync(file, '');
    setTimeout(() => writeFileSync(file, good('six')), 60);
  }, ['six']);
  await expect(
    () => {
      writeFileSync(file, '');
      setTimeout(() => writeFileSync(file, broken), 60);
    },
    ['six'],
    'last-good',
  );
  // A busy machine may be late now and then; that it can be fast shows that nobody waits for a poll.
  assert.ok(Math.min(...times) < 200, `${times.map(Math.round).join(', ')} ms`);

  const gone = await change.after(() => rmSync(file));
  assert.deepEqual([gone.state.state, modelsOf(gone.state)], ['last-good', ['six']]);
  assert.match(gone.state.problems.at(-1)?.message ?? '', /^the file is gone; its last version stays/);
  await expect(() => writeFileSync(file, good('seven')), ['seven']);
  assert.deepEqual(change.seen, []);
});

test('included files, new ones too, and links are watched', { timeout: 30_000 }, async (context) => {
  const folder = tempFolder(context);
  const dotfiles = join(folder, 'dotfiles');
  mkdirSync(join(dotfiles, 'models'), { recursive: true });
  const real = join(dotfiles, 'config.yaml');
  // Includes are relative to where the file is said to be: beside the link.
  symlinkSync('dotfiles/models', join(folder, 'models'));
  writeFileSync(
    real,
    'include: models/*.yaml\nproviders:\n  p: { preset: ollama }\nroutes: { default: p/x }\n',
  );
  symlinkSync('dotfiles/config.yaml', join(folder, 'config.yaml'));
  const store = storeIn(context, folder);
  await store.load();
  const change = changes(store);

  const included = join(dotfiles, 'models', 'a.yaml');
  let result = await change.after(() => writeFileSync(included, 'providers: { p: { models: [a] } }\n'));
  assert.deepEqual(modelsOf(result.state), ['a']);
  result = await change.after(() => writeFileSync(included, 'providers: { p: { models: [b] } }\n'));
  assert.deepEqual(modelsOf(result.state), ['b']);
  result = await change.after(() =>
    writeFileSync(real, readFileSync(real, 'utf8').replace('preset: ollama', 'preset: ollama, models: [z]')),
  );
  assert.deepEqual(modelsOf(result.state), ['z', 'b']);
  result = await change.after(() => rmSync(included));
  assert.deepEqual(modelsOf(result.state), ['z']);
});

test('a folder of includes that is gone leaves the last good version in force', {
  timeout: 30_000,
}, async (context) => {
  const folder = tempFolder(context);
  const models = join(folder, 'models');
  mkdirSync(models);
  writeFileSync(join(folder, 'config.yaml'), 'include: models/*.yaml\n');
  writeFileSync(join(models, 'p.yaml'), good('one'));
  const store = storeIn(context, folder);
  await store.load();
  const change = changes(store);
  const gone = await change.after(() => renameSync(models, `${models}-off`));
  assert.deepEqual([gone.state.state, modelsOf(gone.state)], ['last-good', ['one']]);
  assert.match(gone.state.problems[0]?.message ?? '', /there is no folder for "models\/\*\.yaml"/);
  const back = await change.after(() => renameSync(`${models}-off`, models));
  assert.deepEqual([back.state.state, modelsOf(back.state)], ['ok', ['one']]);
});

test('a folder that does not exist yet is noticed when it comes', { timeout: 30_000 }, async (context) => {
  const folder = join(tempFolder(context), 'later');
  const store = storeIn(context, folder);
  await store.load();
  const change = changes(store);
  const result = await change.after(() => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.yaml'), good('one'));
  });
  assert.deepEqual(modelsOf(result.state), ['one']);
  // A folder that goes and comes back, as a restored backup does.
  const gone = await change.after(() => rmSync(folder, { recursive: true }));
  assert.deepEqual([gone.state.state, modelsOf(gone.state)], ['last-good', ['one']]);
  const back = await change.after(() => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.yaml'), good('back'));
  });
  assert.deepEqual(modelsOf(back.state), ['back']);
  // Now it is watched like any other.
  const next = await change.after(() => writeFileSync(join(folder, 'config.yaml'), good('two')));
  assert.deepEqual(modelsOf(next.state), ['two']);
});

test('what happens between load and watch is not missed, and other files do not disturb', {
  timeout: 30_000,
}, async (context) => {
  const folder = tempFolder(context);
  const file = join(folder, 'config.yaml');
  writeFileSync(file, good('one'));
  const store = storeIn(context, folder);
  await store.load();
  writeFileSync(file, good('two'));
  const change = changes(store);
  const first = await change.after(() => {});
  assert.deepEqual(modelsOf(first.state), ['two']);
  const result = await change.after(() => {
    writeFileSync(join(folder, 'health.json'), '{}');
    // Same text, new time stamp: nothing to tell.
    writeFileSync(file, good('two'));
    writeFileSync(file, good('three'));
  });
  assert.deepEqual(modelsOf(result.state), ['three']);
  assert.deepEqual(change.seen, []);
});
