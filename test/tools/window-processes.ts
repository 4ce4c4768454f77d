// Starts routers as processes of their own and follows what they say.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

export interface Said {
  token?: string;
  phase?: string;
  port?: number;
  leaderPid?: number;
  leaderSilent?: true;
}

export class WindowProcess {
  readonly child: ChildProcess;
  readonly said: Said[] = [];
  errors = '';
  #waiters: (() => void)[] = [];

  constructor(home: string) {
    const program = join(import.meta.dirname, 'window-process.ts');
    this.child = spawn(process.execPath, [program, home], { stdio: ['ignore', 'pipe', 'pipe'] });
    if (!this.child.stdout || !this.child.stderr) throw new Error('no pipes');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.said.push(JSON.parse(line) as Said);
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const wake of waiters) wake();
    });
    this.child.stderr.on('data', (text) => {
      this.errors += text;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get token(): string {
    return this.said.find(({ token }) => token !== undefined)?.token ?? '';
  }

  /** Resolves as soon as its last state fits. */
  async until(fits: (last: Said) => boolean): Promise<Said> {
    for (;;) {
      const last = this.said.at(-1);
      if (last && fits(last)) return last;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }
}

/** It is gone after the test, also when it was stopped. */
export function startWindowProcess(t: TestContext, home: string): WindowProcess {
  const window = new WindowProcess(home);
  t.after(async () => {
    const { child } = window;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  });
  return window;
}

/** Milliseconds until somebody answers 200 on the port again. */
export async function untilServed(port: number): Promise<number> {
  const start = performance.now();
  for (;;) {
    const served = await fetch(`http://127.0.0.1:${port}/health`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(500),
    }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (served) return performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
