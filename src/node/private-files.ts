// Small files of our own that only the user may read.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

/** Writes a file of mode 0600 so that a reader sees the old or the new content, never half of one. */
export function writePrivateFile(file: string, text: string): void {
  const draft = writeDraft(file, text);
  try {
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * The secret in `file`; a new random one of 256 bits is written when there is none. Several processes may start at
 * once: the first file wins and all read the same. Loose permissions are tightened.
 */
export function readOrCreateSecret(file: string): string {
  const present = readSecret(file);
  if (present !== undefined) return present;
  const draft = writeDraft(file, `${newSecret()}\n`);
  try {
    // A link fails when the name is taken, which a rename would not.
    linkSync(draft, file);
  } catch (error) {
    // File systems without links, and an empty file that has to give way.
    if (!isCode(error, 'EEXIST') || readSecret(file) === undefined) renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = readSecret(file);
  if (secret === undefined) throw new Error(`${file} holds no secret and could not be written.`);
  return secret;
}

/** Puts a new random secret of 256 bits into the place of the one in `file`, and returns it. */
export function replaceSecret(file: string): string {
  const secret = newSecret();
  writePrivateFile(file, `${secret}\n`);
  return secret;
}

/** The text of a file; undefined when there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}

function readSecret(file: string): string | undefined {
  const secret = readIfPresent(file)?.trim();
  if (!secret) return undefined;
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  return secret;
}

function writeDraft(file: string, text: string): string {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return draft;
}
