import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where Claude Code's installers put it when the PATH does not say so. */
const usualFolders = [
  join(homedir(), '.local', 'bin'),
  join(homedir(), '.claude', 'local'),
  '/usr/local/bin',
  '/opt/homebrew/bin',
];

/** The program's path, from the PATH or the usual places; undefined when there is none that can be run. */
export function findProgram(name: string, env: Record<string, string | undefined>): string | undefined {
  if (isAbsolute(name)) return isRunnable(name) ? name : undefined;
  const windows = process.platform === 'win32';
  const folders = [...(env.PATH ?? env.Path ?? '').split(delimiter), ...usualFolders];
  const endings = windows ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const folder of folders.filter((entry) => entry !== '')) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (isRunnable(path)) return path;
    }
  }
  return undefined;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
