// Other programs' files are never edited; a file of ours that includes one is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigEditError, ForeignFileError } from '../../../../src/core/config/edit/apply-edit.ts';
import { editSources } from '../../../../src/core/config/edit/edit-sources.ts';
import { ccrRelay, litellmTree } from '../../../tools/setups.ts';
import { foreignReader } from './load-foreign.ts';

const edit = { path: ['routes', 'default'], value: 'a/b' };
const litellm =
  'model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: k } }]\nlitellm_settings: { default_fallbacks: [a] }\n';

const refused: [name: string, files: Record<string, string>, file: string, program: string][] = [
  ['claude-code-router', { 'config.json': ccrRelay }, 'config.json', 'claude-code-router'],
  ['LiteLLM', litellmTree, 'config/config.yaml', 'LiteLLM'],
  [
    'LiteLLM, a main file of nothing but includes',
    { ...litellmTree, 'config/config.yaml': 'include: [models.yaml, router.yaml]\n' },
    'config/config.yaml',
    'LiteLLM',
  ],
];
for (const [name, files, file, program] of refused) {
  test(`refused: ${name}`, async () => {
    for (const each of [
      edit,
      { path: ['include'], value: ['x'] },
      { path: ['routes', 'think'], delete: true as const },
    ])
      await assert.rejects(
        editSources(`/setup/${file}`, [each], { reader: foreignReader(files), env: {} }),
        (error: Error) =>
          error instanceof ForeignFileError && error.message.includes(`is a file of ${program}`),
      );
  });
}

test('our own file beside it takes the edit, and wins', async () => {
  for (const main of [
    'include: [/setup/litellm/config.yaml]\n',
    'include: [litellm/config.yaml]\nroutes: { think: a }\n',
  ]) {
    const files = {
      'own/config.yaml': main,
      'litellm/config.yaml': litellm,
      'own/litellm/config.yaml': litellm,
    };
    const changed = await editSources('/setup/own/config.yaml', [edit], {
      reader: foreignReader(files),
      env: {},
    });
    assert.deepEqual([...changed.keys()], ['/setup/own/config.yaml']);
    assert.match(changed.get('/setup/own/config.yaml')?.after ?? '', /default: a\/b/);
  }
});

test('an edit that only their file could take says so', async () => {
  const files = { 'config.yaml': 'include: [l.yaml]\nroutes: { default: a }\n', 'l.yaml': litellm };
  await assert.rejects(
    editSources('/setup/config.yaml', [{ path: ['groups', 'a'], delete: true }], {
      reader: foreignReader(files),
      env: {},
    }),
    (error: Error) =>
      error instanceof ConfigEditError &&
      /l\.yaml belongs to LiteLLM and is never written; import it/.test(error.message),
  );
});
