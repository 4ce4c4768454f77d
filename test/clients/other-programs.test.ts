// Codex and Gemini CLI, the real programs, through the router to upstreams of all dialects: a question, and a tool.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { dialectIds } from '../../src/core/dialects/dialect.ts';
import { ensureNpmProgram } from '../../src/dev/cache.ts';
import { text, toolCalls } from '../tools/scripted-upstream.ts';
import { type ApiBench, startApiBench } from './bench.ts';

interface Machine {
  home: string;
  folder: string;
}

async function machine(t: TestContext): Promise<Machine> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-program-')));
  t.after(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  const folder = join(base, 'project');
  await mkdir(folder);
  await writeFile(join(folder, 'note.txt'), 'the word is points\n');
  return { home: base, folder };
}

async function write(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** What the program prints; its environment holds nothing of the tester's but the PATH. */
async function run(script: string, args: string[], { home, folder }: Machine, env: Record<string, string>) {
  const child = promisify(execFile)(process.execPath, [script, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: home, ...env },
    timeout: 90_000,
  });
  child.child.stdin?.end();
  return (await child).stdout;
}

async function codex(t: TestContext, { router }: ApiBench, prompt: string): Promise<string> {
  const own = await machine(t);
  const provider = `name = "router"\nbase_url = "${router.url}/v1"\nenv_key = "ROUTER_KEY"\nwire_api = "responses"\n`;
  await write(
    join(own.home, '.codex', 'config.toml'),
    `model = "any-name"\nmodel_provider = "router"\n[model_providers.router]\n${provider}`,
  );
  // The sandbox of a machine for tests may not allow another one inside.
  const args = ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt];
  return run(await ensureNpmProgram('codex'), args, own, { ROUTER_KEY: router.token });
}

async function gemini(t: TestContext, { router }: ApiBench, prompt: string): Promise<string> {
  const own = await machine(t);
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
  await write(join(own.home, '.gemini', 'settings.json'), JSON.stringify(settings));
  return run(await ensureNpmProgram('gemini'), ['--yolo', '-m', 'any-name', '-p', prompt], own, {
    GEMINI_API_KEY: router.token,
    GOOGLE_GEMINI_BASE_URL: router.url,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  });
}

for (const dialect of dialectIds) {
  test(`Codex over ${dialect}: a question, and a command that it runs`, async (t) => {
    await using bench = await startApiBench({ dialect });
    const { upstream } = bench;
    upstream.answer(text('Hello from the upstream.'));
    assert.match(await codex(t, bench, 'Say hello'), /Hello from the upstream\./);
    upstream.answer(
      toolCalls({ tool: 'exec_command', input: { cmd: 'cat note.txt' } }),
      text('It is points.'),
    );
    assert.match(await codex(t, bench, 'Which word is in the note?'), /It is points\./);
    assert.deepEqual(upstream.refusals, []);
    assert.match((await upstream.message(3)).text, /the word is points/);
  });

  test(`Gemini CLI over ${dialect}: a question, and a file that it reads`, async (t) => {
    await using bench = await startApiBench({ dialect });
    const { upstream } = bench;
    upstream.answer(text('Hello from the upstream.'));
    assert.match(await gemini(t, bench, 'Say hello'), /Hello from the upstream\./);
    upstream.answer(
      toolCalls({ tool: 'read_file', input: { file_path: 'note.txt' } }),
      text('It is points.'),
    );
    assert.match(await gemini(t, bench, 'Which word is in the note?'), /It is points\./);
    assert.deepEqual(upstream.refusals, []);
    assert.match((await upstream.message(3)).text, /the word is points/);
  });
}
