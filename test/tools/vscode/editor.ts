// A user's machine for tests: a home, a folder, a real VS Code server with the extension, a real browser.
//
//   const editor = await startEditor({ config: '…yaml…' });
//   const window = await editor.open();
//   await window.runCommand('Switchyard: Switch Default Route…');
//   await editor.close();

import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { ensureChromium, ensureClaudeCode, ensureVscodeServer } from '../../../src/dev/cache.ts';
import { type Front, startFront } from '../../../src/dev/front.ts';
import { installExtension } from '../../../src/dev/install-extension.ts';
import { run } from '../../../src/dev/npm.ts';
import {
  type ServerProcess,
  seedUserSettings,
  startServer,
  withoutNpm,
} from '../../../src/dev/server-process.ts';
import { EditorWindow } from './editor-window.ts';
import { freePort } from './free-port.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const TOKEN = 'token-of-the-tests';

const BROWSER_FLAGS = [
  '--no-sandbox', // a superuser's browser starts only so; it visits nothing but this machine
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** User settings that keep the window calm. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'extensions.autoCheckUpdates': false,
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.initialHint': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  // The tests' routers listen on ports of their own choice, not on those that the manifest keeps to itself.
  'remote.otherPortsAttributes': { onAutoForward: 'ignore' },
};

export interface EditorOptions {
  /** Content of the extension's `config.yaml`; by default there is none. */
  config?: string;
  /** Files of the opened folder. */
  files?: Record<string, string>;
  /** A packed extension to install; by default the built one of this repository is used. */
  vsix?: string;
  /** Manifests of further extensions: what they contribute is there, nothing of them runs. */
  manifests?: { publisher: string; name: string; contributes: object }[];
  /** Further user settings. */
  settings?: Record<string, unknown>;
  /** Folders are opened in restricted mode, as long as nobody has said that they are trusted. */
  restricted?: boolean;
  /** Added to the environment of the editor and its terminals. */
  env?: Record<string, string>;
}

interface Parts {
  root: string;
  server: ServerProcess;
  front: Front;
  context: BrowserContext;
  /** Everything that has to be ended. */
  started: AsyncDisposableStack;
}

export class Editor {
  /** The user's home folder. */
  readonly home: string;
  /** SWITCHYARD_HOME. */
  readonly switchyardHome: string;
  /** The folder that windows open. */
  readonly folder: string;
  readonly #parts: Parts;
  readonly #windows = new Set<EditorWindow>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.home = join(parts.root, 'home');
    this.switchyardHome = join(this.home, '.switchyard');
    this.folder = join(parts.root, 'project');
  }

  /** Opens a window with the folder and waits until the extension shows its state. */
  async open(folder = this.folder): Promise<EditorWindow> {
    const page = await this.#parts.context.newPage();
    const window = new EditorWindow(page);
    this.#windows.add(window);
    page.on('close', () => this.#windows.delete(window));
    const { port } = this.#parts.front;
    await page.goto(`http://localhost:${port}/?tkn=${TOKEN}&folder=${encodeURIComponent(folder)}`);
    await window.ready();
    return window;
  }

  /** The user settings as they stand in their file. */
  async userSettings(): Promise<Record<string, unknown>> {
    const file = join(this.#parts.root, 'server', 'data', 'User', 'settings.json');
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  }

  /** As after the first start of Claude Code: it asks nothing about theme and trust. */
  async settleClaude(): Promise<void> {
    const project = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
    const settings = { hasCompletedOnboarding: true, projects: { [this.folder]: project } };
    await writeFile(join(this.home, '.claude.json'), JSON.stringify(settings));
  }

  /** Makes another folder to open. Returns its path. */
  async addFolder(name: string): Promise<string> {
    const path = join(this.#parts.root, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  /** Files of the installed extension, as paths from its folder, sorted. */
  async installedFiles(): Promise<string[]> {
    const extensions = join(this.#parts.root, 'extensions');
    const [name] = (await readdir(extensions)).filter((entry) => entry.startsWith('switchyard.'));
    if (name === undefined) return [];
    const entries = await readdir(join(extensions, name), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => relative(join(extensions, name), join(entry.parentPath, entry.name))).sort();
  }

  /** Files of the whole machine (home, folders, server, logs; not the browser) that hold the text. */
  async filesWith(text: string): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await readdir(this.#parts.root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(path)).includes(text)) found.push(path);
    }
    return found;
  }

  /** Pictures of all windows, and the tail of the server's output: for tests that fail. */
  async show(name: string): Promise<string> {
    const shots: string[] = [];
    for (const window of this.#windows)
      shots.push(await window.screenshot(`${name}-${shots.length + 1}`).catch(String));
    return `screenshots: ${shots.join(', ')}\n${this.#parts.server.output().slice(-1000)}`;
  }

  async close(): Promise<void> {
    open.delete(this);
    await this.#parts.started.disposeAsync();
  }
}

/** Editors that are open, for pictures on failure. */
const open = new Set<Editor>();

export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  // What was started before a failure is ended again, last first.
  await using started = new AsyncDisposableStack();
  const server = await ensureVscodeServer();
  const base = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-editor-')));
  started.defer(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  const dataFolder = join(base, 'server');
  const extensionsFolder = join(base, 'extensions');
  const env = await userEnvironment(base, options);
  await seedUserSettings(dataFolder, { ...SETTINGS, ...options.settings });
  if (options.vsix === undefined) await installExtension(root, extensionsFolder);
  else await installVsix(server, options.vsix, dataFolder, extensionsFolder, env);
  for (const manifest of options.manifests ?? []) await installManifest(manifest, base, extensionsFolder);
  const serverProcess = await startServer({
    server,
    dataFolder,
    extensionsFolder,
    connectionToken: TOKEN,
    env,
    flags: options.restricted ? [] : ['--disable-workspace-trust'],
  });
  started.defer(() => serverProcess.stop());
  const front = await startFront({
    serverPort: serverProcess.port,
    port: 0,
    token: TOKEN,
    secretKey: Buffer.alloc(32, 7),
  });
  started.defer(() => front.close());
  const browser = await launchBrowser();
  started.defer(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const parts = { root: base, server: serverProcess, front, context, started: started.move() };
  const editor = new Editor(parts);
  open.add(editor);
  return editor;
}

/** A browser without a window of its own. */
export async function launchBrowser(): Promise<Browser> {
  const { executable, env } = await ensureChromium();
  return chromium.launch({
    executablePath: executable,
    env: { ...process.env, ...env } as Record<string, string>,
    args: BROWSER_FLAGS,
  });
}

/** Runs a test's body; when it fails, the error names pictures of every open window. */
export async function pictured(name: string, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const file = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const shown = await Promise.all([...open].map((editor) => editor.show(file).catch(String)));
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const failure = new Error(`${message}\n${shown.join('\n')}`);
    // The place is where the body failed, not here.
    failure.stack = `Error: ${failure.message}\n${stack.slice(stack.search(/^ +at /m))}`;
    throw failure;
  }
}

/** A fresh home with Claude Code on the PATH, and nothing of the tester's own settings for it. */
async function userEnvironment(base: string, options: EditorOptions): Promise<NodeJS.ProcessEnv> {
  const home = join(base, 'home');
  const folder = join(base, 'project');
  const bin = join(home, 'bin');
  const switchyardHome = join(home, '.switchyard');
  for (const path of [folder, bin, switchyardHome]) await mkdir(path, { recursive: true });
  await symlink(await ensureClaudeCode(), join(bin, 'claude'));
  await writeFile(join(switchyardHome, 'state.json'), JSON.stringify({ port: await freePort() }));
  if (options.config !== undefined) await writeFile(join(switchyardHome, 'config.yaml'), options.config);
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  // Login shells start with the system's PATH, so `claude` is put there as installers do it. A short prompt, because the
  // system's own may hold the machine's name and colours.
  const start = 'PATH="$HOME/bin:$PATH"\nPS1=\'$ \'\n';
  for (const name of ['.bashrc', '.bash_profile']) await writeFile(join(home, name), start);
  const { PATH = '' } = withoutNpm(process.env);
  return {
    PATH: [bin, PATH].join(delimiter),
    HOME: home,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    SWITCHYARD_HOME: switchyardHome,
    // Lets the superuser of a container use Claude Code; no updates, telemetry or title requests beside the tests' own.
    IS_SANDBOX: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ...options.env,
  };
}

async function installManifest(manifest: object, base: string, extensionsFolder: string): Promise<void> {
  const folder = await mkdtemp(join(base, 'manifest-'));
  const whole = { version: '0.0.1', engines: { vscode: '*' }, ...manifest };
  await writeFile(join(folder, 'package.json'), JSON.stringify(whole));
  for (const name of ['dist', 'media']) await mkdir(join(folder, name));
  await installExtension(folder, extensionsFolder);
}

async function installVsix(
  server: string,
  vsix: string,
  dataFolder: string,
  extensionsFolder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const main = join(server, 'out', 'server-main.js');
  // The installer moves what it is given.
  const copy = join(dataFolder, 'extension.vsix');
  await cp(vsix, copy);
  const folders = ['--server-data-dir', dataFolder, '--extensions-dir', extensionsFolder];
  const args = [main, '--accept-server-license-terms', ...folders, '--install-extension', copy];
  await run(process.execPath, args, { cwd: dataFolder, env, seconds: 60 });
}
