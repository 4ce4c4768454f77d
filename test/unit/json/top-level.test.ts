import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceStringAt, replaceTopLevelString } from '../../../src/core/json/top-level.ts';

function replace(body: string, value = 'new'): string | undefined {
  const result = replaceTopLevelString(new TextEncoder().encode(body), 'model', value);
  return result && new TextDecoder('utf-8', { ignoreBOM: true }).decode(result);
}

const cases: { name: string; body: string; expected: string | undefined }[] = [
  { name: 'first key', body: '{"model":"a","b":1}', expected: '{"model":"new","b":1}' },
  {
    name: 'white space',
    body: ' {\n "b" : 1 ,\t"model" :\r\n"a" }\n',
    expected: ' {\n "b" : 1 ,\t"model" :\r\n"new" }\n',
  },
  {
    name: 'duplicates',
    body: '{"model":"a","x":{},"model":"b"}',
    expected: '{"model":"new","x":{},"model":"new"}',
  },
  { name: 'escaped key', body: '{"mod\\u0065l":"a"}', expected: '{"mod\\u0065l":"new"}' },
  { name: 'nested key', body: '{"x":{"model":"a"},"y":[{"model":"b"}]}', expected: undefined },
  {
    name: 'key inside a text',
    body: '{"x":"\\"model\\":\\"a\\"","model":"b"}',
    expected: '{"x":"\\"model\\":\\"a\\"","model":"new"}',
  },
  {
    name: 'text that ends with a backslash',
    body: '{"x":"\\\\","model":"b"}',
    expected: '{"x":"\\\\","model":"new"}',
  },
  {
    name: 'value of another type',
    body: '{"model":{"a":[1,"}"]},"b":1.50}',
    expected: '{"model":"new","b":1.50}',
  },
  { name: 'number value', body: '{"model":12}', expected: '{"model":"new"}' },
  {
    name: 'numbers keep their digits',
    body: '{"a":1.0e5,"model":"x","b":123456789012345678901}',
    expected: '{"a":1.0e5,"model":"new","b":123456789012345678901}',
  },
  { name: 'braces in texts', body: '{"a":"}{][","model":"x"}', expected: '{"a":"}{][","model":"new"}' },
  { name: 'absent', body: '{"a":1}', expected: undefined },
  { name: 'empty object', body: '{}', expected: undefined },
  { name: 'list', body: '[{"model":"a"}]', expected: undefined },
  { name: 'no JSON', body: 'model', expected: undefined },
  { name: 'nothing', body: '', expected: undefined },
  { name: 'byte order mark', body: '\uFEFF{"model":"a"}', expected: '\uFEFF{"model":"new"}' },
];

for (const { name, body, expected } of cases) test(name, () => assert.equal(replace(body), expected));

test('the new value is escaped', () => {
  assert.equal(replace('{"model":"a"}', 'q"\\\n漢'), '{"model":"q\\"\\\\\\n漢"}');
});

test('only the value changes, whatever stands around it', () => {
  let seed = 1;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % below;
  };
  const value = (depth: number): unknown => {
    const kind = next(depth > 3 ? 4 : 6);
    if (kind === 0) return next(1000) / 7;
    if (kind === 1) return ['"', '\\', '}', 'model', '"model":"x"', 'é漢👋', '\u2028', ''][next(8)];
    if (kind === 2) return null;
    if (kind === 3) return next(2) === 0;
    if (kind === 4) return Array.from({ length: next(4) }, () => value(depth + 1));
    return Object.fromEntries(
      Array.from({ length: next(4) }, () => [['model', 'a', 'b"', '\\'][next(4)], value(depth + 1)]),
    );
  };
  for (let round = 0; round < 500; round++) {
    const object = { a: value(0), model: 'old', z: value(0) };
    const indent = [undefined, 1, '\t'][next(3)];
    const changed = replace(JSON.stringify(object, null, indent));
    assert.equal(changed, JSON.stringify({ ...object, model: 'new' }, null, indent));
  }
});

test('a broken body does no harm', () => {
  const body = '{"a":[1,{"b":"c"}],"model":"x","d":"e"}';
  for (let length = 0; length < body.length; length++) {
    const result = replace(body.slice(0, length));
    assert.ok(result === undefined || result.includes('"new"'));
  }
});

test('a path into nested objects', () => {
  const body = '{"type":"message_start","model":"no","message":{"id":1,"model":"old","x":{"model":"no"}}}';
  const result = replaceStringAt(new TextEncoder().encode(body), ['message', 'model'], 'new');
  assert.equal(new TextDecoder().decode(result), body.replace('"old"', '"new"'));
});

test('keys are told apart by all of their letters, however they are written', () => {
  const body = String.raw`{"mod":1,"models":2,"modè":3,"mod\u00e8":4,"modèl":5,"":6}`;
  const changed = (key: string) =>
    new TextDecoder().decode(replaceTopLevelString(new TextEncoder().encode(body), key, 'new'));
  assert.equal(changed('mod'), body.replace(':1', ':"new"'));
  assert.equal(changed('modè'), body.replace(':3', ':"new"').replace(':4', ':"new"'));
  assert.equal(changed(''), body.replace(':6', ':"new"'));
  assert.equal(changed('model'), '', 'nothing to replace');
});
