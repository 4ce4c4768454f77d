import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../../src/node/arguments.ts';

test('serve with its options', () => {
  assert.deepEqual(parseArguments(['serve']), { kind: 'serve', json: false });
  assert.deepEqual(parseArguments(['serve', '--config', 'a.yaml', '--port', '0', '--json']), {
    kind: 'serve',
    config: 'a.yaml',
    port: 0,
    json: true,
  });
  assert.deepEqual(parseArguments(['--port=8080', 'serve']), { kind: 'serve', port: 8080, json: false });
  assert.deepEqual(parseArguments(['--version']), { kind: 'version' });
  assert.deepEqual(parseArguments(['serve', '--help']), { kind: 'help' });
});

test('every mistake is one sentence', () => {
  const mistakes = [
    [],
    ['start'],
    ['serve', 'now'],
    ['serve', '--prot', '1'],
    ['serve', '--port'],
    ['serve', '--port', 'x'],
    ['serve', '--port', '65536'],
    ['serve', '--port', '-1'],
    ['serve', '--port', '1e3'],
    ['serve', '--config='],
    ['serve', '--json=yes'],
  ];
  for (const words of mistakes) {
    const command = parseArguments(words);
    assert.equal(command.kind, 'mistake', words.join(' '));
    if (command.kind === 'mistake') assert.match(command.message, /^[^\n]+[.?]$/, words.join(' '));
  }
});
