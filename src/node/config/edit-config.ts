// Changes the config file on behalf of the user interface: only the lines of the node, never a half-written file.
import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ConfigEdit, sameData } from '../../core/config/edit/edit-data.ts';
import { editSources } from '../../core/config/edit/edit-sources.ts';
import type { ConfigReader } from '../../core/config/sources.ts';
import { withFileLock } from './file-lock.ts';
import { diskReader } from './file-reader.ts';
import { replaceFile } from './replace-file.ts';

export { ConfigEditError, ForeignFileError } from '../../core/config/edit/apply-edit.ts';
export type { ConfigEdit } from '../../core/config/edit/edit-data.ts';

const newFileHeading = [
  '# Configuration of Switchyard. Changes apply as soon as the file is saved.',
  '# Keys never stand here: "secret:NAME" is kept by the editor, "env:NAME" is an environment variable.',
  '',
].join('\n');
const mark = '\uFEFF';
/** Others may write meanwhile, but hardly this often. */
const maxRounds = 20;

/**
 * Makes all edits or none. Only the lines of the nodes change; comments, order, quotes, unknown fields, line ends,
 * byte order mark, permissions and symbolic links survive. With `include`, an edit goes to the file that holds the
 * node. A missing file and its folder are created (0600, 0700). A change that somebody else makes meanwhile is kept:
 * the edits are made again on the new text. Rejects with a `ConfigEditError` when a file has errors that must be
 * mended first.
 */
export function editConfig(file: string, edits: readonly ConfigEdit[]): Promise<void> {
  const plain = edits.map(withoutUndefined);
  return withFileLock(realFile(file), async () => {
    for (let round = 0; round < maxRounds; round++) if (await editOnce(file, plain)) return;
    throw new Error(`${file} is changed by another program all the time`);
  });
}

/** False when a file changed between reading and writing. */
async function editOnce(file: string, edits: readonly ConfigEdit[]): Promise<boolean> {
  const raw = new Map<string, string | undefined>();
  const reader: ConfigReader = {
    async read(path) {
      if (!raw.has(path)) raw.set(path, await diskReader.read(path));
      const text = raw.get(path);
      if (text === undefined && path === file && !path.endsWith('.json')) return newFileHeading;
      return text?.startsWith(mark) ? text.slice(mark.length) : text;
    },
    expand: (entry, from) => diskReader.expand(entry, from),
  };
  const changed = await editSources(file, edits, { reader, env: process.env });
  for (const [path, { before, after }] of changed) {
    if (before === after) continue;
    const old = raw.get(path);
    const text = old?.startsWith(mark) ? mark + after : after;
    const unchanged = async () => (await diskReader.read(path)) === old;
    if (!(await replaceFile(realFile(path), text, unchanged))) return false;
  }
  return true;
}

/** Where a symbolic link leads, so that the link itself stays. */
export function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Not there yet; a link may point to it all the same.
  }
  try {
    return resolve(dirname(file), readlinkSync(file));
  } catch {
    return file;
  }
}

/** Fields that are undefined don't exist in a file; to set undefined is to remove. */
function withoutUndefined(edit: ConfigEdit): ConfigEdit {
  if ('delete' in edit) return edit;
  if (edit.value === undefined) return { path: edit.path, delete: true };
  const value: unknown = JSON.parse(JSON.stringify(edit.value));
  return { path: edit.path, value: sameData(value, edit.value) ? value : edit.value };
}
