// Big things that development and tests need (a VS Code server, a browser, a client) live in one cache folder of the
// user, outside the clone, so that the next clone starts at once.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** `SWITCHYARD_DEV_CACHE`, else `$XDG_CACHE_HOME/switchyard-dev`, else `~/.cache/switchyard-dev`. */
export function cacheFolder(env: Record<string, string | undefined> = process.env): string {
  if (env.SWITCHYARD_DEV_CACHE) return env.SWITCHYARD_DEV_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'switchyard-dev');
}

export interface CacheEntry {
  name: string;
  version: string;
  /** What people read while they wait, e.g. "VS Code server 4.139.1 (about 600 MB)". */
  label: string;
  /** Fills the empty `folder`. Nothing in it may hold the folder's absolute path: it is renamed afterwards. */
  build(folder: string): Promise<void>;
}

/**
 * Folder of a complete entry, built first when it is missing. Built under another name and renamed, so that a
 * half-built entry is never seen; a second process waits for the first instead of doing the work twice.
 */
export async function ensureEntry(entry: CacheEntry): Promise<string> {
  const root = cacheFolder();
  const id = `${entry.name}-${entry.version}-${process.platform}-${process.arch}`;
  const target = join(root, id);
  if (existsSync(target)) return target;
  await mkdir(root, { recursive: true });
  const unlock = await lock(join(root, `${id}.lock`), entry.label);
  try {
    if (existsSync(target)) return target;
    progress(`preparing ${entry.label} ...`);
    const started = performance.now();
    const temporary = await mkdtemp(join(root, `.${id}-`));
    try {
      await entry.build(temporary);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // Only when somebody broke our lock meanwhile: their entry is as good as ours.
      if (!existsSync(target)) throw error;
    }
    progress(`${entry.label} is ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return target;
  } finally {
    await unlock();
  }
}

/** One line for the person who waits; on stderr, so that stdout stays free for results. */
export function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Takes the lock file, waiting while another living process holds it. Returns its release. */
async function lock(file: string, label: string): Promise<() => Promise<void>> {
  let told = false;
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isStale(file)) await rm(file, { force: true });
    else {
      if (!told) progress(`another process prepares ${label}, waiting ...`);
      told = true;
      await delay(300);
    }
  }
}

async function isStale(file: string): Promise<boolean> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  // An empty file: its owner has not written the pid yet.
  if (!pid || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
