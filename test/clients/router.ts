// The program under test: `dist/cli.js serve` as a process of its own, with a home and a config file of its own.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { RouterSnapshot } from '../../src/core/snapshot.ts';
import { isObject, type JsonObject } from '../tools/scripted-upstream-types.ts';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export class RunningRouter {
  url = '';
  token = '';
  /** What it has logged so far. With SWITCHYARD_TEST_LOG set it is shown as it comes. */
  log = '';
  readonly #home: string;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(home: string, args: string[], env: Record<string, string>) {
    this.#home = home;
    this.#child = spawn(process.execPath, [program, 'serve', '--json', '--port', '0', ...args], {
      env: { PATH: process.env.PATH, HOME: home, SWITCHYARD_HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.log += chunk;
      if (process.env.SWITCHYARD_TEST_LOG) process.stderr.write(chunk);
    });
  }

  /** Resolves once it listens. */
  async ready(): Promise<void> {
    const exited = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the router ended with ${code} before it listened:\n${this.log}`);
    });
    const [line] = await Promise.race([once(createInterface(this.#child.stdout), 'line'), exited]);
    exited.catch(() => {}); // From here on an exit is the tests' business.
    const ready: unknown = JSON.parse(String(line));
    if (!isObject(ready)) throw new Error(`unexpected first line: ${line}`);
    this.url = String(ready.url);
    this.token = String(ready.token);
  }

  /** Replaces the config file in one step, as the shell does; resolves when it is in force. */
  async configure(config: JsonObject): Promise<void> {
    const file = join(this.#home, 'config.yaml');
    await writeFile(`${file}.new`, stringify(config));
    await rename(`${file}.new`, file);
    await this.#control('call', { call: 'reloadConfig', params: {} });
  }

  /** What the router shows of itself: routes, health, the last exchanges. */
  async state(): Promise<RouterSnapshot> {
    return (await this.#control('state')) as RouterSnapshot;
  }

  /** Forgets all failures: every deployment counts as healthy again. */
  async forgive(): Promise<void> {
    await this.#control('call', { call: 'clearCooldowns', params: {} });
  }

  async #control(path: string, body?: JsonObject): Promise<unknown> {
    const secret = await readFile(join(this.#home, 'control'), 'utf8');
    const answer = await fetch(`${this.url}/_switchyard/${path}`, {
      headers: { authorization: `Bearer ${secret.trim()}` },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
    const value: unknown = await answer.json();
    if (!answer.ok || (isObject(value) && value.ok === false))
      throw new Error(`/_switchyard/${path}: ${JSON.stringify(value)}`);
    return value;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const hard = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(hard);
    }
    await rm(this.#home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Starts the built command line on an ephemeral port; `env` holds the keys that the config refers to. Without a
 * config there is no file, as on the first day.
 */
export async function startRouter(
  config: JsonObject | undefined,
  env: Record<string, string>,
): Promise<RunningRouter> {
  if (!existsSync(program)) throw new Error('dist/cli.js is missing: run `npm run build` first');
  const home = await mkdtemp(join(tmpdir(), 'switchyard-home-'));
  const file = join(home, 'config.yaml');
  if (config) await writeFile(file, stringify(config));
  const router = new RunningRouter(home, config ? ['--config', file] : [], env);
  try {
    await router.ready();
  } catch (error) {
    await router.stop();
    throw error;
  }
  return router;
}
