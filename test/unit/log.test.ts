import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from '../../src/core/log.ts';

test('whatever a client or provider says is one line that steers no terminal', () => {
  assert.equal(oneLine('a\nerror forged'), 'a\\nerror forged');
  assert.equal(oneLine('\u001b[2J\r\0\u009b\u2028\u202e'), '\\u001b[2J\\u000d\\u0000\\u009b\\u2028\\u202e');
  assert.equal(oneLine('a\tb — 余额不足 🙂'), 'a b — 余额不足 🙂');
});
