import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { commandLine } from '../../../src/vscode/command-line.ts';
import { clientChoices, connectionText } from '../../../src/vscode/connection-settings.ts';

const claude = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:3456', ANTHROPIC_AUTH_TOKEN: 'the-token' };

test('what can be copied', () => {
  const choices = clientChoices();
  assert.deepEqual(
    choices.map((choice) => choice.client),
    ['claude-code', 'openai', 'gemini', 'curl'],
  );
});

test('variables for a shell', { skip: process.platform === 'win32' && 'needs a POSIX shell' }, () => {
  const script = connectionText('claude-code', 3456, 'the-token', claude, 'linux');
  const seen = (env: Record<string, string>) =>
    execFileSync(
      'sh',
      ['-c', `${script}echo $ANTHROPIC_BASE_URL $ANTHROPIC_AUTH_TOKEN $NO_PROXY $no_proxy`],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', ...env },
      },
    ).trim();
  assert.equal(seen({}), 'http://127.0.0.1:3456 the-token ,127.0.0.1,localhost ,127.0.0.1,localhost');
  // Whatever the user keeps away from the proxy stays away from it.
  for (const name of ['NO_PROXY', 'no_proxy']) {
    assert.match(seen({ [name]: 'intern' }), / intern,127\.0\.0\.1,localhost intern,127\.0\.0\.1,localhost$/);
  }
});

test('variables for PowerShell and other clients', () => {
  assert.equal(
    connectionText('openai', 3456, 'the-token', claude, 'win32'),
    "$env:OPENAI_BASE_URL = 'http://127.0.0.1:3456/v1'\n$env:OPENAI_API_KEY = 'the-token'\n" +
      '$env:NO_PROXY = "$env:NO_PROXY,127.0.0.1,localhost"\n',
  );
  assert.ok(
    connectionText('gemini', 3456, 'the-token', claude, 'linux').startsWith(
      "export GOOGLE_GEMINI_BASE_URL='http://127.0.0.1:3456'\nexport GEMINI_API_KEY='the-token'\n",
    ),
  );
});

test('the test request is one command with a JSON body', {
  skip: process.platform === 'win32' && 'needs a POSIX shell',
}, () => {
  const script = connectionText('curl', 3456, 'the-token', claude, 'linux');
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${script}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  assert.deepEqual(words.slice(0, 3), ['--noproxy', '127.0.0.1', 'http://127.0.0.1:3456/v1/messages']);
  assert.ok(words.includes('x-api-key: the-token'));
  assert.equal(JSON.parse(words.at(-1) ?? '').model, 'claude-switchyard/auto');
});

test('a typed command is quoted for its shell', () => {
  const words: [string, string[]] = ['/opt/my tools/claude', ['--settings', "/home/o'neil/x.json"]];
  assert.equal(
    commandLine(...words, 'bash', 'linux'),
    "'/opt/my tools/claude' --settings '/home/o'\\''neil/x.json'",
  );
  assert.equal(
    commandLine(...words, 'pwsh', 'win32'),
    "& '/opt/my tools/claude' --settings '/home/o''neil/x.json'",
  );
  assert.equal(
    commandLine('claude', ['--settings', 'C:\\Users\\a b\\x.json'], 'cmd', 'win32'),
    'claude --settings "C:\\Users\\a b\\x.json"',
  );
  assert.equal(commandLine('claude', ['--settings', '/x.json'], '', 'linux'), 'claude --settings /x.json');
});
