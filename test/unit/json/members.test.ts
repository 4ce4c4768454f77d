// Members of a JSON object are changed in its bytes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeMembers } from '../../../src/core/json/members.ts';
import type { JsonObject } from '../../../src/core/json/values.ts';
import { seeded } from '../../tools/seeded.ts';

function change(text: string, edit: (body: JsonObject) => JsonObject): string {
  const bytes = new TextEncoder().encode(text);
  const before = JSON.parse(text.replace(/^\ufeff/, '')) as JsonObject;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(changeMembers(bytes, before, edit(before)));
}

function without(...keys: string[]) {
  return (body: JsonObject) =>
    Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

const odd = ' {\n "a" : 1.00 ,\t"b":[1, {"a":"}"}] ,"mod\\u0065l" : "m", "z":"\\\\" }\n';

const cases: { name: string; from: string; edit: (body: JsonObject) => JsonObject; to: string }[] = [
  { name: 'replaced', from: odd, edit: (b) => ({ ...b, model: 'n"' }), to: odd.replace('"m"', '"n\\""') },
  { name: 'added', from: odd, edit: (b) => ({ ...b, n: [2] }), to: odd.replace(' }\n', ',"n":[2] }\n') },
  {
    name: 'first left out',
    from: odd,
    edit: without('a'),
    to: odd.replace(' "a" : 1.00 ,', '').replace('{\n', '{'),
  },
  { name: 'middle left out', from: odd, edit: without('b'), to: odd.replace(',\t"b":[1, {"a":"}"}] ', '') },
  { name: 'last left out', from: odd, edit: without('z'), to: odd.replace(', "z":"\\\\"', '') },
  { name: 'all left out', from: '{"a":1, "b":2 }', edit: () => ({}), to: '{ }' },
  { name: 'all but one', from: '{"a":1, "b":2, "c":3}', edit: without('a', 'c'), to: '{ "b":2}' },
  { name: 'into nothing', from: '{ }', edit: () => ({ a: 1, b: 'x' }), to: '{"a":1,"b":"x" }' },
  { name: 'duplicates', from: '{"a":1,"a":2}', edit: (b) => ({ ...b, a: 3 }), to: '{"a":3,"a":3}' },
  { name: 'duplicates left out', from: '{"a":1,"b":0,"a":2}', edit: without('a'), to: '{"b":0}' },
  { name: 'byte order mark', from: '\ufeff{"a":1}', edit: (b) => ({ ...b, a: 2 }), to: '\ufeff{"a":2}' },
];

for (const { name, from, edit, to } of cases)
  test(`member ${name}`, () => {
    assert.equal(change(from, edit), to);
  });

test('the same bytes when nothing differs, and when only what is not in the text does', () => {
  const bytes = new TextEncoder().encode(odd);
  const before = JSON.parse(odd) as JsonObject;
  assert.equal(changeMembers(bytes, before, { ...before }), bytes);
  const more = { ...before, added: 1 };
  assert.equal(new TextDecoder().decode(changeMembers(bytes, more, before)), odd);
});

test('random objects say what they should after random changes', () => {
  const pick = seeded(7);
  const value = (): unknown =>
    [1, 'te"xt', null, true, { a: ['}', ','], b: {} }, [], [[1], { c: '\\' }], '\u00e9\u{1f600}'][pick(8)];
  const keys = ['a', 'b"', 'c\\', 'd', '\u00e9', ''];
  for (let round = 0; round < 500; round++) {
    const before = Object.fromEntries(keys.slice(0, pick(7)).map((key) => [key, value()]));
    const after: JsonObject = { ...before };
    for (const key of keys) {
      const what = pick(3);
      if (what === 0) delete after[key];
      else if (what === 1) after[key] = value();
    }
    const text = JSON.stringify(before, null, pick(3));
    const parsed = JSON.parse(text) as JsonObject;
    const wanted = Object.fromEntries(
      Object.entries(after).map(([key, item]) => [key, item === before[key] ? parsed[key] : item]),
    );
    assert.deepEqual(JSON.parse(change(text, () => wanted)), after);
  }
});
