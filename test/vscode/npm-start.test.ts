// `npm start` where no desktop VS Code is: one URL that opens a window with the extension, and nothing left after Ctrl-C.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { ensureVscodeServer } from '../../src/dev/cache.ts';
import { launchBrowser } from '../tools/vscode/editor.ts';
import { EditorWindow } from '../tools/vscode/editor-window.ts';
import { until } from '../tools/vscode/until.ts';

const root = join(import.meta.dirname, '..', '..');

let base: string;
let browser: Browser;

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'switchyard-start-'));
  // A cache of its own, in which only the server's 600 MB are the shared ones.
  const entry = dirname(await ensureVscodeServer());
  await mkdir(join(base, 'cache'));
  await symlink(entry, join(base, 'cache', basename(entry)));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  if (base) await rm(base, { recursive: true, force: true, maxRetries: 5 });
});

interface Started {
  process: ChildProcess;
  url: URL;
  /** Everything on standard output. */
  lines: string[];
  milliseconds: number;
}

async function start(): Promise<Started> {
  const begun = performance.now();
  const child = spawn(process.execPath, [join(root, 'src', 'dev', 'start.ts')], {
    env: { PATH: process.env.PATH, HOME: base, LANG: 'C.UTF-8', SWITCHYARD_DEV_CACHE: join(base, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines: string[] = [];
  const output = createInterface(child.stdout).on('line', (line) => lines.push(line));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`npm start ended with ${code}:\n${errors}`);
  });
  await Promise.race([once(output, 'line'), ended]);
  ended.catch(() => {}); // from here on its end is what the test asks for
  return {
    process: child,
    url: new URL(lines[0] ?? ''),
    lines,
    milliseconds: performance.now() - begun,
  };
}

/** Sends what Ctrl-C sends; returns the exit code. */
async function interrupt({ process: child }: Started): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await ended;
  return code;
}

/** Ids of processes that were started below our home, however they are called now. */
async function living(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  )) {
    const environment = await readFile(join('/proc', pid, 'environ'), 'utf8').catch(() => '');
    if (environment.includes(`SWITCHYARD_DEV_CACHE=${base}`)) found.push(pid);
  }
  return found;
}

test('npm start prints one URL that opens a working window, again and again, and leaves nothing behind', async () => {
  const first = await start();
  assert.match(first.url.href, /^http:\/\/localhost:\d+\/\?tkn=[0-9a-f]{64}&folder=/);
  const page = await browser.newPage();
  await page.goto(first.url.href);
  const window = new EditorWindow(page);
  await window.ready();
  await window.statusShows(/working.*demo/i);
  assert.deepEqual(first.lines, [first.url.href]);
  assert.equal(await interrupt(first), 0);
  if (existsSync('/proc/self/environ'))
    await until('every process is gone', async () => (await living()).length === 0, 10);
  await page.close();

  const second = await start();
  assert.equal(
    second.url.href,
    first.url.href,
    'port and token stay, so that the browser finds its secrets again',
  );
  // About 5 s on an idle machine; the limit only tells it from installing everything again.
  assert.ok(second.milliseconds < 60_000, `the second start took ${Math.round(second.milliseconds)} ms`);
  await interrupt(second);
});

test('without the printed token nobody gets in', async () => {
  const running = await start();
  const { origin } = running.url;
  assert.equal((await fetch(origin)).status, 403);
  assert.equal((await fetch(`${origin}/mint-key`, { method: 'POST' })).status, 403);
  const cookie = `vscode-tkn=${running.url.searchParams.get('tkn')}`;
  const key = await fetch(`${origin}/mint-key`, { method: 'POST', headers: { cookie } });
  assert.equal((await key.arrayBuffer()).byteLength, 32);
  await interrupt(running);
});

test('token and key can be read by their owner only', async () => {
  for (const name of ['token', 'secret-key'])
    assert.equal((await stat(join(base, 'cache', 'start', name))).mode & 0o777, 0o600, name);
});
