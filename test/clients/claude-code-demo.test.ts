// The first day: no config, no key, and the real Claude Code CLI gets an honest answer all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaudeCode } from '../tools/claude-code.ts';
import { startRouter } from './router.ts';

test('the demo answers, calls a tool, and says what it is', async () => {
  const router = await startRouter(undefined, {});
  const claude = await ClaudeCode.create(router);
  try {
    await claude.write('hello.txt', 'hi');
    const talk = await claude.run('Hello there');
    assert.equal(talk.isError, false);
    assert.match(talk.text, /^\[Switchyard demo\]/);
    const tool = await claude.run('Run a tool: list the files');
    assert.match(tool.toolResults.join(), /hello\.txt/);
    assert.match(tool.text, /hello\.txt/);
    const checked = await claude.run('Run a tool: list the files', { args: ['--permission-mode', 'auto'] });
    assert.match(checked.text, /^\[Switchyard demo\]/);
    assert.equal((await router.state()).demo, true);
  } finally {
    await claude.close();
    await router.stop();
  }
});
