// Three real processes, one on the other: Claude Code, the router with a file of claude-code-router as it was printed, and
// a relay that fails in its own words. Every failure is survived within the router, or told in words that Claude Code knows.
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureClaudeCode } from '../../src/dev/claude-code.ts';
import { ClaudeCode } from '../tools/claude-code.ts';
import { failure, text, toolCalls } from '../tools/scripted-upstream.ts';
import { ccrRelay, ccrWithKey } from '../tools/setups.ts';
import {
  forkUpstream,
  type UpstreamProcess,
  type UpstreamProcessOptions,
} from '../tools/upstream-process.ts';
import { RunningRouter } from './router.ts';

interface Stack {
  started: AsyncDisposableStack;
  upstream: UpstreamProcess;
  router: RunningRouter;
  claude: ClaudeCode;
}

async function stack(
  options: UpstreamProcessOptions,
  file: (url: string) => string,
  token?: string,
): Promise<Stack> {
  await ensureClaudeCode();
  const started = new AsyncDisposableStack();
  const upstream = await forkUpstream(options);
  started.defer(() => upstream.close());
  const home = await mkdtemp(join(tmpdir(), 'switchyard-home-'));
  const path = join(home, 'config.json');
  await writeFile(path, file(upstream.url));
  const router = new RunningRouter(home, ['--config', path], {});
  started.defer(() => router.stop());
  await router.ready();
  const claude = await ClaudeCode.create({ url: router.url, token: token ?? router.token });
  started.defer(() => claude.close());
  return { started, upstream, router, claude };
}

test('before LiteLLM: an empty pool and a passing mistake in the middle of a task go unnoticed, a prompt that is too long is named', async () => {
  const { started, upstream, claude } = await stack({ dialect: 'openai-chat', keys: ['sk-2015'] }, (url) =>
    ccrWithKey.replaceAll('http://localhost:4000', url),
  );
  await using _ = started;
  const note = await claude.write('note.txt', 'The number is 7.');
  const pool =
    'litellm.RateLimitError: No deployments available for selected model, Try again in 5 seconds. Passed model=Qwen3-Coder-480B-A35B-Instruct. cooldown_list=[]';
  await upstream.answer(
    failure(429, { message: pool, type: 'None', code: '429' }),
    toolCalls({ tool: 'Read', input: { file_path: note } }),
    failure(500, { message: 'litellm.InternalServerError: upstream connect error', code: '500' }),
    text('Seven.'),
  );
  const run = await claude.run('Which number?');
  assert.deepEqual([run.text, run.isError], ['Seven.', false], run.stderr);
  const { models, refusals } = await upstream.seen();
  assert.deepEqual(models, new Array(4).fill('Qwen3-Coder-480B-A35B-Instruct'));
  assert.deepEqual(refusals, []);

  const long =
    "litellm.BadRequestError: litellm.ContextWindowExceededError: OpenAIException - This model's maximum context length is " +
    '32768 tokens. However, your messages resulted in 40000 tokens.';
  await upstream.answer(failure(400, { message: long, code: '400' }));
  const refused = await claude.run('Again');
  assert.equal(refused.isError, true);
  assert.match(refused.text, /Prompt is too long/);
  assert.equal((await upstream.seen()).models.length, 5, 'nothing is multiplied');
});

test('before claude-relay-service: an exhausted pool is waited out, a limited account is told', async () => {
  const { started, upstream, claude } = await stack(
    { dialect: 'gemini', keys: ['cr_xxxxxxxx'], below: '/gemini' },
    (url) => ccrRelay.replace('http://127.0.0.1:3000', url),
    'sk-custom',
  );
  await using _ = started;
  const note = await claude.write('note.txt', 'The number is 7.');
  const pool = 'No available Gemini accounts support the requested model: gemini-2.5-flash';
  await upstream.answer(
    failure(500, { message: pool }),
    toolCalls({ tool: 'Read', input: { file_path: note } }),
    text('Seven.'),
  );
  const run = await claude.run('Which number?');
  assert.deepEqual([run.text, run.isError], ['Seven.', false], run.stderr);
  assert.deepEqual((await upstream.seen()).models, new Array(3).fill('gemini-2.5-flash'));

  await upstream.answer(failure(403, { message: 'upstream_rate_limited' }));
  const limited = await claude.run('Again');
  assert.equal(limited.isError, true);
  const { models, refusals } = await upstream.seen();
  assert.equal(models.length, 4, 'the relay is left alone until its account is back');
  assert.deepEqual(refusals, []);
});
