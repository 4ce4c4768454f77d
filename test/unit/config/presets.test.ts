// Every preset, with each of its dialects.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { normaliseBaseUrl } from '../../../src/core/config/base-url.ts';
import type { Preset } from '../../../src/core/config/preset.ts';
import { presetOf, presets } from '../../../src/core/config/presets.ts';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import { plainQuirks } from '../../../src/core/dialects/quirks.ts';
import { upstreamDialect } from '../../../src/core/dialects/registry.ts';
import { configOf } from './load-text.ts';

const all: [string, Preset][] = Object.entries(presets);

/** Each dialect of a preset with what belongs to it. */
function sides(preset: Preset): [DialectId, Pick<Preset, 'baseUrl' | 'quirks' | 'modelsPath'>][] {
  const others = Object.entries(preset.alternatives ?? {}) as [DialectId, Preset][];
  return [[preset.dialect, preset], ...others];
}

test('the order is that of the picker', () => {
  const ids = Object.keys(presets);
  assert.ok(ids.length >= 25);
  assert.deepEqual(ids.slice(0, 5), ['anthropic', 'openai', 'gemini', 'openrouter', 'deepseek']);
  assert.ok(ids.indexOf('groq') < ids.indexOf('ollama'));
  assert.ok(ids.indexOf('ollama') < ids.indexOf('litellm'));
  assert.deepEqual(ids.slice(-3), ['custom-openai', 'custom-anthropic', 'demo']);
});

for (const [id, preset] of all) {
  test(`${id}: every dialect resolves to a provider that can be called`, async () => {
    for (const [dialect, side] of sides(preset)) {
      const address = side.baseUrl === '' ? ', base_url: https://relay.example' : '';
      const config = await configOf(
        `providers: { p: { preset: ${id}, dialect: ${dialect}, keys: [env:K]${address} } }\nroutes: { default: p/m }\n`,
        { K: 'k' },
      );
      const provider = config.providers.get('p');
      assert.ok(provider && upstreamDialect(provider.dialect), dialect);
      assert.equal(provider.dialect, dialect);
      assert.equal(provider.enabled, true);
      assert.deepEqual(provider.quirks, { ...plainQuirks, ...side.quirks });
      if (side.baseUrl !== '') assert.equal(provider.baseUrl, side.baseUrl);
    }
  });

  test(`${id}: addresses are normal and safe`, () => {
    const addresses: [DialectId, string][] = [
      ...sides(preset).map(([dialect, side]): [DialectId, string] => [dialect, side.baseUrl]),
      ...(preset.regions ?? []).map((region): [DialectId, string] => [preset.dialect, region.baseUrl]),
    ];
    for (const [dialect, address] of addresses.filter(([, address]) => address !== '')) {
      assert.equal(normaliseBaseUrl(address, dialect), address);
      assert.match(address, /^(?:https:\/\/|http:\/\/localhost:\d+|demo:\/\/)/);
    }
    for (const page of [preset.keyPage, preset.docs]) if (page !== undefined) assert.match(page, /^https:/);
    // A key must never leave for another host than the one that it was entered for.
    for (const [, { modelsPath, baseUrl }] of sides(preset)) {
      if (!modelsPath || modelsPath.startsWith('/')) continue;
      assert.equal(new URL(modelsPath).host, new URL(baseUrl).host);
    }
    if (preset.regions) assert.ok(preset.regions.some((region) => region.baseUrl === preset.baseUrl));
  });

  test(`${id}: a user has not to look anything up`, () => {
    assert.notEqual(preset.label, '');
    assert.equal(presetOf(id), preset);
    const hosted = preset.baseUrl.startsWith('https:');
    if (hosted) assert.ok(preset.needsKey && preset.keyPage && preset.keyVariable && preset.docs);
    assert.match(preset.keyVariable ?? 'NONE', /^[A-Z][A-Z0-9_]+$/);
    const models = (preset.suggestedModels ?? []).map((model) => model.id);
    assert.equal(new Set(models).size, models.length);
  });
}

test('labels tell the presets apart', () => {
  const labels = all.map(([, preset]) => preset.label.toLowerCase());
  assert.equal(new Set(labels).size, labels.length);
});

test('every entry says where its facts are from', () => {
  const folder = new URL('../../../src/core/config/preset-list/', import.meta.url);
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const entries = texts.flatMap((text) => [...text.matchAll(/^( {2}\/\/ .+\n)? {2}'?([\w-]+)'?: \{$/gm)]);
  assert.deepEqual(entries.map((entry) => entry[2]).sort(), Object.keys(presets).sort());
  assert.deepEqual(
    entries.filter((entry) => entry[1] === undefined).map((entry) => entry[2]),
    [],
  );
});
