// `npm run package`: a production build, packed as switchyard-<version>.vsix in the root.

import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { progress } from './cache-entry.ts';
import { run } from './npm.ts';

const LIMIT = 2 * 1024 * 1024;

/**
 * Builds and packs the repository at `root`.
 * @returns Path of the VSIX. The same commit gives the same bytes: times inside come from it.
 */
export async function packageExtension(root: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, seconds: 120 });
  process.env.SOURCE_DATE_EPOCH ??= await commitTime(root);
  const file = join(root, `${name}-${version}.vsix`);
  const partial = join(root, `${name}-${version}.partial.vsix`);
  // The dependencies are inside the bundles; README's relative links are right inside the package too.
  await createVSIX({
    cwd: root,
    packagePath: partial,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  await rename(partial, file);
  const { size } = await stat(file);
  if (size > LIMIT) throw new Error(`${file} has ${size} bytes; the limit is ${LIMIT}`);
  return file;
}

/** Of the last commit, in seconds since the epoch; a fixed one outside a clone. */
async function commitTime(root: string): Promise<string> {
  const time = await run('git', ['log', '-1', '--format=%ct'], { cwd: root, seconds: 10 }).catch(() => '');
  return /^\d+$/.test(time.trim()) ? time.trim() : '1700000000';
}

if (import.meta.main) {
  try {
    progress(await packageExtension(join(import.meta.dirname, '..', '..')));
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
