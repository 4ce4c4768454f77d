import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const script = join(import.meta.dirname, '..', '..', '..', 'src', 'dev', 'install.mjs');

test('an installed clone is left alone, quickly and silently', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
});

test('an old Node is told in one sentence what is needed', () => {
  const pretend = "Object.defineProperty(process.versions, 'node', { value: '16.20.2' })";
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', preload, script], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^Switchyard needs Node\.js 20 or newer[^\n]*\n$/);
});
