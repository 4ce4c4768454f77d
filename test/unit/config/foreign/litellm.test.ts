// LiteLLM's config.yaml: what each field becomes, and what is said where it can't.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTarget } from '../../../../src/core/config/target.ts';
import { good, lines, loadForeign, loadLitellm, routesOf } from './load-foreign.ts';

const said = (loaded: Awaited<ReturnType<typeof loadLitellm>>) =>
  lines(loaded).map((line) => line.replace(/^(\w+) config.yaml:\d+:\d+ /, '$1 '));
const noDefault = /there is no default route/;
const withoutDefault = (loaded: Awaited<ReturnType<typeof loadLitellm>>) =>
  said(loaded).filter((line) => !noDefault.test(line) && !line.includes('not supported yet'));

const prefixes: [params: string, dialect: string, baseUrl: string, model: string, key: string][] = [
  ['model: openai/gpt-4o, api_key: sk', 'openai-chat', 'https://api.openai.com/v1', 'gpt-4o', 'file:openai'],
  ['model: openai/gpt-4o', 'openai-chat', 'https://api.openai.com/v1', 'gpt-4o', 'env:OPENAI_API_KEY'],
  ['model: gpt-4o', 'openai-chat', 'https://api.openai.com/v1', 'gpt-4o', 'env:OPENAI_API_KEY'],
  [
    'model: "openai/Qwen/Qwen3", api_base: "http://localhost:8000/v1"',
    'openai-chat',
    'http://localhost:8000/v1',
    'Qwen/Qwen3',
    'none',
  ],
  [
    'model: anthropic/claude-sonnet-4-5, api_key: sk',
    'anthropic',
    'https://api.anthropic.com',
    'claude-sonnet-4-5',
    'file:anthropic',
  ],
  [
    'model: anthropic/claude-sonnet-4-5, api_base: "https://relay.example.org/", api_key: sk',
    'anthropic',
    'https://relay.example.org',
    'claude-sonnet-4-5',
    'file:example',
  ],
  [
    'model: openrouter/anthropic/claude-sonnet-4, api_key: sk',
    'openai-chat',
    'https://openrouter.ai/api/v1',
    'anthropic/claude-sonnet-4',
    'file:openrouter',
  ],
  [
    'model: deepseek/deepseek-chat, api_key: sk',
    'openai-chat',
    'https://api.deepseek.com/v1',
    'deepseek-chat',
    'file:deepseek',
  ],
  [
    'model: dashscope/qwen-max, api_key: sk',
    'openai-chat',
    'https://dashscope.aliyuncs.com/compatible-mode/v1',
    'qwen-max',
    'file:dashscope',
  ],
  [
    'model: moonshot/kimi-k2, api_key: sk',
    'openai-chat',
    'https://api.moonshot.ai/v1',
    'kimi-k2',
    'file:moonshot',
  ],
  [
    'model: "ollama/qwen3:32b", api_base: "http://nas.local:11434"',
    'openai-chat',
    'http://nas.local:11434/v1',
    'qwen3:32b',
    'none',
  ],
  ['model: ollama_chat/llama3', 'openai-chat', 'http://localhost:11434/v1', 'llama3', 'none'],
  [
    'model: hosted_vllm/meta/llama, api_base: "http://gpu:8000/v1"',
    'openai-chat',
    'http://gpu:8000/v1',
    'meta/llama',
    'none',
  ],
  [
    'model: gemini/gemini-2.5-pro, api_key: sk',
    'gemini',
    'https://generativelanguage.googleapis.com/v1beta',
    'gemini-2.5-pro',
    'file:gemini',
  ],
  [
    'model: azure/my-gpt, api_base: "https://x.openai.azure.com", api_version: "2024-10-21", api_key: sk',
    'openai-chat',
    'https://x.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21',
    'my-gpt',
    'file:azure',
  ],
  [
    'model: my-model, custom_llm_provider: openai, api_base: "https://llm.example.org/v1", api_key: sk',
    'openai-chat',
    'https://llm.example.org/v1',
    'my-model',
    'file:example',
  ],
  [
    'model: some/model, api_base: "https://llm.example.org/v1", api_key: sk',
    'openai-chat',
    'https://llm.example.org/v1',
    'some/model',
    'file:example',
  ],
];
for (const [params, dialect, baseUrl, model, key] of prefixes) {
  test(`model string: ${params}`, async () => {
    const loaded = await loadLitellm(`model_list: [{ model_name: g, litellm_params: { ${params} } }]\n`, {
      OPENAI_API_KEY: 'x',
    });
    assert.deepEqual(withoutDefault(loaded), []);
    const [provider] = good(loaded).providers.values();
    assert.deepEqual(
      [provider?.dialect, provider?.baseUrl, provider?.models[0]?.id, provider?.keys[0]?.reference],
      [dialect, baseUrl, model, key],
    );
    assert.deepEqual(good(loaded).groups.get('g')?.targets.map(formatTarget), [`${provider?.name}/${model}`]);
  });
}

test('an address that is a variable is called by the prefix; no key goes where nobody sent it', async () => {
  const loaded = await loadLitellm(
    'model_list: [{ model_name: g, litellm_params: { model: openai/m, api_base: os.environ/BASE, api_version: "1" } }]\n',
    { BASE: 'https://own.example.org/v1', OPENAI_API_KEY: 'x' },
  );
  const provider = good(loaded).providers.get('openai');
  assert.deepEqual(
    [provider?.baseUrl, provider?.keys[0]?.reference, provider?.preset],
    ['https://own.example.org/v1', 'none', undefined],
  );
});

test('deployments of one group: keys apart, weights, limits, orders', async () => {
  const loaded = await loadLitellm(`
model_list:
  - { model_name: sonnet, litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: one, weight: 3 } }
  - { model_name: sonnet, litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: two, weight: 1 } }
  - { model_name: sonnet, litellm_params: { model: openrouter/anthropic/claude-sonnet-4.5, api_key: three, order: 2 } }
  - { model_name: opus, litellm_params: { model: anthropic/claude-opus-4-5, api_key: one } }
`);
  const config = good(loaded);
  const sonnet = config.groups.get('sonnet');
  assert.deepEqual(sonnet?.targets.map(formatTarget), [
    'anthropic/claude-sonnet-4-5',
    'anthropic-2/claude-sonnet-4-5',
  ]);
  assert.equal(sonnet?.strategy, 'weighted');
  assert.deepEqual(
    sonnet?.targets.map((target) => target.weight),
    [3, 1],
  );
  assert.deepEqual(sonnet?.fallbacks.map(formatTarget), ['openrouter/anthropic/claude-sonnet-4.5']);
  assert.deepEqual(config.groups.get('opus')?.targets.map(formatTarget), ['anthropic/claude-opus-4-5']);
  assert.deepEqual(
    [...loaded.fileKeys],
    [
      ['file:anthropic', 'one'],
      ['file:anthropic-2', 'two'],
      ['file:openrouter', 'three'],
    ],
  );
});

test('one model with other parameters is another provider entry', async () => {
  const loaded = await loadLitellm(`
model_list:
  - { model_name: sonnet, litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: one } }
  - model_name: sonnet-think
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: one, thinking: { type: enabled, budget_tokens: 2048 } }
    model_info: { mode: chat, max_input_tokens: 200000, max_output_tokens: 64000, supports_vision: true }
`);
  const config = good(loaded);
  const [model] = config.providers.get('anthropic-2')?.models ?? [];
  assert.deepEqual(model?.params, { thinking: { type: 'enabled', budget_tokens: 2048 } });
  assert.deepEqual([model?.context, model?.maxOutput, model?.vision], [200_000, 64_000, true]);
  assert.deepEqual(config.groups.get('sonnet-think')?.targets.map(formatTarget), [
    'anthropic-2/claude-sonnet-4-5',
  ]);
  assert.equal(loaded.fileKeys.size, 1, 'the same key is one key');
});

test('a group that is called like its target does not contain itself', async () => {
  const loaded = await loadLitellm(
    'model_list: [{ model_name: deepseek/deepseek-chat, litellm_params: { model: deepseek/deepseek-chat, api_key: k } }]\n',
  );
  assert.deepEqual(good(loaded).groups.get('deepseek/deepseek-chat')?.targets, [
    { kind: 'model', provider: 'deepseek', model: 'deepseek-chat', weight: 1 },
  ]);
});

test('wildcards: the provider gets the name; others are named', async () => {
  const loaded = await loadLitellm(`
model_list:
  - { model_name: kimi, litellm_params: { model: openrouter/moonshotai/kimi-k2, api_key: k } }
  - { model_name: "openrouter/*", litellm_params: { model: "openrouter/*", api_key: k } }
  - { model_name: "*", litellm_params: { model: "openai/*", api_key: k } }
`);
  const config = good(loaded);
  assert.deepEqual([...config.providers.keys()], ['openrouter']);
  assert.deepEqual(
    withoutDefault(loaded).map((line) => line.slice(0, 60)),
    ['warning model_list[2].model_name: "*" is not carried over: only'].map((line) => line.slice(0, 60)),
  );
});

test('aliases, fallbacks of all kinds, numbers of both settings; the router wins', async () => {
  const loaded = await loadLitellm(`
model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_key: k } }
  - { model_name: b, litellm_params: { model: openai/b, api_key: k } }
router_settings:
  model_group_alias: { gpt-4: a, hidden: { model: b, hidden: true }, lost: nowhere, b: a }
  fallbacks: [{ a: [b, gone] }, { nobody: [b] }, { gpt-4: [b] }]
  context_window_fallbacks: [{ a: [b] }]
  cooldown_time: 30
  allowed_fails: 1
litellm_settings:
  num_retries: 2
  default_fallbacks: [b]
  cooldown_time: 99
  request_timeout: 600
  drop_params: false
`);
  const config = good(loaded);
  assert.deepEqual(config.groups.get('a')?.aliases, ['gpt-4']);
  assert.deepEqual(config.groups.get('b')?.aliases, ['hidden']);
  assert.deepEqual(
    [...config.fallbacks].map(([name, to]) => [name, to.map(formatTarget)]),
    [
      ['a', ['b']],
      ['*', ['b']],
    ],
  );
  assert.deepEqual(routesOf(config), { default: 'b' });
  const { retries, cooldown, allowedFails } = config.resilience;
  assert.deepEqual([retries, cooldown, allowedFails], [2, 30, 1]);
  assert.equal(config.dropParams, false);
  assert.equal(config.providers.get('openai')?.timeout.firstToken, 600);
  assert.deepEqual(withoutDefault(loaded), [
    'warning router_settings.model_group_alias.lost: the file defines no model "nowhere"; the alias "lost" is left out',
    'warning router_settings.model_group_alias.b: "b" is a model of the file itself, which requests go to; the alias is left out',
    'warning router_settings.fallbacks[0].a[1]: the file defines no model "gone"; this is left out',
    'warning router_settings.fallbacks[1].nobody: the file defines no model "nobody"; this is left out',
  ]);
});

test('what is not carried over is listed by path; what nobody misses only at an import', async () => {
  const loaded = await loadLitellm(`
model_list:
  - { model_name: a, litellm_params: { model: bedrock/anthropic.claude, aws_region_name: x } }
  - { model_name: b, litellm_params: { model: openai/b, api_key: k, num_retries: 9, tags: [free] } }
  - { model_name: c, litellm_params: { model: strange } }
  - { litellm_params: { model: openai/d } }
router_settings: { routing_strategy: cost-based-routing, retry_policy: { RateLimitErrorRetries: 2 }, redis_host: x, colour: red }
litellm_settings: { success_callback: [langfuse], cache: true }
general_settings: { database_url: "postgres://u:p@h/d", colour: red }
guardrails: []
Router2: 1
`);
  assert.deepEqual(withoutDefault(loaded), [
    'warning model_list[0].litellm_params.model: "bedrock" needs a login at a cloud, which is not supported (the presets "bedrock" and "vertex" take API keys); this deployment is left out',
    'warning model_list[1].litellm_params.num_retries: "num_retries" is not carried over: `resilience.retries` holds for all',
    'warning model_list[1].litellm_params.tags: "tags" is not carried over: write `rules` for requests that carry a tag',
    'warning model_list[2].litellm_params.model: names no provider that is known: write openai/MODEL and "api_base"; this deployment is left out',
    'warning model_list[3]: needs "model_name" and "litellm_params: { model }"; this deployment is left out',
    'warning router_settings.routing_strategy: the strategy "cost-based-routing" is not carried over; the targets are tried in their order',
    'warning router_settings.retry_policy: "retry_policy" is not carried over: failures are told apart without it; `error_rules` correct what is wrong',
    'warning router_settings.colour: "colour" is not carried over',
    'warning litellm_settings.cache: "cache" is not carried over: answers are not cached; the providers\' own prompt caches work',
    'warning general_settings.colour: "colour" is not carried over',
    'warning guardrails: "guardrails" is not carried over: guardrails are not run',
    'warning Router2: "Router2" is not carried over',
  ]);
  assert.deepEqual(
    loaded.sources.notes.map(({ path }) => path),
    ['router_settings.redis_host', 'litellm_settings.success_callback', 'general_settings.database_url'],
  );
});

test('variables: environment over .env, environment_variables over both; tokens; credentials', async () => {
  const loaded = await loadForeign(
    {
      'config.yaml': `
environment_variables: { FROM_FILE: f }
credential_list: [{ credential_name: c, credential_values: { api_key: os.environ/FROM_DOTENV, api_base: "https://c.example.org" } }]
model_list:
  - { model_name: a, litellm_params: { model: openai/a, litellm_credential_name: c } }
  - { model_name: b, litellm_params: { model: openai/b, api_key: os.environ/FROM_FILE } }
  - { model_name: c, litellm_params: { model: openai/c, api_key: os.environ/IN_BOTH, api_base: os.environ/BASE } }
general_settings: { master_key: os.environ/MASTER }
`,
      '.env':
        'FROM_DOTENV=d\nFROM_FILE=not-this\nIN_BOTH=not-this-either\nBASE=https://base.example.org/v1\nMASTER=sk-master\n',
    },
    'config.yaml',
    { IN_BOTH: 'environment' },
  );
  const config = good(loaded);
  assert.deepEqual(
    [...config.providers.values()].map(({ baseUrl, keys }) => [baseUrl, keys[0]?.reference]),
    [
      ['https://c.example.org/v1', 'env:FROM_DOTENV'],
      ['https://api.openai.com/v1', 'env:FROM_FILE'],
      ['https://base.example.org/v1', 'env:IN_BOTH'],
    ],
  );
  assert.deepEqual(config.clients, [{ name: 'litellm', reference: 'env:MASTER', routes: {} }]);
  assert.deepEqual(
    [...loaded.fileKeys],
    [
      ['env:FROM_DOTENV', 'd'],
      ['env:FROM_FILE', 'f'],
      ['env:MASTER', 'sk-master'],
    ],
  );
});

test('an own file includes one of LiteLLM: own fields win, and groups of both serve', async () => {
  const loaded = await loadForeign(
    {
      'config.yaml': `include: [litellm/config.yaml]
providers:
  own: { preset: ollama, models: [m] }
  openai: { proxy: direct }
groups: { mine: { targets: [a, own/m] } }
routes: { default: mine }
`,
      'litellm/config.yaml':
        'model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: k } }]\nlitellm_settings: { default_fallbacks: [a] }\n',
    },
    'config.yaml',
  );
  const config = good(loaded);
  assert.deepEqual(lines(loaded), []);
  assert.deepEqual(routesOf(config), { default: 'mine' });
  assert.equal(config.providers.get('openai')?.proxy, 'direct');
  assert.deepEqual(config.groups.get('mine')?.targets.map(formatTarget), ['a', 'own/m']);
});
