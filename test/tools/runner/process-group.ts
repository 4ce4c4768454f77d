// Programs started in a process group of their own, so that whatever they leave behind can be found and ended.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

const groups = new Set<number>();

/** Starts a program as leader of its own group (on Windows: just starts it). */
export function spawnGroup(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  if (child.pid !== undefined) groups.add(child.pid);
  return child;
}

/** Ends everything that is left of a group. True when there was something. */
export function endGroup(pid: number | undefined): boolean {
  if (pid === undefined || !groups.delete(pid)) return false;
  return signalGroup(pid, 'SIGKILL');
}

export function endAllGroups(): void {
  for (const pid of [...groups]) endGroup(pid);
}

/** True while a process of the group lives. */
export function groupLives(pid: number): boolean {
  return signalGroup(pid, 0);
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    return false;
  }
}
