// From starting the program to a listening port, and to the first answer.

import { question } from '../bodies.ts';
import type { Child } from '../child.ts';
import { contender } from '../contender.ts';
import { memoryMegabytes } from '../process-figures.ts';
import { median } from '../statistics.ts';

export interface StartFigures {
  /** Milliseconds, medians. */
  listening: number;
  firstAnswer: number;
  /** Megabytes, right after the first answer. */
  memory: number;
}

export async function startUp(
  start: () => Promise<Child & { token?: string }>,
  times: number,
): Promise<StartFigures> {
  const listening: number[] = [];
  const firstAnswer: number[] = [];
  const memory: number[] = [];
  for (let time = 0; time < times; time++) {
    const begun = performance.now();
    const child = await start();
    listening.push(performance.now() - begun);
    const { url, token } = child;
    const client = contender({
      name: 'started',
      url,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
    await client.send(question(time, false));
    firstAnswer.push(performance.now() - begun);
    memory.push(memoryMegabytes(child.pid));
    await client.stop();
    await child.stop();
  }
  return { listening: median(listening), firstAnswer: median(firstAnswer), memory: median(memory) };
}
