// Three real processes, one on the other: Claude Code, the router with the files of another program as they were printed,
// and what lies behind, which fails in its own words. Every failure is survived within the router, or told in words that
// Claude Code knows.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureClaudeCode } from '../../src/dev/claude-code.ts';
import { ClaudeCode } from '../tools/claude-code.ts';
import { type Answer, failure, text, toolCalls } from '../tools/scripted-upstream.ts';
import { ccrRelay, ccrWithKey, ccrWithoutKeys, writeLitellmTree } from '../tools/setups.ts';
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

/** Three processes; `write` puts the files into the router's home and returns the main one's path. */
async function stack(
  options: UpstreamProcessOptions,
  write: (home: string, url: string) => string,
  token?: string,
): Promise<Stack> {
  await ensureClaudeCode();
  const started = new AsyncDisposableStack();
  const upstream = await forkUpstream(options);
  started.defer(() => upstream.close());
  const home = await mkdtemp(join(tmpdir(), 'switchyard-home-'));
  const router = new RunningRouter(home, ['--config', write(home, upstream.url)], {});
  started.defer(() => router.stop());
  await router.ready();
  const claude = await ClaudeCode.create({ url: router.url, token: token ?? router.token });
  started.defer(() => claude.close());
  return { started, upstream, router, claude };
}

/** A file of claude-code-router, its `address` replaced by the upstream's. */
function ccr(text: string, address: string) {
  return (home: string, url: string): string => {
    const path = join(home, 'config.json');
    writeFileSync(path, text.replaceAll(address, url));
    return path;
  };
}

test('before LiteLLM: an empty pool and a passing mistake in the middle of a task go unnoticed, a prompt that is too long is named', async () => {
  const { started, upstream, claude } = await stack(
    { dialect: 'openai-chat', keys: ['sk-2015'] },
    ccr(ccrWithKey, 'http://localhost:4000'),
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
    ccr(ccrRelay, 'http://127.0.0.1:3000'),
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

test("before LiteLLM without keys: the base URL is completed, the client's own token stays here", async () => {
  const { started, upstream, claude } = await stack(
    { dialect: 'openai-chat' },
    ccr(ccrWithoutKeys, 'http://localhost:4000'),
  );
  await using _ = started;
  await upstream.answer(text('Seven.'));
  const run = await claude.run('Which number?');
  assert.deepEqual([run.text, run.isError], ['Seven.', false], run.stderr);
  const { models, keys, refusals } = await upstream.seen();
  assert.deepEqual({ models, keys, refusals }, { models: ['claude-3-7-sonnet'], keys: [''], refusals: [] });
});

test('in place of LiteLLM, with its tree: two failures in a task fall back, and are repeated where nothing else is left', async () => {
  const { started, upstream, router, claude } = await stack(
    { keys: ['ms-canary-1', 'gm-canary-1'] },
    (home, url) =>
      writeLitellmTree(home, {
        'https://api-inference.modelscope.cn': url,
        'model: "gemini/gemini-2.5-flash"': `model: "gemini/gemini-2.5-flash"\n      api_base: "${url}"`,
      }),
  );
  await using _ = started;
  const [qwen, flash] = ['Qwen/Qwen3-Coder-480B-A35B-Instruct', 'gemini-2.5-flash'];
  const asked = 'Qwen3-Coder-480B-A35B-Instruct';
  const note = await claude.write('note.txt', 'The number is 7.');
  await upstream.answer(
    failure(500, { message: 'upstream connect error' }),
    toolCalls({ tool: 'Read', input: { file_path: note } }),
    failure(429, { message: 'Request limit exceeded.' }),
    text('Seven.'),
  );
  const run = await claude.run('Which number?', { model: asked });
  assert.deepEqual([run.text, run.isError], ['Seven.', false], run.stderr);
  // `num_retries`: where the fallback fails too, one of the two is asked again, and the client hears of nothing.
  await router.forgive();
  await upstream.answer(failure(500), failure(503), text('Eight.'));
  const again = await claude.run('Again', { model: asked });
  assert.deepEqual([again.text, again.isError], ['Eight.', false], again.stderr);
  const { models, keys, fields, refusals } = await upstream.seen();
  assert.deepEqual(models.slice(0, 6), [qwen, flash, qwen, flash, qwen, flash]);
  assert.equal(models.length, 7, 'the repeat goes to whichever rests for the shorter time');
  assert.deepEqual(
    keys,
    models.map((model) => (model === qwen ? 'ms-canary-1' : 'gm-canary-1')),
  );
  assert.deepEqual(
    (await router.state()).exchanges.map(({ attempts }) => attempts.length).toSorted(),
    [2, 2, 3],
    'Claude Code asked three times in all',
  );
  // `temperature` comes from the file; what only Anthropic knows is dropped.
  assert.ok(fields[0]?.includes('temperature'));
  assert.deepEqual(
    fields.flat().filter((name) => /metadata|thinking|context_management/.test(name)),
    [],
  );
  assert.deepEqual(refusals, []);
});

test("before claude-relay-service with another target: the relay's own errors send each question there", async () => {
  const file = JSON.parse(ccrRelay);
  file.Providers.push({
    name: 'claude',
    api_base_url: 'http://127.0.0.1:3000/crs/v1/messages',
    api_key: 'cr_yyyyyyyy',
    models: ['claude-sonnet-4-5-20250929'],
    transformer: { use: ['Anthropic'] },
  });
  file.Router.default = 'claude,claude-sonnet-4-5-20250929';
  file.fallback = { default: ['gemini,gemini-2.5-flash'] };
  const { started, upstream, router, claude } = await stack(
    { keys: ['cr_xxxxxxxx', 'cr_yyyyyyyy'], below: '/crs' },
    ccr(JSON.stringify(file).replace('/gemini/v1beta', '/crs/v1beta'), 'http://127.0.0.1:3000'),
    'sk-custom',
  );
  await using _ = started;
  // As the relay writes it for Claude's accounts: a 200, and in the stream a body that is not Anthropic's.
  const overloaded = {
    error: 'Claude API error',
    status: 529,
    details: '{"error":{"message":"Overloaded"}}',
  };
  const errors: Answer[] = [
    {
      status: 200,
      body: `event: error\ndata: ${JSON.stringify(overloaded)}\n\n`,
      headers: { 'content-type': 'text/event-stream' },
    },
    { status: 529, body: overloaded },
    { status: 403, body: { error: 'upstream_rate_limited', message: 'limited' } },
  ];
  for (const [index, error] of errors.entries()) {
    await upstream.answer(error, text(`Answer ${index}.`));
    const run = await claude.run('Which number?');
    assert.deepEqual([run.text, run.isError], [`Answer ${index}.`, false], run.stderr);
    await router.forgive();
  }
  const { models, keys, refusals } = await upstream.seen();
  const each = <T>(...list: T[]): T[] => errors.flatMap(() => list);
  assert.deepEqual(models, each('claude-sonnet-4-5-20250929', 'gemini-2.5-flash'));
  assert.deepEqual(keys, each('cr_yyyyyyyy', 'cr_xxxxxxxx'));
  assert.deepEqual(refusals, []);
});
