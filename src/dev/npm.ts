// Runs npm for packages that are not part of the project's own dependencies.

import { spawn } from 'node:child_process';

const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/**
 * Runs npm in `folder`, silent unless it fails; then the error holds the end of its output.
 * @param seconds After this time npm is ended and the call fails.
 */
export function npm(args: string[], folder: string, seconds = 600): Promise<string> {
  const script = process.env.npm_execpath;
  const own = script?.endsWith('npm-cli.js') === true;
  const command = own ? process.execPath : 'npm';
  const first = own && script !== undefined ? [script] : [];
  return run(command, [...first, ...args, ...QUIET], {
    cwd: folder,
    env: npmEnvironment(),
    seconds,
    shell: !own && process.platform === 'win32',
  });
}

/** Without what an outer `npm run` says about its own project and folders. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const outer = /^(npm_(package|lifecycle)_|npm_config_(local_prefix|prefix|global|workspace)|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
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
