// `npm start`: builds the extension and opens it in a real VS Code: the desktop one where there is one, else VS Code in
// the browser, at a URL that is printed.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ensureVscodeServer } from './cache.ts';
import { cacheFolder, progress } from './cache-entry.ts';
import { startFront } from './front.ts';
import { installExtension } from './install-extension.ts';
import { keptBytes, keptPort } from './kept.ts';
import { run } from './npm.ts';
import { seedUserSettings, startServer, withoutNpm } from './server-process.ts';

const root = join(import.meta.dirname, '..', '..');

const SAMPLE = `# A folder to try Switchyard in

1. The switch in the bar on the left opens Switchyard: routes, model groups, providers.
2. Open a terminal (menu *Terminal → New Terminal*) and type \`claude -p "hello"\`: the built-in demo answers, no key is needed.
   Claude Code itself is installed by \`npm install -g @anthropic-ai/claude-code\`.
3. *Switchyard: Add Provider…* in the command palette (F1) adds a real one.
`;

/** The extension's state, tokens and the sample of `npm start`, kept from one start to the next. */
async function prepareFolder(): Promise<{ folder: string; sample: string }> {
  const folder = join(cacheFolder(), 'start');
  const sample = join(folder, 'sample');
  await mkdir(sample, { recursive: true, mode: 0o700 });
  await writeFile(join(sample, 'README.md'), SAMPLE, { flag: 'wx' }).catch(() => {});
  return { folder, sample };
}

/** Path of a desktop VS Code's `code` that can open a window here. */
function desktopCode(): string | undefined {
  const { env, platform } = process;
  const display =
    platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);
  // In a remote terminal `code` talks to the window and can't load an extension from a folder; root may not open one.
  if (!display || env.VSCODE_IPC_HOOK_CLI || process.getuid?.() === 0) return undefined;
  const name = platform === 'win32' ? 'code.cmd' : 'code';
  return (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

async function openDesktop(code: string, sample: string): Promise<void> {
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, sample];
  const child = spawn(code, args, {
    env: withoutNpm(process.env),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`code ended with ${status}`)),
    );
  });
  progress('VS Code opens a window with Switchyard; "npm run watch" and Reload Window show changes.');
}

async function openBrowser(folder: string, sample: string): Promise<void> {
  const server = await ensureVscodeServer();
  const dataFolder = join(folder, 'data');
  const extensionsFolder = join(folder, 'extensions');
  await seedUserSettings(dataFolder, {
    'workbench.startupEditor': 'readme',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'terminal.integrated.initialHint': false,
  });
  await installExtension(root, extensionsFolder);
  const token = (await keptBytes(join(folder, 'token'), 32)).toString('hex');
  const secretKey = await keptBytes(join(folder, 'secret-key'), 32);
  progress('starting the VS Code server ...');
  const editor = await startServer({
    server,
    dataFolder,
    extensionsFolder,
    connectionToken: token,
    env: withoutNpm(process.env),
    // Without it the sample would open in Restricted Mode, where terminals don't start.
    flags: ['--disable-workspace-trust'],
  });
  const portFile = join(folder, 'port');
  // The browser keeps secrets per origin, so the port should stay the same.
  const front = await startFront({
    serverPort: editor.port,
    port: await keptPort(portFile),
    token,
    secretKey,
  });
  await writeFile(portFile, String(front.port));

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await front.close();
    await editor.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  // npm passes no signal on: when it is ended alone, nobody else would end the server.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop(), 1000).unref();
  const url = `http://localhost:${front.port}/?tkn=${token}&folder=${encodeURIComponent(sample)}`;
  progress('\nVS Code with Switchyard runs; open it in a browser (Ctrl-C here ends it):\n');
  process.stdout.write(`${url}\n`);
  await editor.ended;
  if (!stopping) {
    progress(`the VS Code server ended by itself:\n${editor.output().slice(-4000)}`);
    await front.close();
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  progress('building the extension ...');
  await run(process.execPath, ['esbuild.mjs'], { cwd: root, seconds: 120 });
  const { folder, sample } = await prepareFolder();
  const code = desktopCode();
  if (code !== undefined) await openDesktop(code, sample);
  else await openBrowser(folder, sample);
}

main().catch((error: unknown) => {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
