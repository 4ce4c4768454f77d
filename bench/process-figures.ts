// What a process has used, as the Linux kernel counts it.
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of all threads of a process so far, in microseconds. Threads that ended are not counted any more. */
export function cpuMicroseconds(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread has just ended.
    }
  }
  return nanoseconds / 1000;
}

/** Memory that is the process's own, in megabytes. */
export function memoryMegabytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)];
  return kilobytes.reduce((sum, [, value]) => sum + Number(value), 0) / 1024;
}
