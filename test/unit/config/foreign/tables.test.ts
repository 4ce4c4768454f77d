// The tables that the documents show are what the translators do: no field in them is unknown to the code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ccrFields, ccrRoutes } from '../../../../src/core/config/foreign/ccr-fields.ts';
import { transformerTable } from '../../../../src/core/config/foreign/ccr-transformers.ts';
import {
  deploymentFields,
  generalFields,
  litellmFields,
  litellmSettingsFields,
  modelInfoFields,
  routerFields,
} from '../../../../src/core/config/foreign/litellm-fields.ts';
import { prefixTable } from '../../../../src/core/config/foreign/litellm-prefixes.ts';
import type { LoadedConfig } from '../../../../src/core/config/load.ts';
import { presetOf } from '../../../../src/core/config/presets.ts';
import { loadCcr, loadLitellm } from './load-foreign.ts';

/** What was said about a field that the translator does not read. */
function unread({ problems }: LoadedConfig, field: string): string[] {
  const messages = problems.map(({ message }) => message);
  return messages.filter(
    (message) =>
      [`"${field}" is not a field`, `"${field}" is not known`, `"${field}" is no route`].some((part) =>
        message.includes(part),
      ) || message === `"${field}" is not carried over`,
  );
}

test('claude-code-router: fields, routes and transformers', async () => {
  const base = {
    Providers: [{ name: 'p', api_base_url: 'http://localhost:1/v1', models: ['m'] }],
    Router: { default: 'p,m' },
  };
  for (const [field, { note, warn }] of Object.entries(ccrFields)) {
    const loaded = await loadCcr({ ...base, [field]: (base as Record<string, unknown>)[field] ?? 'x' });
    assert.deepEqual(unread(loaded, field), []);
    const places = (warn ? loaded.problems : loaded.sources.notes).map(({ path }) => path);
    if (note !== undefined) assert.ok(places.includes(field), field);
  }
  for (const route of Object.keys(ccrRoutes))
    assert.deepEqual(
      unread(await loadCcr({ ...base, Router: { default: 'p,m', [route]: 'p,m' } }), route),
      [],
    );
  assert.deepEqual(
    unread(await loadCcr({ ...base, Router: { default: 'p,m', other: 'p,m' } }), 'other').length,
    1,
  );
  for (const [name] of transformerTable) {
    const [provider] = base.Providers;
    const loaded = await loadCcr({ ...base, Providers: [{ ...provider, transformer: { use: [name] } }] });
    assert.ok(!loaded.problems.some(({ message }) => message.includes('program of your own')), name);
  }
});

test('LiteLLM: every section', async () => {
  const sections: [fields: typeof litellmFields, at: (field: string) => unknown][] = [
    [litellmFields, (field) => ({ model_list: [], [field]: field === 'include' ? [] : {} })],
    [routerFields, (field) => ({ router_settings: { [field]: 1 } })],
    [litellmSettingsFields, (field) => ({ litellm_settings: { [field]: 1 } })],
    [generalFields, (field) => ({ general_settings: { [field]: 1 } })],
    [
      deploymentFields,
      (field) => ({
        model_list: [{ model_name: 'a', litellm_params: { model: 'openai/a', [field]: 'openai/a' } }],
      }),
    ],
    [
      modelInfoFields,
      (field) => ({
        model_list: [{ model_name: 'a', litellm_params: { model: 'openai/a' }, model_info: { [field]: 1 } }],
      }),
    ],
  ];
  for (const [fields, at] of sections)
    for (const [field, { note, warn }] of Object.entries(fields)) {
      const loaded = await loadLitellm(JSON.stringify(at(field)));
      assert.deepEqual(unread(loaded, field), [], field);
      const places = (warn ? loaded.problems : loaded.sources.notes).map(({ path }) => path);
      if (note !== undefined)
        assert.ok(
          places.some((path) => path.endsWith(field)),
          field,
        );
      // Nothing of LiteLLM's own goes up to a provider as a parameter of the request.
      for (const provider of loaded.config?.providers.values() ?? [])
        for (const model of provider.models) assert.deepEqual(model.params, {}, field);
    }
});

test('LiteLLM: every prefix leads to a preset that exists, in a dialect that it has', async () => {
  for (const [name, { preset, dialect, missing }] of prefixTable) {
    if (missing !== undefined || preset === undefined) continue;
    const known = presetOf(preset);
    assert.ok(known !== undefined && (known.dialect === dialect || known.alternatives?.[dialect]), name);
  }
});
