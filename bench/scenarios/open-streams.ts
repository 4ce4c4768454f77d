// What an open stream costs in memory while it waits for its next piece.
import { setTimeout as delay } from 'node:timers/promises';
import { question } from '../bodies.ts';
import type { Contender } from '../contender.ts';
import { memoryMegabytes } from '../process-figures.ts';

export interface StreamMemory {
  idle: number;
  /** Kilobytes for each open stream. */
  perStream: number;
}

/** `contender` must stand before an upstream that takes seconds between two pieces. Memory in megabytes. */
export async function openStreams(contender: Contender, streams: number): Promise<StreamMemory> {
  const pid = contender.pid ?? 0;
  const idle = memoryMegabytes(pid);
  const running = Array.from({ length: streams }, (_, index) =>
    contender.send(question(900_000 + index, true)).catch(() => undefined),
  );
  // Long enough for all to be under way, and short of the streams' end.
  await delay(3_000);
  const busy = memoryMegabytes(pid);
  await contender.stop();
  await Promise.all(running);
  return { idle, perStream: ((busy - idle) * 1024) / streams };
}
