// Bundles the three programs of the extension into dist/. `--watch` rebuilds; `--production` minifies.

import { readFileSync } from 'node:fs';
import { context } from 'esbuild';

const production = process.argv.includes('--production');
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** @type {import('esbuild').BuildOptions} */
export const options = {
  absWorkingDir: import.meta.dirname,
  entryPoints: ['src/extension.ts', 'src/worker.ts', 'src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  minify: production,
  keepNames: true,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  define: { SWITCHYARD_VERSION: JSON.stringify(version) },
  logLevel: 'info',
};

if (import.meta.main) {
  const build = await context(options);
  if (process.argv.includes('--watch')) await build.watch();
  else {
    await build.rebuild();
    await build.dispose();
  }
}
