// Links that anybody can make.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImportLink } from '../../../src/vscode/import-link/linked-provider.ts';

const taken = new Set(['mine', 'groq']);
const read = (query: string) => readImportLink('/import', query, taken);

test('a preset, with models and a name', () => {
  const { preset, ...linked } = read('preset=deepseek&name=team&models=deepseek-v4-pro,a/b:free');
  assert.equal(preset.label, 'DeepSeek');
  assert.deepEqual(linked, {
    presetId: 'deepseek',
    name: 'team',
    baseUrl: 'https://api.deepseek.com/anthropic',
    models: ['deepseek-v4-pro', 'a/b:free'],
  });
  assert.equal(read('preset=groq').name, 'groq-2', 'a name that is free');
  assert.equal(
    read('preset=moonshot&base_url=https://api.moonshot.cn/anthropic').baseUrl,
    'https://api.moonshot.cn/anthropic',
  );
});

test('a dialect and an address', () => {
  const { presetId, baseUrl } = read(
    'dialect=openai-chat&base_url=https://relay.test/v1/chat/completions&name=relay',
  );
  assert.deepEqual([presetId, baseUrl], ['custom-openai', 'https://relay.test/v1']);
  assert.equal(read('dialect=anthropic&base_url=http://127.0.0.1:4000').baseUrl, 'http://127.0.0.1:4000');
});

const refused: [name: string, query: string, words: RegExp][] = [
  ['a key', 'preset=groq&key=sk-1', /must not carry keys/],
  ['a reference to a key that is there', 'preset=groq&keys=secret:mine', /must not carry keys/],
  ['a key by another name', 'preset=groq&api_key=sk-1', /must not carry keys/],
  ['headers', 'preset=groq&headers=x', /must not carry keys/],
  ['a proxy', 'preset=groq&proxy=http://evil.test', /must not carry keys/],
  ['an unknown field', 'preset=groq&routes=x', /unknown field/],
  ['a name of JavaScript', 'preset=groq&__proto__=x', /unknown field/],
  ['a field twice', 'preset=groq&preset=openai', /twice/],
  ['a preset that is a name of JavaScript', 'preset=constructor', /no provider/],
  ['the demo', 'preset=demo', /no provider/],
  ['nothing', '', /no provider/],
  ['an unknown dialect', 'dialect=smtp&base_url=https://a.test', /no provider/],
  ['preset and dialect', 'preset=groq&dialect=anthropic', /one of them/],
  [
    "somebody else's address under a known name",
    'preset=openai&base_url=https://evil.test/v1',
    /none of OpenAI/,
  ],
  ['a known address without https', 'preset=openai&base_url=http://api.openai.com/v1', /none of OpenAI/],
  ['a lookalike', 'preset=openai&base_url=https://api.openai.com.evil.test', /none of OpenAI/],
  ['a user in the address', 'dialect=anthropic&base_url=https://api.openai.com@evil.test', /user name/],
  ['no address', 'dialect=anthropic', /address with https/],
  ['plain http', 'dialect=anthropic&base_url=http://relay.test', /address with https/],
  [
    'a host that begins like this machine',
    'dialect=anthropic&base_url=http://127.0.0.1.evil.test',
    /address with https/,
  ],
  ['a script', 'dialect=anthropic&base_url=javascript:alert(1)', /address with https/],
  ['a file', 'dialect=anthropic&base_url=file:///etc/passwd', /address with https/],
  ['a variable in the address', `dialect=anthropic&base_url=https://evil.test/?x=\${env:HOME}`, /query/],
  ['a taken name', 'preset=groq&name=mine', /already/],
  ['a name with a slash', 'preset=groq&name=a/b', /at most 50/],
  ['a name of 51 characters', `preset=groq&name=${'x'.repeat(51)}`, /at most 50/],
  ['a name that looks like another', 'preset=groq&name=ореnai', /at most 50/],
  ['line breaks', 'preset=groq&name=a%0Ab', /at most 50/],
  ['line breaks as such', 'preset=groq\nkeys: [x]', /control characters/],
  ['text that runs backwards', 'preset=groq&name=a\u202eb', /control characters/],
  ['a huge link', `preset=groq&models=${'x'.repeat(3000)}`, /too long/],
  [
    'many models',
    `preset=groq&models=${Array.from({ length: 21 }, (_, index) => `m${index}`)}`,
    /more than 20/,
  ],
  ['a model that is a sentence', 'preset=groq&models=click here', /models do not have/],
];
for (const [name, query, words] of refused)
  test(`refused: ${name}`, () => {
    assert.throws(() => read(query), words);
  });

test('other paths do nothing', () => {
  for (const path of ['', '/', '/import/', '/IMPORT', '/../import', '/setKey'])
    assert.throws(() => readImportLink(path, 'preset=groq', taken), /nothing that Switchyard does/);
});
