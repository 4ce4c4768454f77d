// The two public set-ups, byte for byte: what they mean here, and what is said about them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTarget } from '../../../../src/core/config/target.ts';
import { ccrRelay, ccrWithKey, ccrWithoutKeys, litellmTree } from '../../../tools/setups.ts';
import { good, lines, loadCcr, loadForeign, routesOf } from './load-foreign.ts';

test('the LiteLLM tree: includes, keys of the .env above, groups, fallbacks, settings', async () => {
  const loaded = await loadForeign(litellmTree, 'config/config.yaml');
  const config = good(loaded);
  assert.deepEqual(lines(loaded), []);
  assert.equal(loaded.sources.files.includes('/setup/config/models/claude.yaml'), false);
  assert.deepEqual(
    [...config.providers.values()].map(({ name, dialect, baseUrl, keys, timeout }) => ({
      name,
      dialect,
      baseUrl,
      keys: keys.map(({ reference }) => reference),
      firstToken: timeout.firstToken,
    })),
    [
      {
        name: 'modelscope',
        dialect: 'openai-chat',
        baseUrl: 'https://api-inference.modelscope.cn/v1',
        keys: ['env:MODELSCOPE'],
        firstToken: 10,
      },
      {
        name: 'gemini',
        dialect: 'gemini',
        baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
        keys: ['env:GEMINI_API_KEY'],
        firstToken: 10,
      },
    ],
  );
  assert.deepEqual(
    [...loaded.fileKeys],
    [
      ['env:MODELSCOPE', 'ms-canary-1'],
      ['env:GEMINI_API_KEY', 'gm-canary-1'],
    ],
  );
  const groups = [...config.groups.values()].map((group) => [
    group.name,
    group.targets.map(formatTarget),
    group.aliases,
  ]);
  assert.deepEqual(groups, [
    ['Qwen3-Coder-480B-A35B-Instruct', ['modelscope/Qwen/Qwen3-Coder-480B-A35B-Instruct'], []],
    ['Qwen3-235B-A22B-Instruct-2507', ['modelscope/Qwen/Qwen3-235B-A22B-Instruct-2507'], []],
    ['gemini-2.5-flash', ['gemini/gemini-2.5-flash'], []],
    ['claude-3-5-sonnet-20241022', ['gemini/gemini-2.5-pro'], []],
    ['claude-3-5-sonnet', ['claude-3-5-sonnet-20241022'], ['claude-3.5-sonnet']],
  ]);
  const coder = config.providers.get('modelscope')?.models[0];
  assert.deepEqual(coder?.params, { temperature: 0.7 });
  assert.deepEqual(routesOf(config), { default: 'gemini-2.5-flash' });
  assert.deepEqual(
    [...config.fallbacks].map(([name, to]) => [name, to.map(formatTarget)]),
    [['*', ['gemini-2.5-flash']]],
  );
  assert.equal(config.resilience.retries, 3);
  assert.equal(config.dropParams, true);
});

test('claude-code-router before LiteLLM, first form: a base URL and no keys, not a word', async () => {
  const loaded = await loadCcr(ccrWithoutKeys);
  const config = good(loaded);
  assert.deepEqual(lines(loaded), []);
  for (const name of ['litellm', 'deepseek']) {
    const provider = config.providers.get(name);
    assert.equal(provider?.baseUrl, 'http://localhost:4000/v1');
    assert.equal(provider?.dialect, 'openai-chat');
    assert.deepEqual(provider?.keys, [{ name: 'none', reference: 'none', weight: 1 }]);
  }
  assert.deepEqual(routesOf(config), { default: 'litellm/claude-3-7-sonnet', think: 'deepseek/deepseek-r1' });
});

test('second form: an endpoint, a key, and a route to nowhere that falls to default', async () => {
  const loaded = await loadCcr(ccrWithKey);
  const config = good(loaded);
  assert.deepEqual(lines(loaded), [
    'warning config.json:7:115 Router.think: the file defines no provider "deepseek"; "think" falls to the default route',
  ]);
  assert.deepEqual(routesOf(config), {
    default: 'litellm/Qwen3-Coder-480B-A35B-Instruct',
    background: 'litellm/gpt-4.1-mini',
    longContext: 'litellm/gemini-2.5-flash',
  });
  const provider = config.providers.get('litellm');
  assert.equal(provider?.baseUrl, 'http://localhost:4000/v1');
  assert.equal(provider?.models.length, 16);
  assert.deepEqual(provider?.keys, [{ name: 'litellm', reference: 'file:litellm', weight: 1 }]);
  assert.deepEqual([...loaded.fileKeys], [['file:litellm', 'sk-2015']]);
  assert.doesNotMatch(JSON.stringify([...config.providers]), /sk-2015/);
});

test('claude-code-router before claude-relay-service: Gemini below a path, a bare provider, a token', async () => {
  const loaded = await loadCcr(ccrRelay);
  const config = good(loaded);
  assert.deepEqual(lines(loaded), [
    'warning config.json:5:26 Router.default: "gemini" is a provider; its first model "gemini-2.5-flash" is taken',
  ]);
  const provider = config.providers.get('gemini');
  assert.equal(provider?.dialect, 'gemini');
  assert.equal(provider?.baseUrl, 'http://127.0.0.1:3000/gemini/v1beta');
  assert.deepEqual(provider?.timeout, { connect: 10, firstToken: 600, idle: 120, total: 600 });
  assert.deepEqual(routesOf(config), {
    default: 'gemini/gemini-2.5-flash',
    background: 'gemini/gemini-3-pro-preview',
    think: 'gemini/gemini-3-pro-preview',
    longContext: 'gemini/gemini-3-pro-preview',
    webSearch: 'gemini/gemini-2.5-flash',
  });
  assert.equal(config.routes.longContext?.threshold, 60_000);
  assert.deepEqual(config.clients, [
    { name: 'claude-code-router', reference: 'file:claude-code-router', routes: {} },
  ]);
  assert.equal(loaded.fileKeys.get('file:claude-code-router'), 'sk-custom');
  assert.equal(loaded.fileKeys.get('file:gemini'), 'cr_xxxxxxxx');
  assert.deepEqual(
    loaded.sources.notes.map(({ path }) => path),
    ['LOG', 'NON_INTERACTIVE_MODE', 'HOST'],
  );
});
