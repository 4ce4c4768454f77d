// Starts and ends the VS Code server's process.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutNpmFolders } from './npm.ts';

export interface ServerOptions {
  /** From `ensureVscodeServer()`. */
  server: string;
  /** Settings, logs and state of the server and the window's machine side. */
  dataFolder: string;
  extensionsFolder: string;
  /** Without it every web page could reach a shell through the server, so there is no way to leave it out. */
  connectionToken: string;
  env: NodeJS.ProcessEnv;
  /** Further flags, e.g. `--disable-workspace-trust`. */
  flags?: string[];
}

export interface ServerProcess {
  port: number;
  pid: number;
  /** Everything it wrote so far, the end of it. */
  output(): string;
  /** Resolves when the process is gone, however it went. */
  ended: Promise<void>;
  /** Ends the server and waits for it. Its extension hosts and terminals end with it. */
  stop(): Promise<void>;
}

const START_SECONDS = 60;
const STOP_SECONDS = 5;

/** Resolves when the server listens on its port of 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const args = [
    join(options.server, 'out', 'server-main.js'),
    ...['--host', '127.0.0.1', '--port', '0', '--connection-token', options.connectionToken],
    ...['--server-data-dir', options.dataFolder, '--extensions-dir', options.extensionsFolder],
    ...['--accept-server-license-terms', '--disable-telemetry', ...(options.flags ?? [])],
  ];
  const child = spawn(process.execPath, args, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', (error) => {
      output += error.message;
      resolve();
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    const give = (reason: string) => reject(new Error(`the VS Code server ${reason}\n${output}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      give(`did not listen within ${START_SECONDS} s`);
    }, START_SECONDS * 1000);
    const read = (text: string) => {
      output = (output + text).slice(-100_000);
      const match = /Extension host agent listening on (\d+)/.exec(output);
      if (match?.[1] === undefined) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void ended.then(() => {
      clearTimeout(timer);
      give('ended at once');
    });
  });
  return { port, pid: child.pid ?? 0, output: () => output, ended, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(timer);
}

/** Writes the user's settings, which this server keeps below its data folder; never over existing ones. */
export async function seedUserSettings(dataFolder: string, settings: Record<string, unknown>): Promise<void> {
  const folder = join(dataFolder, 'data', 'User');
  await mkdir(folder, { recursive: true });
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await writeFile(join(folder, 'settings.json'), text, { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

/** The environment as it was before npm added its own, so that terminals in the window look like the user's. */
export function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE$|COLOR$|EDITOR$)/.test(name));
  return { ...Object.fromEntries(kept), PATH: withoutNpmFolders(env.PATH ?? '') };
}
