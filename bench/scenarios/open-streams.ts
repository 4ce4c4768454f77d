// What an open stream costs in memory: while it waits for its first content, and while its content flows.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { question } from '../bodies.ts';
import type { Contender } from '../contender.ts';
import { programs } from '../contenders.ts';

export interface StreamMemory {
  /** Megabytes of heap and buffers, after a collection, warmed up and without streams. */
  idle: number;
  /** Kilobytes for each open stream of which nothing has come yet: another deployment may still have to be asked. */
  waiting: number;
  /** Kilobytes for each open stream whose content flows. */
  flowing: number;
}

/** Milliseconds between two frames of a slow stream: the third has the first content. */
const gap = 2_000;

/** Environment of a program whose memory is to be read. */
function watched(file: string): Record<string, string> {
  return { NODE_OPTIONS: `--require=${join(programs, 'collect.cjs')}`, BENCH_HEAP_FILE: file };
}

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

/** `start` starts a program before the upstream, in the given environment. */
export async function openStreams(
  upstream: string,
  start: (env: Record<string, string>) => Promise<Contender>,
  streams: number,
): Promise<StreamMemory> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-heap-'));
  const file = join(folder, 'heap');
  const contender = await start(watched(file));
  const pid = contender.pid ?? 0;
  let session = 800_000;
  const sendAll = () =>
    Array.from({ length: streams }, () => contender.send(question(++session, true)).catch(() => undefined));
  // Programs load, compile and warm up with their first requests; that is no stream's memory.
  for (let round = 0; round < 5; round++) await Promise.all(sendAll());
  // Connections that wait for the next request are no streams; undici closes those to the upstream after some seconds.
  await contender.closeConnections();
  await delay(7_000);
  const idle = await heapMegabytes(pid, file);
  await setGap(upstream, gap);
  const running = sendAll();
  const perStream = async () => (((await heapMegabytes(pid, file)) - idle) * 1024) / streams;
  await delay(gap / 2);
  const waiting = await perStream();
  await delay(gap * 3);
  const flowing = await perStream();
  await contender.stop();
  await Promise.all(running);
  await setGap(upstream, 1);
  rmSync(folder, { recursive: true, force: true });
  return { idle, waiting, flowing };
}
