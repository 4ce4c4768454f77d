// Credentials beside the keys, and variables of the other program's own files: none is copied, none is lost silently.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importConfig } from '../../../../src/core/config/import/import-config.ts';
import { foreignReader } from '../foreign/load-foreign.ts';

async function imported(files: Record<string, string>, file: string) {
  const result = await importConfig({ file: `/setup/${file}`, reader: foreignReader(files), env: {} });
  return { text: result.text, report: result.report.map(({ message }) => message).join('\n') };
}

test('headers, proxies and parameters with credentials become variables or are left out', async () => {
  const { text, report } = await imported(
    {
      'config.yaml': `
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o
      api_base: https://oai.helicone.ai/v1
      api_key: plain-key-1
      extra_headers: { Helicone-Auth: Bearer canary-header, X-Title: me }
      extra_body: { api_key: canary-body, tenant: x }
`,
    },
    'config.yaml',
  );
  assert.doesNotMatch(text + report, /canary|plain-key/);
  assert.match(text, /Helicone-Auth: "?\$\{env:\w+_HELICONE_AUTH\}/);
  assert.match(text, /X-Title: me/);
  assert.match(text, /tenant: x/);
  assert.match(report, /the header Helicone-Auth holds a credential.*set the variable \w+_HELICONE_AUTH/);
  assert.match(report, /the parameter api_key holds a credential/);
});

test('a proxy with a password is one variable for all providers', async () => {
  const provider = (name: string) => ({
    name,
    api_base_url: `https://${name}.example/v1/chat/completions`,
    api_key: `key-of-${name}`,
    models: ['m'],
  });
  const { text, report } = await imported(
    {
      'config.json': JSON.stringify({
        PROXY_URL: 'http://me:canary-pw@proxy.example:3128',
        Providers: [provider('one'), provider('two')],
        Router: { default: 'one,m' },
      }),
    },
    'config.json',
  );
  assert.doesNotMatch(text + report, /canary/);
  assert.equal(text.match(/proxy: \$\{env:ONE_PROXY\}/g)?.length, 2);
  assert.equal(report.match(/ONE_PROXY/g)?.length, 1);
});

test('variables that only the file beside it defines are told', async () => {
  const { report } = await imported(
    {
      'config.yaml': `
model_list:
  - model_name: a
    litellm_params: { model: openai/gpt-4o, api_base: os.environ/BASE, api_key: os.environ/KEY }
`,
      '.env': 'BASE=https://x.example/v1\nKEY=canary-key\n',
    },
    'config.yaml',
  );
  assert.match(report, /uses the variable "BASE", which is not set outside of the other program's files/);
  assert.doesNotMatch(report, /"KEY"|canary/);
});
