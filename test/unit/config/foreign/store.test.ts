// Other programs' files in the store: the `.env` is followed like the files, and the last good version has its keys.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConfigState, ConfigStore } from '../../../../src/node/config/config-store.ts';
import { temporaryFolder } from '../../../tools/router-harness.ts';
import { ccrWithKey, litellmTree, writeLitellmTree } from '../../../tools/setups.ts';

function storeOf(t: TestContext, file: string, home: string): ConfigStore {
  mkdirSync(home, { recursive: true });
  const store = new ConfigStore({ file, home, env: {}, log: () => {} });
  t.after(() => store.close());
  return store;
}

test('a change of the .env is a change of the configuration', async (t) => {
  const folder = temporaryFolder(t);
  const store = storeOf(t, writeLitellmTree(folder), join(folder, 'home'));
  assert.equal((await store.load()).fileKeys.get('env:MODELSCOPE'), 'ms-canary-1');
  const changed = Promise.withResolvers<ConfigState>();
  store.watch((state) => {
    if (state.fileKeys.get('env:MODELSCOPE') === 'ms-canary-2') changed.resolve(state);
  });
  writeFileSync(join(folder, '.env'), (litellmTree['.env'] ?? '').replace('ms-canary-1', 'ms-canary-2'));
  assert.equal((await changed.promise).state, 'ok');
});

test('a file that breaks before a restart: the last good version serves, with the keys of the .env', async (t) => {
  const folder = temporaryFolder(t);
  const file = writeLitellmTree(folder);
  const home = join(folder, 'home');
  await storeOf(t, file, home).load();
  const copy = readFileSync(join(home, 'config.last-good.yaml'), 'utf8');
  assert.doesNotMatch(copy, /canary/);
  writeFileSync(join(folder, 'config', 'router.yaml'), 'router_settings: [\n');
  const state = await storeOf(t, file, home).load();
  assert.equal(state.state, 'last-good');
  assert.equal(state.config?.groups.has('gemini-2.5-flash'), true);
  assert.equal(state.fileKeys.get('env:MODELSCOPE'), 'ms-canary-1');
});

test('of a file that holds keys there is no copy', async (t) => {
  const home = temporaryFolder(t);
  const file = join(home, 'ccr.json');
  writeFileSync(file, ccrWithKey);
  const store = storeOf(t, file, home);
  assert.equal((await store.load()).state, 'ok');
  assert.equal(existsSync(join(home, 'config.last-good.yaml')), false);
  writeFileSync(file, '{ "Providers": [');
  const state = await store.load();
  assert.equal(state.state, 'last-good', 'in memory it is still there');
  assert.equal(state.fileKeys.get('file:litellm'), 'sk-2015');
});
