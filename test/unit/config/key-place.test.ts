import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowedPlace, isHomeOfVariable, keptHere, keyPlace } from '../../../src/core/config/key-place.ts';
import { presets } from '../../../src/core/config/presets.ts';

test('a place is a host with its port, and the scheme where others can read along', () => {
  assert.equal(keyPlace('https://API.deepseek.com/anthropic'), 'api.deepseek.com');
  assert.equal(keyPlace('https://relay.test:8443/v1'), 'relay.test:8443');
  assert.equal(keyPlace('http://127.0.0.1:4000'), 'http://127.0.0.1:4000');
  assert.equal(keyPlace('https://xn--80ak6aa92e.test'), 'xn--80ak6aa92e.test');
  assert.equal(keyPlace('https://аpple.test'), 'xn--pple-43d.test', 'letters that look alike show');
  for (const text of ['', 'demo://demo', 'x', 'javascript:alert(1)']) assert.equal(keyPlace(text), keptHere);
});

test('regions and dialects of one provider are one place; others never are', () => {
  assert.ok(isAllowedPlace('dashscope-intl.aliyuncs.com', ['dashscope.aliyuncs.com']));
  assert.ok(isAllowedPlace('api.moonshot.cn', ['api.moonshot.ai']));
  assert.ok(!isAllowedPlace('api.moonshot.cn', ['api.deepseek.com']));
  assert.ok(!isAllowedPlace('http://api.moonshot.ai', ['api.moonshot.ai']));
  assert.ok(!isAllowedPlace('evil.test', []));
  assert.ok(isAllowedPlace(keptHere, []));
});

test('no two presets share an address, except on this machine', () => {
  const owners = new Map<string, string[]>();
  for (const [id, { baseUrl }] of Object.entries(presets)) {
    const place = keyPlace(baseUrl);
    if (place !== keptHere && !place.includes('localhost'))
      owners.set(place, [...(owners.get(place) ?? []), id]);
  }
  assert.deepEqual(
    [...owners.values()].filter((ids) => ids.length > 1),
    [],
  );
});

test('a variable is at home where its provider answers', () => {
  assert.ok(isHomeOfVariable('DEEPSEEK_API_KEY', 'api.deepseek.com'));
  assert.ok(!isHomeOfVariable('DEEPSEEK_API_KEY', 'api.openai.com'));
  assert.ok(!isHomeOfVariable('AWS_SECRET_ACCESS_KEY', 'api.deepseek.com'));
});
