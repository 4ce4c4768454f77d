// What an open stream costs in memory: while it waits for its first content, and while its content flows.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { question } from '../bodies.ts';
import type { Contender } from '../contender.ts';
import { programs } from '../contenders.ts';
import { heapKinds } from '../heap-kinds.ts';

export interface StreamMemory {
  /** Megabytes of heap and buffers, after a collection, warmed up and without streams. */
  idle: number;
  /** Kilobytes for each open stream of which nothing has come yet: another deployment may still have to be asked. */
  waiting: number;
  /** Kilobytes for each open stream whose content flows. */
  flowing: number;
  /** Kilobytes for each waiting stream, by kind. */
  waitingKinds: Record<string, number>;
}

/** Milliseconds between two frames of a slow stream: the third has the first content. */
const gap = 2_000;

async function heapMegabytes(pid: number, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await delay(20);
  return Number(readFileSync(file, 'utf8'));
}

async function setGap(upstream: string, milliseconds: number): Promise<void> {
  const { body } = await request(`${upstream}/gap/${milliseconds}`, { method: 'PUT' });
  await body.dump();
}

type Start = (env: Record<string, string>) => Promise<Contender>;

/** `start` starts a program before the upstream, in the given environment. */
export async function openStreams(upstream: string, start: Start, streams: number): Promise<StreamMemory> {
  const figures = await watched(upstream, start, streams, {}, async (read, sendAll) => {
    const idle = await read();
    const running = sendAll();
    const perStream = async () => (((await read()) - idle) * 1024) / streams;
    await delay(gap / 2);
    const waiting = await perStream();
    await delay(gap * 3);
    const flowing = await perStream();
    return { running, result: { idle, waiting, flowing } };
  });
  // By another process: after a snapshot a heap is not what it was.
  const snapshots = { BENCH_HEAP_SNAPSHOT: '1' };
  const waitingKinds = await watched(upstream, start, streams, snapshots, async (read, sendAll, file) => {
    const kinds = async () => {
      await read();
      return heapKinds(`${file}.heapsnapshot`);
    };
    const before = await kinds();
    const running = sendAll();
    await delay(gap / 2);
    const result = [...(await kinds())].map(
      ([kind, bytes]) => [kind, (bytes - (before.get(kind) ?? 0)) / 1024 / streams] as const,
    );
    return { running, result: Object.fromEntries(result) };
  });
  return { ...figures, waitingKinds };
}

/** Starts and warms a program whose memory is to be read, and ends it after `look`. */
async function watched<T>(
  upstream: string,
  start: Start,
  streams: number,
  env: Record<string, string>,
  look: (
    read: () => Promise<number>,
    sendAll: () => Promise<unknown>[],
    file: string,
  ) => Promise<{ running: Promise<unknown>[]; result: T }>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-heap-'));
  const file = join(folder, 'heap');
  const contender = await start({
    NODE_OPTIONS: `--require=${join(programs, 'collect.cjs')}`,
    BENCH_HEAP_FILE: file,
    ...env,
  });
  let session = 800_000;
  const sendAll = () =>
    Array.from({ length: streams }, () => contender.send(question(++session, true)).catch(() => undefined));
  // Programs load, compile and warm up with their first requests; that is no stream's memory.
  for (let round = 0; round < 5; round++) await Promise.all(sendAll());
  // Connections that wait for the next request are no streams.
  await contender.closeConnections();
  await setGap(upstream, gap);
  await delay(500);
  const { running, result } = await look(() => heapMegabytes(contender.pid ?? 0, file), sendAll, file);
  await contender.stop();
  await Promise.all(running);
  await setGap(upstream, 1);
  rmSync(folder, { recursive: true, force: true });
  return result;
}
