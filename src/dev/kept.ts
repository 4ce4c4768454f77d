// Small values that are made once and kept in files.

import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/** Random bytes that only their owner can read; the same at every call. */
export async function keptBytes(file: string, length: number): Promise<Buffer> {
  const fresh = randomBytes(length);
  try {
    await writeFile(file, fresh, { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const kept = await readFile(file);
  if (kept.length === length) return kept;
  await writeFile(file, fresh, { mode: 0o600 });
  return fresh;
}

/** The port of the last start, or 0. */
export async function keptPort(file: string): Promise<number> {
  const port = Number(await readFile(file, 'utf8').catch(() => '0'));
  return Number.isInteger(port) && port > 1023 && port < 65536 ? port : 0;
}
