// The runner of the test files tells what happened in one, whatever goes wrong there.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { summaryLine } from '../../tools/runner/results.ts';
import { runTestFile } from '../../tools/runner/test-file.ts';

let root: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'switchyard-runner-'));
});
after(() => rm(root, { recursive: true, force: true }));

async function results(body: string, namePattern?: string) {
  await writeFile(join(root, 'file.test.mjs'), `import { describe, test } from 'node:test';\n${body}`);
  const options = { root, silenceSeconds: 2 };
  return runTestFile('file.test.mjs', namePattern === undefined ? options : { ...options, namePattern });
}

test('passed, failed and skipped tests are counted, suites are not', async () => {
  const found = await results(`
    test('good', () => {});
    describe('suite', () => {
      test('bad', () => { console.log('a word'); throw new Error('reason of the failure'); });
      test('later', { skip: 'no display here' }, () => {});
    });`);
  assert.equal(summaryLine(found), '1 passed, 1 failed, 1 skipped');
  assert.equal(found.failures[0]?.name, 'suite › bad');
  assert.match(found.failures[0]?.text ?? '', /reason of the failure.*a word/s);
  assert.deepEqual(found.skipped, [
    { where: 'file.test.mjs', name: 'suite › later', reason: 'no display here' },
  ]);
});

test('a test that hangs is killed and named', async () => {
  const found = await results(
    "test('waits for ever', () => new Promise(() => setInterval(() => {}, 1000)));",
  );
  assert.deepEqual(
    found.failures.map(({ name }) => name),
    ['waits for ever'],
  );
  assert.match(found.failures[0]?.text ?? '', /killed: nothing happened for 2 s/);
});

test('a file that crashes or holds no test fails', async () => {
  const crashed = await results("throw new Error('broken import');");
  assert.match(crashed.failures[0]?.text ?? '', /broken import/);
  assert.match((await results('')).failures[0]?.text ?? '', /has no tests/);
});

test('what a file leaves running is ended and told', async () => {
  const found = await results(`
    import { spawn } from 'node:child_process';
    test('starts something', () => {
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).unref();
    });`);
  assert.equal(summaryLine(found), '1 passed, 0 failed');
  assert.match(found.notes.join(), /left processes running/);
});

test('a pattern selects tests by their name', async () => {
  const found = await results("test('one', () => {}); test('two', () => { throw new Error('x'); });", 'one');
  assert.equal(summaryLine(found), '1 passed, 0 failed');
});
