// Runs the command line as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
export const bundle = join(root, 'dist', 'cli.js');
/** The sources, and the bundle where it was built. */
export const programs = [join(root, 'src', 'cli.ts'), ...(existsSync(bundle) ? [bundle] : [])];

export interface Running {
  child: ChildProcess;
  output: { stdout: string; stderr: string };
  /** Exit code. */
  ended: Promise<number | null>;
  /** Resolves with the first line on standard output. */
  line: Promise<string>;
}

/** Starts the program, with nothing of this process's environment but PATH and HOME; it ends with the test. */
export function run(
  t: TestContext,
  program: string,
  words: string[],
  env: Record<string, string> = {},
  cwd: string = root,
): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program, ...words], { cwd, env: { PATH, HOME, ...env } });
  const output = { stdout: '', stderr: '' };
  const line = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    if (output.stdout.includes('\n')) line.resolve(output.stdout.split('\n')[0] ?? '');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      line.resolve('');
      resolve(code);
    }),
  );
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, output, ended, line: line.promise };
}
