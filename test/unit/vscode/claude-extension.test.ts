import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  connectedEntries,
  disconnectedEntries,
  leadsTo,
  withNames,
  withoutNames,
} from '../../../src/vscode/claude-extension/entries.ts';

const variables = {
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:3456',
  ANTHROPIC_AUTH_TOKEN: 'token',
  NO_PROXY: ',127.0.0.1,localhost',
};
const own = [
  { name: 'ANTHROPIC_BASE_URL', value: 'http://127.0.0.1:3456' },
  { name: 'ANTHROPIC_AUTH_TOKEN', value: 'token' },
  { name: 'NO_PROXY', value: ',127.0.0.1,localhost' },
];
const others = { name: 'DISABLE_TELEMETRY', value: '1' };

test('the user’s entries stay, ours replace those of the same name', () => {
  const before = [{ name: 'ANTHROPIC_BASE_URL', value: 'https://elsewhere.example' }, others];
  const connected = connectedEntries(before, variables);
  assert.deepEqual(connected, [others, ...own]);
  assert.deepEqual(connectedEntries(connected, variables), connected, 'a second time changes nothing');
  assert.deepEqual(connectedEntries(undefined, variables), own);
});

test('values of earlier routes go when they are no longer wanted', () => {
  const before = [{ name: 'ANTHROPIC_MODEL', value: 'claude-switchyard/auto' }];
  assert.deepEqual(connectedEntries(before, variables), own);
});

test('what was written is taken back, and an empty list goes altogether', () => {
  const names = Object.keys(variables);
  assert.deepEqual(disconnectedEntries([others, ...own], names), [others]);
  assert.equal(disconnectedEntries(own, names), undefined);
  // A NO_PROXY of the user's own, from before we wrote one.
  const proxy = { name: 'NO_PROXY', value: 'example.org' };
  assert.deepEqual(disconnectedEntries([proxy], ['ANTHROPIC_BASE_URL']), [proxy]);
});

test('it leads to the router with this address and this token only', () => {
  assert.ok(leadsTo([others, ...own], variables));
  assert.ok(!leadsTo(own, { ...variables, ANTHROPIC_AUTH_TOKEN: 'new' }));
  for (const odd of [undefined, null, {}, 'x', [null, 1, { name: 'ANTHROPIC_BASE_URL' }]])
    assert.ok(!leadsTo(odd, variables));
});

test('names are added once, and only the added ones go again', () => {
  assert.deepEqual(withNames(['a'], ['b']), { list: ['a', 'b'], added: ['b'] });
  assert.deepEqual(withNames(['b'], ['b']), { list: ['b'], added: [] });
  assert.deepEqual(withoutNames(['a', 'b'], ['b']), ['a']);
  assert.equal(withoutNames(['b'], ['b']), undefined);
});
