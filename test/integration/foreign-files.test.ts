// Other programs' files in a running router: requests reach the right server with the right key, and a saved change
// applies at once.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { serveBelowPath } from '../tools/below-path.ts';
import { messagesBody, startTestRouter, temporaryFolder } from '../tools/router-harness.ts';
import {
  failure,
  type ScriptedUpstream,
  type ScriptedUpstreamOptions,
  startScriptedUpstream,
  text,
} from '../tools/scripted-upstream.ts';
import { ccrRelay, ccrWithKey, litellmTree, writeLitellmTree } from '../tools/setups.ts';

async function upstreamFor(t: TestContext, options: ScriptedUpstreamOptions): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream(options);
  t.after(() => upstream.close());
  upstream.otherwise = () => text('ok');
  return upstream;
}

test('claude-code-router before a relay of Gemini: path, key, both tokens, web search by route', async (t) => {
  const upstream = await upstreamFor(t, { dialect: 'gemini', keys: ['cr_xxxxxxxx'] });
  const relay = await serveBelowPath('/gemini', upstream.url);
  t.after(() => relay.close());
  const home = temporaryFolder(t);
  const file = join(home, 'ccr.json');
  writeFileSync(file, ccrRelay.replace('http://127.0.0.1:3000', relay.url));
  const router = await startTestRouter(t, { home, configFile: file });

  // The guide's own test call: the path with /api, the old key.
  const old = await router.fetch('/api/v1/messages', messagesBody({ model: 'claude-sonnet-4-5-20250929' }), {
    headers: { authorization: '', 'x-api-key': 'sk-custom' },
  });
  assert.equal(old.status, 200, await old.clone().text());
  assert.equal(old.headers.get('x-switchyard-provider'), 'gemini');
  assert.match(await old.text(), /ok/);
  const own = await router.fetch('/v1/messages', messagesBody({ model: 'claude-haiku-4-5-20251001' }));
  assert.equal(own.status, 200);
  await own.text();
  assert.deepEqual(
    upstream.messages.map(({ path, key }) => [path.replace(/\?.*/, ''), key]),
    [
      ['/v1beta/models/gemini-2.5-flash:generateContent', 'cr_xxxxxxxx'],
      ['/v1beta/models/gemini-3-pro-preview:generateContent', 'cr_xxxxxxxx'],
    ],
  );
  assert.deepEqual(upstream.refusals, []);
  const shown = JSON.stringify([router.snapshots, router.exchanges, router.log]);
  assert.doesNotMatch(shown, /cr_xxxxxxxx|sk-custom/);
  assert.equal(readFileSync(file, 'utf8').includes('cr_xxxxxxxx'), true, 'the file is as it was');
  const copies = readdirSync(home).filter(
    (name) => name !== 'ccr.json' && readFileSync(join(home, name), 'utf8').includes('cr_xxx'),
  );
  assert.deepEqual(copies, [], 'no key is copied into another file');
});

test('claude-code-router before LiteLLM: a saved change applies without a restart, a broken one does not', async (t) => {
  const upstream = await upstreamFor(t, { dialect: 'openai-chat', keys: ['sk-2015'] });
  const home = temporaryFolder(t);
  const file = join(home, 'ccr.json');
  const written = ccrWithKey.replace('http://localhost:4000', upstream.url);
  writeFileSync(file, written);
  const router = await startTestRouter(t, { home, configFile: file });
  const asked = async (): Promise<string> => {
    const answer = await router.fetch('/v1/messages', messagesBody({ model: 'claude-opus-5-5' }));
    assert.equal(answer.status, 200, await answer.clone().text());
    await answer.text();
    return upstream.messages.at(-1)?.model ?? '';
  };
  assert.equal(await asked(), 'Qwen3-Coder-480B-A35B-Instruct');
  writeFileSync(
    file,
    written.replace('"default": "litellm,Qwen3-Coder-480B-A35B-Instruct"', '"default": "litellm,gpt-4.1"'),
  );
  await router.snapshot(({ routes }) => routes.some(({ target }) => target === 'litellm/gpt-4.1'));
  assert.equal(await asked(), 'gpt-4.1');
  writeFileSync(file, written.replace('"Providers": [', '"Providers": [['));
  await router.snapshot(({ config }) => config.state === 'last-good');
  assert.equal(await asked(), 'gpt-4.1', 'with the key that only the file holds');
  assert.deepEqual(upstream.refusals, []);
});

test('LiteLLM: keys of the .env, parameters, the fallback of "*", a change of the .env', async (t) => {
  const modelscope = await upstreamFor(t, { dialect: 'openai-chat', keys: ['ms-canary-1'] });
  const gemini = await upstreamFor(t, { dialect: 'gemini', keys: ['gm-canary-1'] });
  const folder = temporaryFolder(t);
  const configFile = writeLitellmTree(folder, {
    'https://api-inference.modelscope.cn': modelscope.url,
    'model: "gemini/gemini-2.5-flash"': `model: "gemini/gemini-2.5-flash"\n      api_base: "${gemini.url}"`,
  });
  const router = await startTestRouter(t, { configFile });
  const ask = (model: string) =>
    router.fetch('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] });
  const first = await ask('Qwen3-Coder-480B-A35B-Instruct');
  assert.equal(first.status, 200, await first.clone().text());
  await first.text();
  assert.equal(modelscope.messages[0]?.model, 'Qwen/Qwen3-Coder-480B-A35B-Instruct');
  assert.equal(modelscope.messages[0]?.body.temperature, 0.7);

  // The author's first wish: another model takes over when one fails.
  modelscope.otherwise = () => failure(503);
  const second = await ask('Qwen3-Coder-480B-A35B-Instruct');
  assert.equal(second.status, 200);
  await second.text();
  assert.equal(gemini.messages[0]?.key, 'gm-canary-1');
  // A name that nobody knows goes where "*" leads.
  const unknown = await ask('some-other-name');
  await unknown.text();
  assert.equal(gemini.messages.length, 2);

  writeFileSync(join(folder, '.env'), (litellmTree['.env'] ?? '').replace('ms-canary-1', 'ms-canary-2'));
  await router.router.call('reloadConfig', {});
  await router.router.call('clearCooldowns', {});
  modelscope.otherwise = () => text('ok');
  await (await ask('Qwen3-Coder-480B-A35B-Instruct')).text();
  assert.equal(modelscope.requests.at(-1)?.key, 'ms-canary-2');
  assert.doesNotMatch(JSON.stringify([router.snapshots, router.exchanges, router.log]), /m-canary|ms-canary/);
});
