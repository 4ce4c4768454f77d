// Bundles the programs of the extension into dist/. `--watch` rebuilds; `--production` minifies.

import { readFileSync } from 'node:fs';
import { context } from 'esbuild';

const production = process.argv.includes('--production');
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Sources that are bundles of their own: whoever imports them loads that file when it is needed. */
const ownBundles = {
  name: 'own bundles',
  setup(build) {
    build.onResolve({ filter: /^\.\/(?:serve|engine|commands)\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: path.replace('.ts', '.js'), external: true } : undefined,
    );
  },
};

/** @type {import('esbuild').BuildOptions} */
export const options = {
  absWorkingDir: import.meta.dirname,
  entryPoints: {
    extension: 'src/extension.ts',
    worker: 'src/worker.ts',
    cli: 'src/cli.ts',
    serve: 'src/serve.ts',
    commands: 'src/commands.ts',
    engine: 'src/node/engine.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // As require(): old Nodes must be able to parse dist/cli.js, which tells them so.
  supported: { 'dynamic-import': false },
  plugins: [ownBundles],
  external: ['vscode'],
  // Names stay readable in users' logs; keeping them by `keepNames` instead would cost a call for each closure made.
  minifyWhitespace: production,
  minifySyntax: production,
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
