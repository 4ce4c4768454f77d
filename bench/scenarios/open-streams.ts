// What an open stream costs in memory while it waits for its next piece.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { question } from '../bodies.ts';
import type { Contender } from '../contender.ts';
import { programs } from '../contenders.ts';

export interface StreamMemory {
  /** Megabytes of heap and buffers, after a collection, warmed up and without streams. */
  idle: number;
  /** Kilobytes for each open stream. */
  perStream: number;
}

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

/** `start` starts a program before an upstream that takes seconds between two pieces, in the given environment. */
export async function openStreams(
  start: (env: Record<string, string>) => Promise<Contender>,
  streams: number,
): Promise<StreamMemory> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-heap-'));
  const file = join(folder, 'heap');
  const contender = await start(watched(file));
  const pid = contender.pid ?? 0;
  // Programs load and warm up with their first requests; that is no stream's memory.
  for (let round = 0; round < 10; round++)
    await Promise.all(
      Array.from({ length: streams / 4 }, (_, index) => contender.send(question(800_000 + index, false))),
    );
  const idle = await heapMegabytes(pid, file);
  const running = Array.from({ length: streams }, (_, index) =>
    contender.send(question(900_000 + index, true)).catch(() => undefined),
  );
  // Long enough for all to be under way, and short of the streams' end.
  await delay(3_000);
  const busy = await heapMegabytes(pid, file);
  await contender.stop();
  await Promise.all(running);
  rmSync(folder, { recursive: true, force: true });
  return { idle, perStream: ((busy - idle) * 1024) / streams };
}
