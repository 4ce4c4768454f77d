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
