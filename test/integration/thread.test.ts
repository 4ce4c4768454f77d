// The router's thread as the shell sees it: its link, its deaths, its end.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { BroadcastChannel } from 'node:worker_threads';
import { type BuildOptions, build } from 'esbuild';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import type { ExchangeRecord } from '../../src/core/gateway/exchange.ts';
import type { RouterSnapshot } from '../../src/core/snapshot.ts';
import { RouterThread } from '../../src/node/router-thread.ts';
import { freePort, messagesBody, startTestRouter, temporaryFolder } from '../tools/router-harness.ts';

/** Bundled as in the product: the sources take longer to load than a restart may take. */
const folder = mkdtempSync(join(tmpdir(), 'switchyard-thread-'));
const workerFile = join(folder, 'worker.js');
before(async () => {
  const script = '../../esbuild.mjs';
  const { options } = (await import(script)) as {
    options: BuildOptions & { entryPoints: Record<string, string> };
  };
  const worker = join(import.meta.dirname, '..', 'tools', 'mortal-worker.ts');
  await build({
    ...options,
    entryPoints: { ...options.entryPoints, worker },
    outdir: folder,
    logLevel: 'silent',
  });
});
after(() => rmSync(folder, { recursive: true }));

interface ThreadOptions {
  home?: string;
  /** Default 0; `undefined` given on purpose: as in a window. */
  port?: number | undefined;
  heapLimit?: number;
}

function startThread(t: TestContext, options: ThreadOptions = {}) {
  const { home = temporaryFolder(t), heapLimit } = options;
  const port = 'port' in options ? options.port : 0;
  const snapshots: RouterSnapshot[] = [];
  const exchanges: ExchangeRecord[] = [];
  const log: string[] = [];
  const tokens: string[] = [];
  /** What the parent waited for, in milliseconds. */
  const waits: number[] = [];
  const clock: Clock = {
    now: () => systemClock.now(),
    elapsed: () => systemClock.elapsed(),
    after(ms, run) {
      waits.push(ms);
      return systemClock.after(ms, run);
    },
  };
  let waiters: (() => void)[] = [];
  const told =
    <T>(list: T[]) =>
    (item: T): void => {
      list.push(item);
      const woken = waiters;
      waiters = [];
      for (const wake of woken) wake();
    };
  const thread = new RouterThread({
    workerFile,
    router: {
      version: '0.0.0-test',
      home,
      configFile: join(home, 'config.yaml'),
      ...(port === undefined ? {} : { port }),
      env: {},
      secrets: { canary: 'canary-secret-value' },
    },
    onSnapshot: told(snapshots),
    onExchange: told(exchanges),
    onToken: told(tokens),
    log: (level, message) => told(log)(`${level} ${message}`),
    clock,
    ...(heapLimit === undefined ? {} : { heapLimit }),
  });
  const channel = new BroadcastChannel('switchyard mortal worker');
  t.after(async () => {
    channel.close();
    await thread.stop();
  });
  const until = async <T>(condition: () => T | undefined | false): Promise<T> => {
    for (;;) {
      const value = condition();
      if (value) return value;
      await new Promise<void>((resolve) => waiters.push(resolve));
    }
  };
  const listening = (from: number): Promise<RouterSnapshot> =>
    until(() => snapshots.slice(from).find(({ phase }) => phase === 'listening'));
  thread.start();
  return { thread, snapshots, exchanges, log, tokens, waits, channel, until, listening };
}

test('the link: token, snapshots, exchanges, calls', async (t) => {
  const { thread, tokens, exchanges, until, listening, snapshots } = startThread(t);
  const { port } = await listening(0);
  assert.equal(tokens.length, 1);
  const response = await fetch(`http://127.0.0.1:${port}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[0]}` },
    body: JSON.stringify(messagesBody()),
  });
  assert.equal(response.status, 200);
  await response.text();
  await until(() => exchanges.find(({ status }) => status === 200));
  assert.equal(await thread.call('setPaused', { paused: true }), null);
  await until(() => snapshots.at(-1)?.paused);
  await assert.rejects(
    thread.call('testConfigured', { provider: 'nobody' }),
    /There is no provider "nobody"/,
  );
  await assert.rejects(
    thread.call('listModels', { dialect: 'anthropic', baseUrl: 'http://127.0.0.1:1' }),
    /No connection to 127\.0\.0\.1:1/,
  );
  await thread.stop();
  await assert.rejects(fetch(`http://127.0.0.1:${port}/health`));
  await assert.rejects(thread.call('setPaused', { paused: false }), /not running/);
});

test('a thread that throws, exits or runs out of memory is back on the same port within a second', async (t) => {
  const { snapshots, log, waits, channel, until, listening } = startThread(t, { heapLimit: 96 });
  const { port } = await listening(0);
  for (const how of ['throw', 'exit', 'heap']) {
    const from = snapshots.length;
    channel.postMessage(how);
    await until(() => log.find((line) => line.includes('thread died')));
    const again = await listening(from);
    assert.equal(again.port, port, how);
    // Not the time itself, which is the machine's: what was waited for on purpose.
    assert.ok((waits.splice(0).at(-1) ?? Number.POSITIVE_INFINITY) <= 500, how);
    const response = await fetch(`http://127.0.0.1:${port}/health`);
    assert.equal(response.status, 200);
    await response.text();
    log.length = 0;
  }
});

test('when the leading thread dies, another window of the same home has the port at once', async (t) => {
  const home = temporaryFolder(t);
  const port = await freePort();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ port }));
  const { snapshots, channel, listening, until, log } = startThread(t, { home, port: undefined });
  assert.equal((await listening(0)).port, port);
  const follower = await startTestRouter(t, { home, port: undefined });
  await follower.snapshot(({ phase }) => phase === 'following');
  const from = snapshots.length;
  channel.postMessage('exit');
  await until(() => log.some((line) => line.includes('thread died')));
  // Whoever is first leads, the other one follows.
  const restarted = until(() => snapshots.slice(from).find(({ phase }) => phase !== 'starting'));
  const [mine, theirs] = await Promise.all([
    follower.until(() => {
      const gone = follower.log.findIndex((line) => line.includes('is gone'));
      const settled = follower.log.slice(gone).some((line) => /Listening|Following/.test(line));
      return gone >= 0 && settled && follower.snapshots.at(-1);
    }),
    restarted,
  ]);
  assert.deepEqual([mine.phase, theirs.phase].sort(), ['following', 'listening']);
  const response = await follower.fetch('/health');
  assert.equal(response.status, 200);
  await response.text();
});

test('a promise that nobody caught is logged and kills nothing', async (t) => {
  const { thread, log, channel, until, listening, snapshots } = startThread(t);
  await listening(0);
  const count = snapshots.length;
  channel.postMessage('reject');
  const line = await until(() => log.find((entry) => entry.includes('Unhandled')));
  assert.match(line, /rejected with \[redacted\]/);
  assert.equal(await thread.call('setPaused', { paused: false }), null);
  assert.equal(
    snapshots.slice(count).some(({ phase }) => phase !== 'listening'),
    false,
  );
});

test('the last words of a thread are kept, without its secrets', async (t) => {
  const { log, channel, until, listening } = startThread(t);
  await listening(0);
  channel.postMessage('throw');
  const line = await until(() => log.find((entry) => entry.includes('Uncaught')));
  assert.match(line, /thrown with \[redacted\]/);
  await until(() => log.some((entry) => entry.includes('thread died')));
  assert.doesNotMatch(log.join('\n'), /canary-secret-value/);
});

test('after too many deaths in a minute the router is down and says why, until it is restarted', async (t) => {
  const { thread, snapshots, channel, listening, until, log } = startThread(t);
  const { port } = await listening(0);
  for (let death = 1; death <= 6; death++) {
    const from = snapshots.length;
    channel.postMessage('exit');
    if (death <= 5) await listening(from);
  }
  const down = await until(() => snapshots.find(({ phase }) => phase === 'down'));
  assert.match(down.downReason ?? '', /died 6 times within a minute, last because it ended with code 7/);
  assert.equal(log.filter((line) => line.includes('thread died')).length, 6);
  await assert.rejects(thread.call('setPaused', { paused: true }), /not running/);
  const from = snapshots.length;
  await thread.restart();
  assert.equal((await listening(from)).port, port);
});

test('a restart keeps the port from other windows, and open answers run to their end', async (t) => {
  const home = temporaryFolder(t);
  const port = await freePort();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ port }));
  const { thread, tokens, snapshots, listening } = startThread(t, { home, port: undefined });
  await listening(0);
  const other = await startTestRouter(t, { home, port: undefined });
  await other.snapshot(({ phase }) => phase === 'following');
  const streaming = await fetch(`http://127.0.0.1:${port}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens[0]}` },
    body: JSON.stringify(messagesBody({ stream: true })),
  });
  // Counts how long nobody answers.
  let over = false;
  let gap = 0;
  const asking = (async () => {
    let since = 0;
    while (!over) {
      const up = await fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: 'close' } }).then(
        (answer) => answer.ok,
        () => false,
      );
      if (up) since = 0;
      else since ||= performance.now();
      if (since > 0) gap = Math.max(gap, performance.now() - since);
    }
  })();
  const from = snapshots.length;
  await thread.restart();
  over = true;
  await asking;
  const phases = snapshots.slice(from).map(({ phase }) => phase);
  assert.equal(phases.at(-1), 'listening');
  assert.ok(!phases.includes('down'), phases.join());
  t.diagnostic(`nobody answered for ${gap.toFixed(0)} ms`);
  assert.ok(gap < 500, `${gap} ms`);
  const text = await streaming.text();
  assert.match(text, /message_stop/);
  assert.ok(
    !other.snapshots.slice(1).some(({ phase }) => phase === 'listening'),
    'the other window never led',
  );
});

test('a home folder that can not be made: the router is down and names it', async (t) => {
  const file = join(temporaryFolder(t), 'a-file');
  writeFileSync(file, '');
  const { snapshots, until } = startThread(t, { home: join(file, 'home') });
  const down = await until(() => snapshots.find(({ phase }) => phase === 'down'));
  assert.match(down.downReason ?? '', /ENOTDIR.*a-file/);
});

test('a window that closes while its router restarts leaves no thread behind', async (t) => {
  const { thread, listening } = startThread(t);
  const { port } = await listening(0);
  const restarting = thread.restart();
  await thread.stop();
  await restarting;
  await assert.rejects(fetch(`http://127.0.0.1:${port}/health`));
  await assert.rejects(thread.call('setPaused', { paused: false }), /not running/);
});
