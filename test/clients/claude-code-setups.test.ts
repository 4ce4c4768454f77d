// The real Claude Code through files of claude-code-router, as they are.
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureClaudeCode } from '../../src/dev/claude-code.ts';
import { serveBelowPath } from '../tools/below-path.ts';
import { ClaudeCode } from '../tools/claude-code.ts';
import { startScriptedUpstream, text, toolCalls } from '../tools/scripted-upstream.ts';
import { ccrRelay } from '../tools/setups.ts';
import { RunningRouter } from './router.ts';

test('claude-code-router before a relay of Gemini, with the token of its file', async () => {
  await ensureClaudeCode();
  await using started = new AsyncDisposableStack();
  const upstream = await startScriptedUpstream({ dialect: 'gemini', keys: ['cr_xxxxxxxx'] });
  started.defer(() => upstream.close());
  const relay = await serveBelowPath('/gemini', upstream.url);
  started.defer(() => relay.close());
  const home = await mkdtemp(join(tmpdir(), 'switchyard-home-'));
  const file = join(home, 'config.json');
  await writeFile(file, ccrRelay.replace('http://127.0.0.1:3000', relay.url));
  const router = new RunningRouter(home, ['--config', file], {});
  started.defer(() => router.stop());
  await router.ready();
  const claude = await ClaudeCode.create({ url: router.url, token: 'sk-custom' });
  started.defer(() => claude.close());

  await claude.write('note.txt', 'The number is 7.');
  upstream.answer(
    toolCalls({ tool: 'Read', input: { file_path: join(claude.folder, 'note.txt') } }),
    text('Seven.'),
  );
  const run = await claude.run('Which number?');
  assert.equal(run.text, 'Seven.', run.stderr);
  assert.match(run.toolResults.join(), /The number is 7/);
  assert.deepEqual(
    upstream.messages.map(({ model }) => model),
    ['gemini-2.5-flash', 'gemini-2.5-flash'],
    'a provider alone means its first model',
  );
  upstream.answer(text('Thought.'));
  assert.equal((await claude.run('Think.', { args: ['--effort', 'max'] })).text, 'Thought.');
  assert.equal(upstream.messages.at(-1)?.model, 'gemini-3-pro-preview');
  assert.deepEqual(upstream.refusals, []);
});
