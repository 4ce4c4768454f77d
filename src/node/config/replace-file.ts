// Replaces a whole file so that a reader, or a crash at any moment, finds the old text or the new one.
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Milliseconds after which the draft of a killed write is swept away. */
const draftLifetime = 60_000;

/**
 * Writes `text` to a draft in the same folder and renames it over `file`, keeping its mode and owner; a new file is
 * 0600 in a folder of 0700. Just before the rename `unchanged` is asked: on false nothing happens, and false is
 * returned.
 */
export async function replaceFile(
  file: string,
  text: string,
  unchanged: () => Promise<boolean>,
): Promise<boolean> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await sweep(folder, basename(file));
  const old = await stat(file).catch(() => undefined);
  const mode = old === undefined ? 0o600 : old.mode & 0o7777;
  const draft = join(folder, `.${basename(file)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      // Past the process's umask, which would take rights away from a shared file.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Only root can give files away; others own what they may write.
    if (old !== undefined) await chown(draft, old.uid, old.gid).catch(() => {});
    if (!(await unchanged())) return false;
    await rename(draft, file);
    await syncFolder(folder);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Makes the rename itself last. Not all systems can open a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The data is safe all the same: the rename is ordered after the draft's own sync.
  }
}

async function sweep(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith('.tmp')) continue;
    const stats = await stat(join(folder, entry)).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > draftLifetime)
      await rm(join(folder, entry), { force: true });
  }
}
