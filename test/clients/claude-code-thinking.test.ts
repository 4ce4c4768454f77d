// Thinking through the real Claude Code CLI: shown to the user, sent back as its upstream wants it, never mixed up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClaudeRun } from '../tools/claude-code.ts';
import { anthropicBody, text } from '../tools/scripted-upstream.ts';
import { startBench } from './bench.ts';
import { seen } from './seen.ts';

const bash = { tool: 'Bash', input: { command: 'echo x' } };

/** The thinking blocks that the CLI printed. */
function printedThinking(run: ClaudeRun): string[] {
  return Array.from(
    JSON.stringify(run.messages).matchAll(/"type":"thinking","thinking":"([^"]*)"/g),
    (match) => String(match[1]),
  );
}

test('anthropic: thinking comes back with its own signature, in the tool loop and after resuming', async () => {
  await using bench = await startBench({ dialect: 'anthropic' });
  bench.upstream.answer(
    { parts: [{ thinking: 'First thought.', signature: 'Sig/One+1==' }, bash] },
    { parts: [{ thinking: 'Second thought.', signature: 'Sig/Two+2==' }, { text: 'Done.' }] },
    text('Again.'),
  );
  const first = await bench.claude.run('Think');
  assert.deepEqual(printedThinking(first), ['First thought.', 'Second thought.']);
  await bench.claude.run('More', { args: ['--resume', first.sessionId] });
  assert.deepEqual(bench.upstream.refusals, []);
  assert.deepEqual(seen(await bench.upstream.message(2)).thinking, ['First thought.']);
  const last = await bench.upstream.message(3);
  assert.deepEqual(seen(last).thinking, ['First thought.', 'Second thought.']);
  assert.ok(
    last.text.includes('"signature":"Sig/One+1=="') && last.text.includes('"signature":"Sig/Two+2=="'),
  );
});

test('openai-chat: reasoning is shown, and goes back where the upstream wants it', async () => {
  await using bench = await startBench({
    dialect: 'openai-chat',
    upstream: { extensions: ['reasoning_content', 'thinking'] },
    provider: { quirks: { reasoning: 'thinking', reasoning_history: 'reasoning_content' } },
  });
  bench.upstream.answer({ parts: [{ thinking: 'First thought.' }, bash] }, text('Done.'), text('Again.'));
  const first = await bench.claude.run('Think');
  assert.deepEqual(printedThinking(first), ['First thought.']);
  await bench.claude.run('More', { args: ['--resume', first.sessionId] });
  assert.deepEqual(bench.upstream.refusals, []);
  assert.deepEqual(seen(await bench.upstream.message(2)).thinking, ['First thought.']);
  assert.doesNotMatch((await bench.upstream.message(3)).text, /sy1\.|signature/);
});

test('openai-chat: a plain upstream does not get reasoning back', async () => {
  await using bench = await startBench({ dialect: 'openai-chat' });
  bench.upstream.answer({ parts: [{ thinking: 'First thought.' }, bash] }, text('Done.'));
  const run = await bench.claude.run('Think');
  assert.equal(run.text, 'Done.');
  assert.deepEqual(bench.upstream.refusals, []);
  assert.doesNotMatch((await bench.upstream.message(2)).text, /First thought|sy1\./);
});

test('thinking of another provider never reaches Anthropic, and its own returns after a detour', async () => {
  await using bench = await startBench({ dialect: 'anthropic', spareDialect: 'openai-chat' });
  bench.upstream.answer({ parts: [{ thinking: 'Signed.', signature: 'Own/Sig==' }, { text: 'One.' }] });
  bench.spare.answer({ parts: [{ thinking: 'Unsigned.' }, { text: 'Two.' }] });
  bench.upstream.answer(text('Three.'));
  const { sessionId } = await bench.claude.run('First');
  await bench.configure({ routes: { default: 'spare/spare-model' } });
  const second = await bench.claude.run('Second', { args: ['--resume', sessionId] });
  assert.equal(second.text, 'Two.');
  await bench.configure({ routes: { default: 'main/main-model' } });
  const third = await bench.claude.run('Third', { args: ['--resume', sessionId] });
  assert.equal(third.text, 'Three.');
  assert.deepEqual([bench.upstream.refusals, bench.spare.refusals], [[], []]);
  const last = await bench.upstream.message(2);
  assert.deepEqual(seen(last).thinking, ['Signed.']);
  assert.match(JSON.stringify(anthropicBody(last).messages), /Own\/Sig==/);
  assert.match(seen(last).assistant, /One\.\nTwo\./);
});
