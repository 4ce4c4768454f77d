import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModelList } from '../../../src/core/probe/model-list.ts';

test('lists in the shapes of different providers', () => {
  const shapes: [string, unknown][] = [
    [
      'openai',
      {
        object: 'list',
        data: [
          { id: 'a', object: 'model' },
          { id: 'b', context_length: 1000 },
        ],
      },
    ],
    ['bare array', [{ id: 'a' }, { id: 'b', max_model_len: 1000 }]],
    [
      'anthropic',
      {
        data: [
          { id: 'a', display_name: 'A' },
          { id: 'b', max_input_tokens: 1000 },
        ],
        has_more: false,
      },
    ],
    [
      'gemini',
      {
        models: [
          { name: 'models/a' },
          { name: 'models/b', inputTokenLimit: 1000 },
          { name: 'models/e', supportedGenerationMethods: ['embedContent'] },
        ],
      },
    ],
    [
      'ollama',
      {
        models: [
          { name: 'a', model: 'a' },
          { name: 'b', context_window: 1000 },
        ],
      },
    ],
    ['names only', { data: ['a', { id: 'b', max_context_length: 1000 }] }],
    ['wrapped', { code: 200, data: { data: [{ id: 'a' }, { id: 'b', context_size: 1000 }] } }],
    [
      'twice and damaged',
      { data: [{ id: 'a' }, { id: 'b', context_length: 1000 }, { id: 'a' }, null, 7, {}, { id: '' }] },
    ],
  ];
  for (const [name, answer] of shapes)
    assert.deepEqual(readModelList(answer), [{ id: 'a' }, { id: 'b', context: 1000 }], name);
});

test('what is no list is told from an empty one', () => {
  assert.deepEqual(readModelList({ data: [] }), []);
  for (const answer of [undefined, null, 'text', 3, {}, { data: 'x' }, { error: { message: 'no' } }])
    assert.equal(readModelList(answer), undefined);
});
