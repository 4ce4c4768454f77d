import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from '../../../src/core/redact.ts';
import { SecretBox, secretChange, secretVariable } from '../../../src/node/secret-box.ts';

function box(headless: boolean, env: Record<string, string | undefined> = {}) {
  const redactor = new Redactor();
  return { redactor, secrets: new SecretBox({ env, redactor, headless }) };
}

test('references are resolved from their own place only', () => {
  const env = { KEY_A: ' value-of-a ', EMPTY: '', SWITCHYARD_SECRET_MY_KEY: 'headless-value' };
  const { secrets, redactor } = box(false, env);
  secrets.replace({ 'my-key': 'stored-value', KEY_B: 'other' });
  assert.equal(secrets.read('secret:my-key'), 'stored-value');
  assert.equal(secrets.read('env:KEY_A'), 'value-of-a');
  assert.equal(secrets.read('env:KEY_B'), undefined);
  assert.equal(secrets.read('env:EMPTY'), undefined);
  assert.equal(secrets.read('secret:KEY_A'), undefined);
  assert.equal(secrets.read('secret:toString'), undefined);
  assert.equal(secrets.read('none'), undefined);
  assert.equal(secrets.read('stored-value'), undefined);
  assert.equal(redactor.text('stored-value value-of-a'), '[redacted] [redacted]');
  secrets.replace({});
  assert.equal(secrets.read('secret:my-key'), undefined);
});

test('without an editor a secret comes from its variable', () => {
  assert.equal(secretVariable('my-key.2'), 'SWITCHYARD_SECRET_MY_KEY_2');
  const { secrets, redactor } = box(true, { SWITCHYARD_SECRET_MY_KEY_2: 'headless-value' });
  assert.equal(secrets.read('secret:my-key.2'), 'headless-value');
  assert.equal(redactor.text('headless-value'), '[redacted]');
});

test("another window's keys fill gaps; what its user just entered wins", () => {
  const { secrets, redactor } = box(false);
  secrets.replace({ a: 'own-a-value' });
  secrets.borrow({ fill: { a: 'theirs-a', b: 'theirs-b' }, set: {}, remove: [] });
  assert.equal(secrets.read('secret:a'), 'own-a-value');
  assert.equal(secrets.read('secret:b'), 'theirs-b');
  secrets.borrow(secretChange({ a: 'theirs-a', b: 'theirs-b' }, { a: 'entered-a' }));
  assert.equal(secrets.read('secret:a'), 'entered-a');
  assert.equal(secrets.read('secret:b'), undefined);
  assert.equal(redactor.text('entered-a'), '[redacted]');
});

test('a stored key goes to the places that it was entered for, and to no other', () => {
  const { secrets } = box(true, { SWITCHYARD_SECRET_GONE: 'of-the-environment' });
  secrets.replace({
    a: { value: ' key-of-a ', places: ['api.deepseek.com', 'relay.test'] },
    plain: { value: 'key-plain', places: ['http://10.0.0.1:4000'] },
    old: { value: 'key-old', places: [] },
    free: 'key-free',
    gone: { value: '', places: [] },
  });
  const readFor = (name: string, url: string) => secrets.readFor(`secret:${name}`, url);
  assert.equal(readFor('a', 'https://relay.test/v1'), 'key-of-a');
  assert.equal(readFor('a', 'https://API.deepseek.com/anthropic'), 'key-of-a');
  for (const url of [
    'http://relay.test/v1',
    'https://relay.test:8443',
    'https://relay.test.evil.test',
    'https://evil.test/relay.test',
    'https://evil.test#relay.test',
    'https://relay.test@evil.test',
  ])
    assert.equal(readFor('a', url), undefined, url);
  assert.deepEqual(secrets.held('secret:a', 'https://evil.test'), ['api.deepseek.com', 'relay.test']);
  assert.equal(readFor('plain', 'http://10.0.0.1:4000/v1'), 'key-plain');
  assert.equal(readFor('plain', 'http://10.0.0.1:4001/v1'), undefined);
  assert.equal(readFor('old', 'https://relay.test'), undefined);
  assert.equal(readFor('free', 'https://anywhere.test'), 'key-free');
  assert.equal(readFor('gone', 'https://anywhere.test'), 'of-the-environment');
  assert.equal(secrets.held('secret:missing', 'https://relay.test'), undefined);
});

test('places travel to the leader with their keys, and a new place is news', () => {
  const { secrets } = box(false);
  const before = { a: { value: 'key-of-a', places: ['a.test'] } };
  const after = { a: { value: 'key-of-a', places: ['a.test', 'b.test'] } };
  secrets.borrow({ fill: before, set: {}, remove: [] });
  assert.equal(secrets.readFor('secret:a', 'https://b.test'), undefined);
  assert.deepEqual(secretChange(before, structuredClone(before)).set, {});
  secrets.borrow(secretChange(before, after));
  assert.equal(secrets.readFor('secret:a', 'https://b.test'), 'key-of-a');
});
