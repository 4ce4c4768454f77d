// What a correct file means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoConfig } from '../../../src/core/config/load.ts';
import { plainQuirks } from '../../../src/core/dialects/quirks.ts';
import { configOf, loadText } from './load-text.ts';

test('a preset fills in what the file leaves out', async () => {
  const config = await configOf(
    'providers:\n  d: { preset: deepseek, keys: [secret:d], models: [deepseek-flash, other] }\nroutes: { default: d }\n',
  );
  assert.deepEqual(config.providers.get('d'), {
    name: 'd',
    preset: 'deepseek',
    enabled: true,
    dialect: 'anthropic',
    baseUrl: 'https://api.deepseek.com/anthropic',
    keys: [{ name: 'd', reference: 'secret:d', weight: 1 }],
    models: [
      {
        id: 'deepseek-flash',
        context: 1_000_000,
        maxOutput: 384_000,
        params: {},
        vision: false,
        pdf: false,
        tools: true,
      },
      { id: 'other', params: {}, vision: false, pdf: false, tools: true },
    ],
    headers: {},
    timeout: { connect: 10, firstToken: 120, idle: 120, total: 3600 },
    quirks: { ...plainQuirks, auth: 'bearer' },
  });
  assert.equal(config.demo, false);
});

test('another dialect of the preset has its own address and quirks', async () => {
  const config = await configOf(
    'providers:\n  d: { preset: deepseek, dialect: openai-chat, keys: [secret:d] }\nroutes: { default: d/x }\n',
  );
  const provider = config.providers.get('d');
  assert.equal(provider?.baseUrl, 'https://api.deepseek.com/v1');
  assert.equal(provider?.quirks.reasoning, 'thinking');
  assert.equal(provider?.quirks.reasoningHistory, 'reasoning_content');
});

test('every field of a provider overrides its preset', async () => {
  const config = await configOf(
    `providers:
  p:
    preset: modelscope
    base_url: https://example.com
    keys: secret:one
    models: [{ id: m, context: 5, max_output: 6, params: { temperature: 0.5, top: null }, vision: true, pdf: true, tools: false }]
    headers: { X-Title: "\${env:TITLE}!" }
    proxy: direct
    timeout: { connect: 1, first_token: 2, idle: 3, total: 4.5 }
    enabled: false
    quirks:
      max_tokens_field: max_completion_tokens
      reasoning: none
      reasoning_history: reasoning_details
      stream_usage: false
      refuses: [user]
      cache_control: true
      file_parts: true
      web_search: enable_search
      parallel_tool_calls: false
      auth: api-key
      efforts: [high]
      json_schema: prompt
      prompt_cache_key: true
      tool_call_ids: nine-alphanumerics
routes: { default: p/m }
`,
    { TITLE: 'Hi' },
  );
  assert.deepEqual(config.providers.get('p'), {
    name: 'p',
    preset: 'modelscope',
    enabled: false,
    dialect: 'openai-chat',
    baseUrl: 'https://example.com/v1',
    keys: [{ name: 'one', reference: 'secret:one', weight: 1 }],
    models: [
      {
        id: 'm',
        context: 5,
        maxOutput: 6,
        params: { temperature: 0.5, top: null },
        vision: true,
        pdf: true,
        tools: false,
      },
    ],
    headers: { 'x-title': 'Hi!' },
    proxy: 'direct',
    timeout: { connect: 1, firstToken: 2, idle: 3, total: 4.5 },
    quirks: {
      maxTokensField: 'max_completion_tokens',
      reasoning: 'none',
      reasoningHistory: 'reasoning_details',
      streamUsage: false,
      refuses: ['user'],
      cacheControl: true,
      fileParts: true,
      webSearch: 'enable_search',
      parallelToolCalls: false,
      auth: 'api-key',
      efforts: ['high'],
      jsonSchema: 'prompt',
      promptCacheKey: true,
      toolCallIds: 'nine-alphanumerics',
    },
  });
});

test('keys are references with names of their own', async () => {
  const config = await configOf(
    `providers:
  p:
    preset: groq
    keys: [secret:a, env:a, "\${env:B}", { key: "secret:b", weight: 0.5, rpm: 60, tpm: 100000, max_parallel: 4 }, none]
routes: { default: p/x }
`,
    { a: '1', B: '2' },
  );
  assert.deepEqual(config.providers.get('p')?.keys, [
    { name: 'a', reference: 'secret:a', weight: 1 },
    { name: 'a-2', reference: 'env:a', weight: 1 },
    { name: 'B', reference: 'env:B', weight: 1 },
    { name: 'b', reference: 'secret:b', weight: 0.5, rpm: 60, tpm: 100_000, maxParallel: 4 },
    { name: 'none', reference: 'none', weight: 1 },
  ]);
});

test('all forms of targets', async () => {
  const config = await configOf(`providers:
  p: { preset: ollama, models: [first, b/c] }
  模型: { preset: ollama }
groups:
  g: { targets: [p/b/c, "p,first", " p , x ", 模型/q, h], fallbacks: [h, p/y] }
  h: { targets: [p, { to: p/z, weight: 3 }], strategy: weighted, sticky: false, aliases: [claude-x, claude-y-*] }
routes:
  default: claude-x
  think: g
  longContext: { to: p/b/c }
  webSearch: { to: h }
fallbacks: { "*": [h], g: [p/first] }
`);
  const model = (provider: string, id: string) => ({ kind: 'model', provider, model: id });
  const member = (provider: string, id: string, weight = 1) => ({ ...model(provider, id), weight });
  const h = { kind: 'group', group: 'h' };
  assert.deepEqual(config.groups.get('g'), {
    name: 'g',
    targets: [
      member('p', 'b/c'),
      member('p', 'first'),
      member('p', 'x'),
      member('模型', 'q'),
      { ...h, weight: 1 },
    ],
    strategy: 'failover',
    sticky: true,
    aliases: [],
    fallbacks: [h, model('p', 'y')],
    contextFallbacks: [],
  });
  const inner = config.groups.get('h');
  assert.deepEqual(inner?.targets, [member('p', 'first'), member('p', 'z', 3)]);
  assert.deepEqual([inner?.strategy, inner?.sticky], ['weighted', false]);
  assert.deepEqual(config.routes, {
    default: { target: h },
    think: { target: { kind: 'group', group: 'g' }, effort: 'xhigh' },
    longContext: { target: model('p', 'b/c'), threshold: 60_000 },
    webSearch: { target: h },
  });
  assert.deepEqual(
    [...config.fallbacks],
    [
      ['*', [h]],
      ['g', [model('p', 'first')]],
    ],
  );
});

test('a group goes before a provider of the same name', async () => {
  const config = await configOf(
    'providers: { x: { preset: ollama, models: [m] } }\ngroups: { x: { targets: [x/m] } }\nroutes: { default: x, think: { to: x, effort: low } }\n',
  );
  assert.deepEqual(config.routes.default?.target, { kind: 'group', group: 'x' });
  assert.equal(config.routes.think?.effort, 'low');
});

test('groups may share members and fall back to each other', async () => {
  const { problems } = await loadText(
    'providers: { x: { preset: ollama } }\ngroups:\n  a: { targets: [x/1, c], fallbacks: [b] }\n  b: { targets: [c], fallbacks: [a] }\n  c: { targets: [x/2] }\nroutes: { default: a }\n',
  );
  assert.deepEqual(problems, []);
});

test('what a missing variable takes out', async () => {
  const config = await configOf(`providers:
  url: { preset: ollama, base_url: "\${env:URL}", models: [a, "\${env:M}", { id: "\${env:M}", context: 5 }] }
  proxy: { preset: ollama, proxy: "\${env:P}" }
  fine: { preset: groq, keys: [env:K, secret:s], models: [m] }
groups:
  g: { targets: [fine/m, { to: "fine/\${env:M}" }] }
routes: { default: g, think: { to: "\${env:G}" }, image: "\${env:G}" }
`);
  const url = config.providers.get('url');
  assert.deepEqual(
    [url?.enabled, url?.baseUrl, url?.models.map((model) => model.id)],
    [false, 'https://unset.invalid', ['a']],
  );
  assert.equal(config.providers.get('proxy')?.enabled, false);
  // The key is kept, so that it can be shown as missing.
  assert.deepEqual(
    config.providers.get('fine')?.keys.map((key) => key.name),
    ['K', 's'],
  );
  assert.equal(config.groups.get('g')?.targets.length, 1);
  assert.deepEqual(Object.keys(config.routes), ['default']);
});

test('empty sections and JSON', async () => {
  const config = await configOf(
    '{\n\t"$schema": "x",\n\t"providers": {\n\t\t"o": { "preset": "ollama", "models": null }\n\t},\n\t"routes": { "default": "o/x" }\n}',
  );
  assert.deepEqual([...config.providers.keys()], ['o']);
  const { problems } = await loadText(
    'providers:\n  o: { preset: ollama }\ngroups:\nroutes:\n  default: o/x\n  think:\nserver:\nresilience:\n  retries:\n',
  );
  assert.deepEqual(problems, []);
});

test('numbers as names are names', async () => {
  const config = await configOf(
    'providers:\n  302: { preset: ollama }\n  1.0: { preset: ollama }\nroutes: { default: 302/x }\n',
  );
  assert.deepEqual([...config.providers.keys()], ['302', '1.0']);
});

test('anchors and merge keys', async () => {
  const config = await configOf(`providers:
  a: &base { preset: ollama, timeout: &t { idle: 7 } }
  b: { <<: *base, base_url: http://b, timeout: *t }
  c:
    <<: [{ enabled: false }, *base]
routes: { default: a/x }
`);
  assert.equal(config.providers.get('b')?.baseUrl, 'http://b');
  assert.equal(config.providers.get('b')?.preset, 'ollama');
  assert.equal(config.providers.get('b')?.timeout.idle, 7);
  assert.equal(config.providers.get('c')?.enabled, false);
  assert.equal(config.providers.get('c')?.timeout.idle, 7);
});

test('the demo stands in while there is no provider', async () => {
  for (const text of ['', '# nothing\n', 'server: { port: 4567 }\n', 'providers: {}\ngroups:\n']) {
    const config = await configOf(text);
    assert.equal(config.demo, true);
    assert.deepEqual([...config.providers.keys()], ['demo']);
    assert.deepEqual(config.routes.default?.target, { kind: 'group', group: 'demo' });
  }
  assert.equal((await configOf('server: { port: 4567 }')).server.port, 4567);
  assert.equal(demoConfig().providers.get('demo')?.baseUrl, 'demo://local');
  const real = await configOf(
    'providers: { o: { preset: ollama }, d: { preset: demo } }\nroutes: { default: o/x }\n',
  );
  assert.equal(real.demo, false);
  const named = await configOf('providers: { d: { preset: demo } }\nroutes: { default: d }\n');
  assert.equal(named.demo, true);
});

test('a missing file gives the demo and says that it is missing', async () => {
  const loaded = await loadText({});
  assert.equal(loaded.exists, false);
  assert.equal(loaded.config?.demo, true);
  assert.deepEqual(loaded.problems, []);
});
