import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanSchema, functionSchema } from '../../../src/core/dialects/json-schema.ts';

test('a plain schema is the same object', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: ['string', 'null'], format: 'date-time' } },
    additionalProperties: false,
  };
  assert.equal(functionSchema(schema), schema);
});

test('no schema means no parameters', () => {
  assert.deepEqual(functionSchema(undefined), { type: 'object', properties: {} });
  assert.deepEqual(functionSchema({}), { type: 'object', properties: {} });
});

test('references are resolved, what stands beside them wins, definitions go', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      item: { $ref: '#/$defs/Item', description: 'the one' },
      list: { type: 'array', items: { $ref: '#/$defs/Item' } },
      $ref: { type: 'string' },
    },
    $defs: { Item: { type: 'object', description: 'any', properties: { id: { $ref: '#/definitions/Id' } } } },
    definitions: { Id: { type: 'integer' } },
  };
  const item = { type: 'object', properties: { id: { type: 'integer' } } };
  assert.deepEqual(functionSchema(schema), {
    type: 'object',
    properties: {
      item: { ...item, description: 'the one' },
      list: { type: 'array', items: { ...item, description: 'any' } },
      $ref: { type: 'string' },
    },
  });
});

test('recursion keeps its definitions', () => {
  const schema = {
    type: 'object',
    properties: { root: { $ref: '#/$defs/Node' } },
    $defs: { Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } } },
  };
  const clean = cleanSchema(schema);
  assert.deepEqual(clean.$defs, schema.$defs);
  assert.deepEqual(clean.properties, {
    root: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } },
  });
});

test('references that multiply stay references', () => {
  const $defs: Record<string, unknown> = { d0: { type: 'object', properties: {} } };
  for (let level = 1; level < 40; level++)
    $defs[`d${level}`] = {
      type: 'object',
      properties: { a: { $ref: `#/$defs/d${level - 1}` }, b: { $ref: `#/$defs/d${level - 1}` } },
    };
  const clean = cleanSchema({ type: 'object', properties: { x: { $ref: '#/$defs/d39' } }, $defs });
  assert.ok(JSON.stringify(clean).length < 10_000_000);
  assert.ok('$defs' in clean);
});

test('a reference that leads nowhere stays', () => {
  const clean = cleanSchema({ type: 'object', properties: { x: { $ref: '#/$defs/nowhere' } } });
  assert.deepEqual(clean.properties, { x: { $ref: '#/$defs/nowhere' } });
});

test('alternatives at the root become one object, and words', () => {
  const schema = functionSchema({
    description: 'Finds.',
    anyOf: [
      {
        type: 'object',
        properties: { id: { type: 'string' }, deep: { type: 'boolean' } },
        required: ['id', 'deep'],
      },
      { type: 'object', properties: { name: { type: 'string' } }, required: ['name', 'deep'] },
    ],
    allOf: [{ properties: { limit: { type: 'integer' } }, required: ['limit'] }],
  });
  assert.deepEqual(schema, {
    type: 'object',
    properties: {
      id: { type: 'string' },
      deep: { type: 'boolean' },
      name: { type: 'string' },
      limit: { type: 'integer' },
    },
    required: ['limit', 'deep'],
    description: 'Finds. Give one of these sets of properties: id + deep; or name + deep.',
  });
});
