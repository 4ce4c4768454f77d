import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { writeClaudeSettings } from '../../../src/vscode/claude-settings.ts';
import { findProgram } from '../../../src/vscode/find-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-claude-'));
after(() => rmSync(folder, { recursive: true }));

test('the settings file holds all variables and only the user may read it', () => {
  const home = join(folder, 'home');
  const file = writeClaudeSettings(home, { fixed: { A: '1' }, routed: { B: '2' } });
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { env: { A: '1', B: '2' } });
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  const { mtimeMs, ino } = statSync(file);
  writeClaudeSettings(home, { fixed: { A: '1' }, routed: { B: '2' } });
  assert.deepEqual(
    [statSync(file).mtimeMs, statSync(file).ino],
    [mtimeMs, ino],
    'equal content is not written',
  );
});

test('a program is found on the PATH if it can be run', {
  skip: process.platform === 'win32' && 'needs modes',
}, () => {
  const first = join(folder, 'first');
  const second = join(folder, 'second');
  for (const bin of [first, second]) {
    mkdirSync(bin);
    writeFileSync(join(bin, 'switchyard-tool'), '#!/bin/sh\n');
  }
  const path = { PATH: [first, second].join(delimiter) };
  assert.equal(findProgram('switchyard-tool', path), undefined);
  chmodSync(join(second, 'switchyard-tool'), 0o755);
  assert.equal(findProgram('switchyard-tool', path), join(second, 'switchyard-tool'));
  assert.equal(findProgram(join(second, 'switchyard-tool'), {}), join(second, 'switchyard-tool'));
  assert.equal(findProgram(join(first, 'switchyard-tool'), path), undefined);
  assert.equal(findProgram('switchyard-tool', {}), undefined);
});
