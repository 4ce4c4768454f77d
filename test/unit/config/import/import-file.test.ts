// An import on disk: whole, beside what is there, and never half.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../../../src/core/config/load.ts';
import { diskReader } from '../../../../src/node/config/file-reader.ts';
import { planImport, wholeText, writeImport } from '../../../../src/node/config/import-file.ts';
import { temporaryFolder } from '../../../tools/router-harness.ts';
import { ccrRelay, writeLitellmTree } from '../../../tools/setups.ts';

function setUp(t: TestContext, config?: string, name = 'config.yaml') {
  const folder = temporaryFolder(t);
  const file = join(folder, 'ccr.json');
  writeFileSync(file, ccrRelay);
  const configFile = join(folder, 'home', name);
  if (config !== undefined) {
    writeFileSync(join(folder, 'there'), '');
    // The folder is made by the first write otherwise.
    writeFileSync(join(folder, name), config);
  }
  return { folder, file, configFile: config === undefined ? configFile : join(folder, name) };
}

const load = (file: string) => loadConfig({ file, reader: diskReader, env: {} });

test('without a configuration it becomes the configuration', async (t) => {
  const { file, configFile } = setUp(t);
  const plan = await planImport({ file, configFile, env: {} });
  assert.equal(existsSync(configFile), false, 'a plan writes nothing');
  await writeImport(plan);
  assert.equal(readFileSync(configFile, 'utf8'), plan.text);
  assert.equal(statSync(configFile).mode & 0o777, 0o600);
  assert.deepEqual([...((await load(configFile)).config?.providers.keys() ?? [])], ['gemini']);
});

test('comments that were there stay above it, through a symbolic link', async (t) => {
  const { folder, file } = setUp(t, '# mine\n');
  const link = join(folder, 'link.yaml');
  symlinkSync(join(folder, 'config.yaml'), link);
  const plan = await planImport({ file, configFile: link, env: {} });
  await writeImport(plan);
  const text = readFileSync(join(folder, 'config.yaml'), 'utf8');
  assert.equal(text, wholeText(plan));
  assert.match(text, /^# mine\n\n# Imported by Switchyard/);
});

for (const [name, config, after] of [
  [
    'config.yaml',
    '# mine\nroutes: { default: a/b } # my route\nproviders:\n  a: { preset: ollama }\n',
    /^include: \[imported-claude-code-router\.yaml\]$/m,
  ],
  [
    'config.yaml',
    'include: other.yaml\nroutes: { default: a/b }\nproviders:\n  a: { preset: ollama }\n',
    /include: \[other\.yaml, imported-claude-code-router\.yaml\]/,
  ],
  [
    'config.json',
    '{\n  "providers": { "a": { "preset": "ollama" } },\n  "routes": { "default": "a/b" }\n}\n',
    /"include": \[\s*"imported-claude-code-router\.yaml"\s*\]/,
  ],
] as const) {
  test(`beside ${JSON.stringify(config)} it becomes a file of its own`, async (t) => {
    const { folder, file, configFile } = setUp(t, config, name);
    writeFileSync(join(folder, 'other.yaml'), 'models: { drop_params: true }\n');
    await writeImport(await planImport({ file, configFile, env: {} }));
    assert.match(readFileSync(configFile, 'utf8'), after);
    const { config: loaded, problems } = await load(configFile);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual([...(loaded?.providers.keys() ?? [])], ['a', 'gemini']);
    assert.deepEqual(loaded?.routes.default?.target, { kind: 'model', provider: 'a', model: 'b' });
    assert.deepEqual(loaded?.routes.think?.target, {
      kind: 'model',
      provider: 'gemini',
      model: 'gemini-3-pro-preview',
    });
    // Once more: again under other names.
    await writeImport(await planImport({ file, configFile, env: {} }));
    const again = await load(configFile);
    assert.deepEqual([...(again.config?.providers.keys() ?? [])], ['a', 'gemini', 'gemini-2']);
    assert.ok(readdirSync(folder).includes('imported-claude-code-router-2.yaml'));
  });
}

test('a configuration with an error, the file itself, and a change meanwhile are refused', async (t) => {
  const broken = setUp(t, 'routes: [\n');
  await assert.rejects(
    planImport({ ...broken, env: {} }),
    /has an error that must be mended first: config\.yaml:/,
  );
  const same = setUp(t);
  await assert.rejects(
    planImport({ file: same.file, configFile: same.file, env: {} }),
    /is the configuration itself/,
  );
  const raced = setUp(t);
  const plan = await planImport({ ...raced, env: {} });
  writeFileSync(join(raced.folder, 'x'), '');
  await writeImport(plan);
  await assert.rejects(writeImport(plan), /has changed meanwhile/);
});

test('the LiteLLM tree from disk, with the .env one folder up', async (t) => {
  const folder = temporaryFolder(t);
  const file = writeLitellmTree(folder);
  const plan = await planImport({ file, configFile: join(folder, 'home', 'config.yaml'), env: {} });
  assert.deepEqual(
    plan.keys.map(({ name, value }) => [name, value]),
    [
      ['modelscope', 'ms-canary-1'],
      ['gemini-api-key', 'gm-canary-1'],
    ],
  );
});
