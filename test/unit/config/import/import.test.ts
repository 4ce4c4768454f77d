// Import: the file of another program as one of our own. Means the same, holds no key, overwrites nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importConfig } from '../../../../src/core/config/import/import-config.ts';
import type { LoadedConfig } from '../../../../src/core/config/load.ts';
import { formatProblem } from '../../../../src/core/config/problem.ts';
import type { RouterConfig } from '../../../../src/core/config/router-config.ts';
import { ccrRelay, ccrWithKey, ccrWithoutKeys, litellmTree } from '../../../tools/setups.ts';
import { foreignReader, good, lines, loadForeign } from '../foreign/load-foreign.ts';

const manyThings = `
model_list:
  - { model_name: openai/gpt-4o, litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY, rpm: 60, weight: 3 } }
  - { model_name: openai/gpt-4o, litellm_params: { model: azure/gpt-4o, api_base: "https://x.openai.azure.com", api_version: "2024-10-21", api_key: plain-1, weight: 1 } }
  - { model_name: "qwen3:32b", litellm_params: { model: "ollama/qwen3:32b", order: 1 }, model_info: { max_input_tokens: 32768 } }
  - { model_name: "qwen3:32b", litellm_params: { model: openrouter/qwen/qwen3-32b, api_key: plain-2, order: 2, extra_headers: { X-Title: me } } }
  - { model_name: odd name, litellm_params: { model: "openai/yes", api_base: "http://localhost:1", extra_body: { "null": [1, { a: "true" }] } } }
router_settings:
  routing_strategy: simple-shuffle
  model_group_alias: { "claude-*": openai/gpt-4o }
  fallbacks: [{ "openai/gpt-4o": ["qwen3:32b"] }]
  context_window_fallbacks: [{ "qwen3:32b": ["openai/gpt-4o"] }]
  cooldown_time: 5
  retry_policy: { RateLimitErrorRetries: 2 }
general_settings: { master_key: sk-master-1 }
`;

const files: [name: string, files: Record<string, string>, file: string][] = [
  ['the LiteLLM tree', litellmTree, 'config/config.yaml'],
  ['claude-code-router without keys', { 'config.json': ccrWithoutKeys }, 'config.json'],
  ['claude-code-router with a key', { 'config.json': ccrWithKey }, 'config.json'],
  ['claude-code-router before a relay', { 'config.json': ccrRelay }, 'config.json'],
  ['many things at once', { 'config.yaml': manyThings }, 'config.yaml'],
];

for (const [name, texts, file] of files) {
  test(`${name}: what is imported means what runs as it is`, async () => {
    const env = { OPENAI_API_KEY: 'from-the-environment' };
    const asItIs = await loadForeign(texts, file, env);
    const imported = await importConfig({ file: `/setup/${file}`, reader: foreignReader(texts), env });
    const own = await loadForeign({ 'imported.yaml': imported.text }, 'imported.yaml', env);
    assert.deepEqual(
      own.problems.filter(({ severity }) => severity === 'error').map(formatProblem),
      [],
      imported.text,
    );
    assert.deepEqual(plain(good(own)), plain(good(asItIs)));
    // Every key is there, none of them in the text.
    assert.deepEqual(imported.keys.map(({ value }) => value).sort(), [...asItIs.fileKeys.values()].sort());
    for (const { value } of imported.keys) assert.equal(imported.text.includes(value), false, value);
    assert.doesNotMatch(JSON.stringify(imported.report), /plain-\d|sk-master|sk-2015|cr_xxx|canary/);
    // Each problem and each remark is listed with its place.
    for (const { path, line } of [...asItIs.problems, ...asItIs.sources.notes])
      assert.ok(
        imported.report.some((entry) => entry.path === path && entry.line === line),
        path,
      );
  });
}

/** Without the names of keys, which an import may change. */
function plain(config: RouterConfig): unknown {
  const providers = [...config.providers.values()].map((provider) => ({
    ...provider,
    keys: provider.keys.length,
  }));
  const clients = config.clients.map((client) => ({ ...client, reference: '' }));
  const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => a.localeCompare(b));
  return {
    ...config,
    providers,
    clients,
    groups: sorted(config.groups),
    fallbacks: sorted(config.fallbacks),
  };
}

const present = {
  providers: { litellm: { preset: 'litellm' } },
  groups: { 'gemini-2.5-flash': { targets: ['litellm/x'], aliases: ['claude-3.5-sonnet'] } },
  routes: { default: 'gemini-2.5-flash' },
  resilience: { retries: 1 },
  fallbacks: { '*': ['litellm/x'] },
};

test('beside a configuration: new names, nothing of it is taken or replaced', async () => {
  const imported = await importConfig({
    file: '/setup/config/config.yaml',
    reader: foreignReader(litellmTree),
    env: {},
    present,
    secretTaken: (name) => name === 'modelscope',
  });
  assert.match(imported.text, /^ {2}gemini-2\.5-flash-2: /m);
  assert.doesNotMatch(imported.text, /^(?:routes|resilience|fallbacks):/m);
  assert.doesNotMatch(imported.text, /aliases/);
  assert.deepEqual(
    imported.keys.map(({ name, hosts }) => [name, hosts]),
    [
      ['modelscope-2', ['api-inference.modelscope.cn']],
      ['gemini-api-key', ['generativelanguage.googleapis.com']],
    ],
  );
  const said = imported.report.map(({ path, message }) => `${path}: ${message}`).join('\n');
  for (const part of [
    'is called "gemini-2.5-flash-2" here',
    'the configuration has a route "default" already',
    'the alias "claude-3.5-sonnet" is left out',
    'the configuration has its own "resilience"',
    'the configuration has fallbacks of "*" already',
  ])
    assert.ok(said.includes(part), part);
  const both = await loadForeign(
    {
      'config.json': JSON.stringify({ ...present, include: ['imported.yaml'] }),
      'imported.yaml': imported.text,
    },
    'config.json',
  );
  assert.deepEqual(
    lines(both).filter((line) => line.startsWith('error')),
    [],
  );
  assert.equal(both.config?.providers.get('litellm')?.preset, 'litellm');
});

test('two secrets that would be one variable without an editor get two names', async () => {
  const imported = await importConfig({
    file: '/setup/c.json',
    reader: foreignReader({
      'c.json': JSON.stringify({
        Providers: ['a-b', 'a_b', 'A.B'].map((name, index) => ({
          name,
          api_base_url: 'http://localhost:1/v1',
          api_key: `k${index}`,
          models: ['m'],
        })),
        Router: { default: 'a-b,m' },
      }),
    }),
    env: {},
  });
  assert.deepEqual(
    imported.keys.map(({ name }) => name),
    ['a-b', 'a_b-2', 'A.B-3'],
  );
});

const refusals: [name: string, texts: Record<string, string>, file: string, sentence: RegExp][] = [
  ['a missing file', {}, 'x.json', /There is no file/],
  ['a file of our own', { 'x.yaml': 'routes: { default: a }\n' }, 'x.yaml', /errors|no configuration of/],
  ['broken text', { 'x.json': '{ "Providers": [ }' }, 'x.json', /has errors: x\.json:1:/],
  ['an empty file', { 'x.yaml': '' }, 'x.yaml', /no configuration of/],
];
for (const [name, texts, file, sentence] of refusals) {
  test(`no import: ${name}`, async () => {
    await assert.rejects(
      importConfig({ file: `/setup/${file}`, reader: foreignReader(texts), env: {} }),
      (error: Error) => sentence.test(error.message),
    );
  });
}

test('a name with line breaks can not leave its comment', async () => {
  const imported = await importConfig({
    file: '/setup/c.yaml',
    reader: foreignReader({
      'c.yaml':
        'model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: k } }]\nrouter_settings: { "x\\nroutes: { default: evil }": 1, "y": { "#\\n- z": 2 } }\n',
    }),
    env: {},
  });
  const loaded: LoadedConfig = await loadForeign({ 'i.yaml': imported.text }, 'i.yaml');
  assert.deepEqual(Object.keys(good(loaded).routes), []);
});

test('credentials that are no api_key stay out of the file, of its report and of what providers are sent', async () => {
  const text = `
model_list:
  - model_name: g
    litellm_params:
      model: openai/gpt-5
      api_base: https://host.example/v1
      api_key: plain-1
      seed: 7
      prompt_cache_key: shared
      extra_headers: { Authorization: Bearer CANARY-1, X-Title: me }
      headers: { x-api-key: CANARY-2 }
      azure_ad_token: CANARY-3
      aws_access_key_id: CANARY-4
      aws_secret_access_key: CANARY-5
      vertex_credentials: '{"private_key":"CANARY-6"}'
`;
  const texts = { 'config.yaml': text };
  const imported = await importConfig({
    file: '/setup/config.yaml',
    reader: foreignReader(texts),
    env: {},
  });
  assert.doesNotMatch(imported.text, /CANARY/);
  assert.doesNotMatch(JSON.stringify(imported.report), /CANARY/);
  const [provider] = good(await loadForeign(texts, 'config.yaml', {})).providers.values();
  assert.deepEqual(provider?.models[0]?.params, { seed: 7, prompt_cache_key: 'shared' });
  assert.deepEqual(provider?.headers, { 'x-title': 'me' });
  for (const field of ['Authorization', 'x-api-key', 'azure_ad_token', 'aws_access_key_id'])
    assert.ok(
      imported.report.some(({ message }) => message.includes(field)),
      field,
    );
});
