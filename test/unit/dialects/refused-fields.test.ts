import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainSchema } from '../../../src/core/dialects/plain-schema.ts';
import { withoutFields } from '../../../src/core/dialects/refused-fields.ts';

const body = {
  thinking: { type: 'adaptive', display: 'omitted' },
  output_config: { effort: 'high' },
  tools: [
    { name: 'a', defer_loading: true, input_schema: { properties: { defer_loading: {} } } },
    { name: 'b' },
  ],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }] }],
  generationConfig: { topK: 3, seed: 1 },
  reasoning_effort: 'low',
};

const cases: [path: string, expected: object][] = [
  ['thinking', { ...body, thinking: undefined }],
  ['thinking.display', { ...body, thinking: { type: 'adaptive' } }],
  ['thinking.adaptive.display', { ...body, thinking: { type: 'adaptive' } }],
  ['output_config.effort', { ...body, output_config: undefined }],
  [
    'tools[].custom.defer_loading',
    { ...body, tools: [{ name: 'a', input_schema: body.tools[0]?.input_schema }, { name: 'b' }] },
  ],
  ['generation_config.top_k', { ...body, generationConfig: { seed: 1 } }],
  ['reasoningEffort', { ...body, reasoning_effort: undefined }],
  ['*.cache_control', { ...body, messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] }],
];

for (const [path, expected] of cases)
  test(`without ${path}`, () => {
    const before = structuredClone(body);
    const found = new Set<string>();
    const result = withoutFields(body, [path], found);
    assert.deepEqual(JSON.parse(JSON.stringify(result)), JSON.parse(JSON.stringify(expected)));
    assert.deepEqual(body, before, 'the original is shared with other attempts');
    assert.deepEqual([...found], [path]);
  });

test('what is not there leaves the very same body', () => {
  for (const path of [
    'nothing',
    'thinking.nothing',
    'messages[].nothing',
    'nothing.thinking.nothing',
    '*.nothing',
  ])
    assert.equal(withoutFields(body, [path]), body);
});

test('plain schemas keep in words what they can not say', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    required: ['count', 'kind'],
    properties: {
      count: { type: ['integer', 'null'], exclusiveMinimum: 0, description: 'How many' },
      kind: { anyOf: [{ type: 'null' }, { type: 'string', enum: ['a', 'b'] }] },
      list: { type: 'array', items: { $ref: '#/$defs/Item' }, uniqueItems: true },
      format: { type: 'string', format: 'date-time' },
    },
    $defs: { Item: { type: 'object', properties: { const: { const: 1 } } } },
  };
  assert.deepEqual(plainSchema(schema), {
    type: 'object',
    required: ['count', 'kind'],
    properties: {
      count: { type: 'integer', description: 'How many (exclusiveMinimum: 0)' },
      kind: { type: 'string', enum: ['a', 'b'] },
      list: {
        type: 'array',
        items: { type: 'object', properties: { const: { description: '(const: 1)' } } },
        description: '(uniqueItems: true)',
      },
      format: { type: 'string', description: '(format: "date-time")' },
    },
    description: '(additionalProperties: false)',
  });
});
