// Config files on disk: their text, and what the entries of `include` mean.
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { parseEnv } from 'node:util';
import type { ConfigReader } from '../../core/config/sources.ts';
import { isCode } from '../private-files.ts';

/** Deep enough for any folder of models; stops at links that lead back up. */
const maxDepth = 8;

export const diskReader: ConfigReader = {
  async read(file) {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(file);
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
      if (isCode(error, 'EISDIR')) throw new Error('it is a folder');
      if (isCode(error, 'EACCES') || isCode(error, 'EPERM')) throw new Error('permission denied');
      throw error;
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Error('it is not UTF-8 text');
    }
  },

  async expand(entry, includingFile) {
    const pattern = isAbsolute(entry) ? entry : join(dirname(includingFile), entry);
    if (!hasWildcard(entry)) return [resolve(pattern)];
    const folder = await stat(folderOf(entry, includingFile)).catch(() => undefined);
    if (!folder?.isDirectory()) return undefined;
    const steps = resolve(pattern).split(sep);
    return (await match(steps[0] === '' ? sep : `${steps[0]}${sep}`, steps.slice(1), 0)).sort();
  },

  async variables(file) {
    const folder = dirname(file);
    const lookedAt = [...new Set([folder, dirname(folder)])].map((each) => join(each, '.env'));
    for (const path of lookedAt) {
      // A `.env` that can't be read is not this file's mistake; its variables will be named as missing.
      const text = await diskReader.read(path).catch(() => undefined);
      if (text !== undefined) return { values: parseEnv(text) as Record<string, string>, lookedAt };
    }
    return { values: {}, lookedAt };
  },
};

export function hasWildcard(entry: string): boolean {
  return /[*?]/.test(entry);
}

/** The folder above the first wildcard of an `include` entry, or of the file that it names. */
export function folderOf(entry: string, includingFile: string): string {
  const steps = resolve(dirname(includingFile), entry).split(sep);
  const first = steps.findIndex(hasWildcard);
  return (first < 0 ? steps.slice(0, -1) : steps.slice(0, first)).join(sep) || sep;
}

/** Files below `folder` that match the steps: `*` and `?` inside a name, `**` for any number of folders. */
async function match(folder: string, steps: readonly string[], depth: number): Promise<string[]> {
  const [step, ...rest] = steps;
  if (step === undefined || depth > maxDepth * 4) return [];
  if (!hasWildcard(step)) {
    const next = join(folder, step);
    return rest.length > 0 ? match(next, rest, depth + 1) : isFile(next);
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  // Hidden files are temporary ones of editors, unless they are asked for.
  const visible = entries.filter((entry) => step.startsWith('.') || !entry.name.startsWith('.'));
  if (step === '**') {
    const here = await match(folder, rest, depth + 1);
    const folders = depth > maxDepth ? [] : visible.filter((entry) => entry.isDirectory());
    const below = await Promise.all(
      folders.map((entry) => match(join(folder, entry.name), steps, depth + 1)),
    );
    return [...here, ...below.flat()];
  }
  const expression = namePattern(step);
  const found = visible
    .filter((entry) => expression.test(entry.name))
    .map((entry) => join(folder, entry.name));
  const results = await Promise.all(
    found.map((path) => (rest.length > 0 ? match(path, rest, depth + 1) : isFile(path))),
  );
  return results.flat();
}

async function isFile(path: string): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? [path] : [];
}

function namePattern(step: string): RegExp {
  const escaped = step.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replaceAll('?', '.')}$`);
}
