// About a minute of mixed traffic with faults: nothing that the router holds grows, no exchange is lost. The long form is
// `node bench/soak.ts`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const script = join(import.meta.dirname, '..', '..', 'bench', 'soak.ts');

test('a minute of traffic with faults leaves nothing behind and loses nothing', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--seconds', '50'], {
    encoding: 'utf8',
    timeout: 150_000,
  });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
});
