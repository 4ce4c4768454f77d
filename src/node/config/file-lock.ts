// One writer at a time, over all windows and programs of ours. Editors don't know of it.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isCode } from '../private-files.ts';

/** Milliseconds after which a lock is taken for forgotten, and how long anyone waits for it. */
const forgottenAfter = 10_000;
const patience = 15_000;

/** Runs `work` while holding `<file>.lock`. Throws when another program does not let go. */
export async function withFileLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${file}.lock`;
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  const end = performance.now() + patience;
  while (!tryLock(lock)) {
    if (performance.now() > end) throw new Error(`another program is writing ${file}`);
    await delay(10 + Math.random() * 20);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    if (isForgotten(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** Its owner is dead, or it is far older than any write takes. */
function isForgotten(lock: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs > forgottenAfter) return true;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (!Number.isInteger(owner) || owner <= 0) return false;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}
