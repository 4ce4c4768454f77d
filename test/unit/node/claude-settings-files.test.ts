import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  claudeSettingsFiles,
  findTraces,
  redirectsIn,
  removeTraces,
  undoChange,
} from '../../../src/node/claude-settings-files.ts';
import { temporaryFolder } from '../../tools/router-harness.ts';

const text = `{
  "model": "opus",
  "env": {
    "ANTHROPIC_BASE_URL": "http://localhost:3456",
    "ANTHROPIC_AUTH_TOKEN": "old-canary",
    "DISABLE_TELEMETRY": "1"
  },
  "permissions": { "allow": ["Bash(ls:*)"] }
}
`;

function settings(t: TestContext, content: string): string {
  const folder = join(temporaryFolder(t), '.claude');
  mkdirSync(folder);
  const file = join(folder, 'settings.json');
  writeFileSync(file, content);
  return file;
}

test('the user’s file and the project’s two; a variable moves the user’s', () => {
  const names = claudeSettingsFiles('/home/u', '/p', {});
  assert.deepEqual(
    names.map((name) => name.replaceAll('\\', '/')),
    ['/home/u/.claude/settings.json', '/p/.claude/settings.json', '/p/.claude/settings.local.json'],
  );
  assert.equal(claudeSettingsFiles('/home/u', '/home/u', {}).length, 2, 'the home folder is open itself');
  assert.equal(
    claudeSettingsFiles('/home/u', undefined, { CLAUDE_CONFIG_DIR: '/c' })[0],
    join('/c', 'settings.json'),
  );
});

test('what leads elsewhere is named; this very router’s address does not', (t) => {
  const file = settings(t, text);
  assert.deepEqual(redirectsIn(file, 3456), ['ANTHROPIC_AUTH_TOKEN']);
  assert.deepEqual(redirectsIn(file, 4000), ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN']);
  assert.deepEqual(redirectsIn(settings(t, '{ "apiKeyHelper": "x" }'), 1), ['apiKeyHelper']);
  for (const odd of ['', '[]', '{', '{ "env": [] }'])
    assert.deepEqual(redirectsIn(settings(t, odd), 1), [], odd);
  assert.deepEqual(redirectsIn('/nowhere/settings.json', 1), []);
});

test('traces of a router on this machine are told from what leads elsewhere, without values', (t) => {
  const local = settings(t, text);
  const far = settings(t, '{ "env": { "ANTHROPIC_BASE_URL": "https://relay.example" } }');
  const traces = findTraces([local, far]);
  assert.deepEqual(
    traces.map(({ name, ofRouter }) => [name, ofRouter]),
    [
      ['ANTHROPIC_BASE_URL', true],
      ['ANTHROPIC_AUTH_TOKEN', true],
      ['ANTHROPIC_BASE_URL', false],
    ],
  );
  assert.ok(!JSON.stringify(traces).includes('canary'));
});

test('only the chosen lines go; mode and links stay; it can be undone', async (t) => {
  const file = settings(t, text);
  chmodSync(file, 0o640);
  const link = join(temporaryFolder(t), 'settings.json');
  symlinkSync(file, link);
  const change = await removeTraces(link, ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN']);
  assert.equal(
    readFileSync(file, 'utf8'),
    text.replace(/ {4}"ANTHROPIC_BASE_URL.*\n {4}"ANTHROPIC_AUTH_TOKEN.*\n/, ''),
  );
  assert.equal(statSync(file).mode & 0o777, 0o640);
  await undoChange(change);
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('an env that is empty then goes too', async (t) => {
  const file = settings(t, '{ "env": { "ANTHROPIC_BASE_URL": "http://localhost:1" }, "model": "opus" }');
  await removeTraces(file, ['ANTHROPIC_BASE_URL']);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { model: 'opus' });
});

test('what somebody else changed since is not undone', async (t) => {
  const file = settings(t, text);
  const change = await removeTraces(file, ['ANTHROPIC_BASE_URL']);
  writeFileSync(file, '{}');
  await assert.rejects(undoChange(change), /was changed by another program meanwhile/);
  assert.equal(readFileSync(file, 'utf8'), '{}');
});
