// Programs that the bench starts: each tells on its first line, in JSON, where it listens.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  pid: number;
  url: string;
  /** The whole first line. */
  told: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts a program and waits until it listens. Throws with what it printed when it ends before. */
export async function startChild(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Child> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${args[0]} ended with ${code}:\n${errors}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  ended.catch(() => {});
  const told = JSON.parse(String(line)) as Record<string, unknown>;
  return { pid: child.pid ?? 0, url: String(told.url), told, stop: () => stopProcess(child) };
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 4000);
  await gone;
  clearTimeout(hard);
}
