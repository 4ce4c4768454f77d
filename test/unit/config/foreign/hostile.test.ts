// Files that want to do harm, or were made by a cat on the keyboard: always problems at a place, never an exception.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutComments } from '../../../../src/core/config/foreign/json-comments.ts';
import { good, lines, loadCcr, loadForeign, loadLitellm } from './load-foreign.ts';

test('names that mean something to JavaScript are names like any other', async () => {
  const ccr = await loadCcr(`{
    "Providers": [
      { "name": "constructor", "api_base_url": "http://localhost:1/v1", "models": ["toString"],
        "transformer": { "use": ["constructor", ["toString", {}]], "toString": { "use": [["customparams", { "constructor": 1 }]] } } },
      { "name": "hasOwnProperty", "__proto__": { "models": ["x"] }, "api_base_url": "http://localhost:1/v1", "models": ["m"] } ],
    "Router": { "default": "constructor,toString" }, "valueOf": 1 }`);
  assert.deepEqual(
    ccr.problems.filter(({ severity }) => severity === 'error').map(({ path }) => path),
    ['Providers[1].__proto__'],
  );
  const litellm = await loadLitellm(`
model_list:
  - { model_name: constructor, litellm_params: { model: toString/x, api_base: "http://localhost:1", constructor: 1 }, valueOf: 1 }
router_settings: { model_group_alias: { hasOwnProperty: constructor }, routing_strategy: constructor }
environment_variables: { constructor: x }
litellm_settings: { toString: 1 }
`);
  const config = good(litellm);
  assert.deepEqual(config.groups.get('constructor')?.aliases, ['hasOwnProperty']);
  assert.equal(
    Object.hasOwn(config.providers.get('localhost-1')?.models[0]?.params ?? {}, 'constructor'),
    true,
  );
  assert.equal(({} as Record<string, unknown>).models, undefined);
});

test('any type in any place is a problem at its place', async () => {
  const odd = ['7', 'true', '"text"', '[]', '{}', '[[1]]', '[{}]', 'null', '{ "a": { "b": [1] } }'];
  const ccrFields = [
    'Providers',
    'Router',
    'fallback',
    'APIKEY',
    'PORT',
    'HOST',
    'PROXY_URL',
    'API_TIMEOUT_MS',
    'transformers',
  ];
  const providerFields = ['name', 'api_base_url', 'api_key', 'models', 'transformer', 'tokenizer'];
  const litellmFields = [
    'model_list',
    'router_settings',
    'litellm_settings',
    'general_settings',
    'environment_variables',
    'credential_list',
    'include',
  ];
  const routerFields = [
    'routing_strategy',
    'fallbacks',
    'context_window_fallbacks',
    'model_group_alias',
    'model_groups',
    'num_retries',
    'timeout',
  ];
  const params = [
    'model',
    'api_base',
    'api_key',
    'rpm',
    'weight',
    'order',
    'extra_headers',
    'extra_body',
    'timeout',
    'api_version',
  ];
  for (const value of odd) {
    for (const field of ccrFields) {
      const loaded = await loadCcr(
        `{ "Providers": [], "Router": {}, "${field}X": 1 }`.replace(
          `"${field}X": 1`,
          field === 'Providers' || field === 'Router' ? '"LOG": 1' : `"${field}": ${value}`,
        ),
      );
      lines(loaded);
      lines(await loadCcr(`{ "Router": {}, "Providers": ${value} }`));
      lines(await loadCcr(`{ "Providers": [], "Router": ${value} }`));
    }
    for (const field of providerFields)
      lines(
        await loadCcr(
          `{ "Providers": [ { "${field}": ${value} }, { "name": "p", "${field}x": 1, "api_base_url": "x" } ] }`,
        ),
      );
    for (const field of litellmFields) lines(await loadLitellm(`{ "model_group": 1, "${field}": ${value} }`));
    for (const field of routerFields)
      lines(await loadLitellm(`{ "model_list": [], "router_settings": { "${field}": ${value} } }`));
    for (const field of params)
      lines(
        await loadLitellm(
          `{ "model_list": [ { "model_name": "a", "litellm_params": { "${field}": ${value} } }, { "model_name": "b", "litellm_params": { "model": "openai/x", "api_base": "http://localhost:1", "${field === 'model' ? 'other' : field}2": ${value} } } ] }`,
        ),
      );
  }
});

test('bombs: aliases, depth, size, includes in a circle', async () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
model_list: [*e, *e, *e, *e, *e, *e, *e, *e, *e]
`;
  assert.match(lines(await loadLitellm(bomb)).join('\n'), /aliases multiply into too many values/);
  const deep = `{ "Providers": ${'['.repeat(500)}${']'.repeat(500)}, "Router": {} }`;
  assert.match(lines(await loadCcr(deep)).join('\n'), /nested too deeply/);
  assert.match(
    lines(await loadCcr(`{ "Router": {}, "x": "${'y'.repeat(4_000_001)}" }`)).join('\n'),
    /larger than 4 MB/,
  );
  const circle = await loadForeign(
    { 'a.yaml': 'include: [b.yaml]\nmodel_list: []\n', 'b.yaml': 'include: [a.yaml]\n' },
    'a.yaml',
  );
  assert.match(lines(circle).join('\n'), /files include each other: a\.yaml → b\.yaml → a\.yaml/);
});

test('many models are read in time linear in their number', async () => {
  const entry = (index: number) =>
    `  - { model_name: "m${index}", litellm_params: { model: "openai/m${index}", api_base: "https://h${index % 20}.example.org/v1", api_key: "k${index % 50}" } }\n`;
  const text = `model_list:\n${Array.from({ length: 2000 }, (_, index) => entry(index)).join('')}`;
  const config = good(await loadLitellm(text));
  assert.equal(config.groups.size, 2000);
});

test('keys never stand in a problem', async () => {
  const loaded = await loadCcr(`{
    "Providers": [ { "name": "p", "api_base_url": "https://user:canary-1@host/v1", "api_key": "canary-2", "models": ["m"], "api_keys": "canary-3" },
      { "name": "q", "api_base_url": "not a url canary-4", "api_key": ["canary-5"], "models": ["m"] } ],
    "APIKEY": { "canary-6": "canary-7" }, "Router": { "default": "p,m" } }`);
  assert.doesNotMatch(JSON.stringify(loaded.problems), /canary-[1-57]/);
});

test('comments become spaces, texts stay', () => {
  const text = '{ "a": "//x", /* c\n */ "b": \'/*y*/\', // z\n "c": "\\"//", } // end';
  const bare = withoutComments(text);
  assert.equal(bare.length, text.length);
  assert.equal(bare.split('\n').length, text.split('\n').length);
  assert.equal(bare.replace(/\s+/g, ' '), '{ "a": "//x", "b": \'/*y*/\', "c": "\\"//", } ');
});
