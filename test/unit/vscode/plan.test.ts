import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presetOf } from '../../../src/core/config/presets.ts';
import { checkKey, checkVariable } from '../../../src/vscode/add-provider/check-key.ts';
import {
  addProviderEdits,
  checkName,
  checkUrl,
  freeSecretName,
  type ProviderPlan,
  proposeGroup,
  proposeName,
  takenNames,
} from '../../../src/vscode/add-provider/plan.ts';
import { demoSnapshot, snapshot } from './snapshots.ts';

function preset(id: string) {
  const found = presetOf(id);
  assert.ok(found);
  return found;
}

function plan(changes: Partial<ProviderPlan> = {}): ProviderPlan {
  return {
    name: 'groq',
    presetId: 'groq',
    preset: preset('groq'),
    baseUrl: preset('groq').baseUrl,
    key: { kind: 'secret', name: 'groq' },
    models: [{ id: 'maker/fast' }, { id: 'slow', context: 32_768 }],
    mainModel: 'maker/fast',
    addToGroups: [],
    makeDefault: false,
    ...changes,
  };
}

test('a provider alone: what the preset knows is not repeated', () => {
  assert.deepEqual(addProviderEdits(plan()), [
    {
      path: ['providers', 'groq'],
      value: {
        preset: 'groq',
        keys: ['secret:groq'],
        models: ['maker/fast', { id: 'slow', context: 32_768 }],
      },
    },
  ]);
});

test('another address and no key', () => {
  const edits = addProviderEdits(plan({ baseUrl: 'http://localhost:9/v1', key: { kind: 'none' } }));
  assert.deepEqual(edits[0], {
    path: ['providers', 'groq'],
    value: {
      preset: 'groq',
      base_url: 'http://localhost:9/v1',
      models: ['maker/fast', { id: 'slow', context: 32_768 }],
    },
  });
});

test('with a group the default route leads there', () => {
  const edits = addProviderEdits(plan({ newGroup: 'fast', makeDefault: true }));
  assert.deepEqual(edits.slice(1), [
    { path: ['groups', 'fast'], value: { targets: ['groq/maker/fast'] } },
    { path: ['routes', 'default'], value: 'fast' },
  ]);
});

test('without a group the default route leads to the model; existing groups get it as their last target', () => {
  const groups = { coders: { targets: ['alpha/coder', { to: 'beta/coder' }] } };
  const edits = addProviderEdits(plan({ addToGroups: ['coders'], makeDefault: true }), groups);
  assert.deepEqual(edits.slice(1), [
    { path: ['groups', 'coders', 'targets', 2], value: 'groq/maker/fast' },
    { path: ['routes', 'default'], value: 'groq/maker/fast' },
  ]);
});

test('a group that went away meanwhile is made anew', () => {
  const [, edit] = addProviderEdits(plan({ addToGroups: ['coders'] }), null);
  assert.deepEqual(edit, { path: ['groups', 'coders', 'targets'], value: ['groq/maker/fast'] });
});

test('proposed names are free and short', () => {
  assert.equal(proposeName('deepseek', new Set()), 'deepseek');
  assert.equal(proposeName('deepseek', new Set(['deepseek', 'deepseek-2'])), 'deepseek-3');
  assert.equal(proposeName('custom-openai', new Set()), 'custom');
  assert.equal(proposeGroup('Qwen/Qwen3-Coder:free', new Set()), 'qwen3-coder');
  assert.equal(proposeGroup('a b,c', new Set(['a-b-c'])), 'a-b-c-2');
  assert.equal(proposeGroup('/', new Set()), 'group');
});

test('names are checked', () => {
  assert.equal(checkName('alpha-2', new Set(['alpha'])), undefined);
  assert.equal(checkName('模型', new Set()), undefined);
  for (const wrong of ['', 'a b', 'a/b', 'a,b', 'a:b', 'alpha']) {
    assert.equal(typeof checkName(wrong, new Set(['alpha'])), 'string', wrong);
  }
});

test('names are taken by what is in force and by what stands in the file; the demo takes none', () => {
  assert.deepEqual(takenNames(demoSnapshot(), {}), new Set());
  assert.deepEqual(takenNames(snapshot(), {}), new Set(['alpha', 'beta', 'coders']));
  const file = { providers: { broken: {} }, groups: null };
  assert.deepEqual(takenNames(snapshot({ providers: [], groups: [] }), file), new Set(['broken']));
});

test('addresses are checked', () => {
  const custom = preset('custom-openai');
  assert.equal(checkUrl('https://api.example.com/v1/chat/completions', custom), undefined);
  assert.equal(checkUrl('localhost:8000', custom), undefined);
  assert.equal(checkUrl('http://192.168.1.5:8000/v1', custom), undefined);
  assert.equal(typeof checkUrl('', custom), 'string');
  for (const slip of [
    'ftp://example.com',
    'http:/example.com',
    'https//example.com',
    '"https://example.com"',
  ]) {
    assert.equal(typeof checkUrl(slip, custom), 'string', slip);
  }
  assert.equal(typeof checkUrl('https://user:pass@example.com', custom), 'string');
  assert.equal(typeof checkUrl('http://api.example.com/v1', custom), 'object');
});

test('keys and variables are checked without repeating them', () => {
  assert.equal(checkKey('sk-1234'), undefined);
  assert.doesNotMatch(checkKey('sk-secret with space') ?? '', /secret/);
  assert.equal(typeof checkKey(''), 'string');
  assert.equal(checkVariable('PATH'), undefined);
  assert.equal(typeof checkVariable('SWITCHYARD_SURELY_UNSET'), 'object');
  assert.equal(typeof checkVariable('sk-1234'), 'string');
});

test('a new key never takes the name of one in use', () => {
  assert.equal(freeSecretName('alpha', snapshot()), 'alpha-2');
  assert.equal(freeSecretName('gamma', snapshot()), 'gamma');
  assert.equal(freeSecretName('alpha', undefined), 'alpha');
});
