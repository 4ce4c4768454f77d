// The whole VS Code server with its workbench for browsers, from npm: for `npm start` where no desktop VS Code is, and for
// the tests.

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureEntry } from './cache-entry.ts';
import { spdlogStandIn, watchdogStandIn } from './native-stand-ins.ts';
import { npm, run } from './npm.ts';

const VERSION = '4.139.1';

/** Folder of the server: `out/server-main.js` starts it. 600 MB, about 20 s the first time. */
export async function ensureVscodeServer(): Promise<string> {
  const folder = await ensureEntry({
    name: 'vscode-server',
    version: VERSION,
    label: 'the VS Code server (600 MB)',
    build,
  });
  return join(folder, 'vscode');
}

async function build(target: string): Promise<void> {
  await npm(['pack', `code-server@${VERSION}`], target);
  const archive = (await readdir(target)).find((name) => name.endsWith('.tgz'));
  if (!archive) throw new Error('npm pack left no archive');
  await run('tar', ['-xzf', archive], { cwd: target, seconds: 300 });
  const server = join(target, 'vscode');
  await rename(join(target, 'package', 'lib', 'vscode'), server);
  await rm(join(target, archive));
  await rm(join(target, 'package'), { recursive: true });
  // Without scripts: they compile modules, which needs a compiler and libraries that few machines have.
  await npm(['install', '--omit=dev', '--ignore-scripts'], server);
  await npm(['install', '--omit=dev', '--ignore-scripts'], join(server, 'extensions'));
  const modules = join(server, 'node_modules', '@vscode');
  await mkdir(modules, { recursive: true });
  await writeFile(join(modules, 'spdlog', 'index.js'), spdlogStandIn);
  await writeFile(join(modules, 'native-watchdog', 'index.js'), watchdogStandIn);
}
