// Runs npm for packages that are not part of the project's own dependencies.

import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/**
 * Runs npm in `folder`, silent unless it fails; then the error holds the end of its output.
 * @param seconds After this time npm is ended and the call fails.
 */
export function npm(args: string[], folder: string, seconds = 600): Promise<string> {
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  const own = script?.endsWith('npm-cli.js') === true;
  const first = own && script !== undefined ? [script] : [];
  return run(own ? node : 'npm', [...first, ...args, ...QUIET], {
    cwd: folder,
    env: npmEnvironment(process.env),
    seconds,
    shell: !own && process.platform === 'win32',
  });
}

/**
 * Without what an outer `npm run` says about its own project, and without the project's own Node on the PATH: npm looks
 * for the machine's settings (registry, certificates, proxy) beside the Node that runs it.
 */
export function npmEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const outer = /^(npm_(package|lifecycle)_.*|npm_config_(local_prefix|global|workspace)|INIT_CWD)$/;
  const kept = Object.entries(env).filter(([name]) => !outer.test(name));
  return { ...Object.fromEntries(kept), PATH: withoutNpmFolders(env.PATH ?? '') };
}

/** A PATH without the folders that `npm run` puts in front. */
export function withoutNpmFolders(path: string): string {
  const ofNpm = (folder: string) =>
    folder.endsWith(join('node_modules', '.bin')) || folder.includes('node-gyp-bin');
  return path
    .split(delimiter)
    .filter((folder) => !ofNpm(folder))
    .join(delimiter);
}

export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  seconds: number;
  shell?: boolean;
}

/** Runs a program to its end and returns its standard output. Rejects with the end of all its output. */
export function run(command: string, args: string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.seconds * 1000,
    });
    let out = '';
    let all = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      all += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else {
        const why = signal ? `was ended by ${signal} (limit ${options.seconds} s)` : `ended with ${code}`;
        const shown = [command.split(/[\\/]/).at(-1), ...args].join(' ').slice(0, 200);
        reject(new Error(`${shown} ${why}\n${all.slice(-4000)}`));
      }
    });
  });
}
