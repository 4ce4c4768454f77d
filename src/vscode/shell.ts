// What the shell knows and can do, for views, commands and pickers: the router's last word, the keys, the config file.
import * as vscode from 'vscode';
import { type ClaudeEnvironment, claudeEnvironment } from '../core/claude-environment.ts';
import { foreignProgram } from '../core/config/foreign/program.ts';
import { formatPath, nodeAt, nodeToData } from '../core/config/source-node.ts';
import { readSources } from '../core/config/sources.ts';
import type { Log } from '../core/log.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { type ConfigEdit, editConfig, ForeignFileError } from '../node/config/edit-config.ts';
import { diskReader } from '../node/config/file-reader.ts';
import type { RouterCall, RouterCalls } from '../node/host-link.ts';
import { RouterThread } from '../node/router-thread.ts';
import { type SecretStorage, Secrets } from './secrets.ts';
import { configFile, proxySettings, windowProfile } from './settings.ts';
import { t } from './translate.ts';
import { saveOpenFiles } from './unsaved.ts';

/** Milliseconds that the start waits for the keys: a router without them would show every provider as failing. */
const secretsHeadStart = 500;

/** Milliseconds between two snapshots of the router, at least. */
const snapshotInterval = 100;

export interface ShellOptions {
  version: string;
  /** SWITCHYARD_HOME. */
  home: string;
  /** Path of `dist/worker.js`. */
  workerFile: string;
  storage: SecretStorage;
  log: Log;
}

export class Shell {
  readonly home: string;
  readonly #log: Log;
  readonly #secrets: Secrets;
  readonly #thread: RouterThread;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Anything that is shown may have changed. */
  readonly onDidChange = this.#changed.event;
  #configFile: string;
  #token: string | undefined;
  #lastEdit: Promise<unknown> = Promise.resolve();

  constructor(options: ShellOptions) {
    this.home = options.home;
    this.#log = options.log;
    this.#configFile = configFile(options.home);
    this.#secrets = new Secrets(options.storage, () => this.#secretsChanged());
    this.#thread = new RouterThread({
      workerFile: options.workerFile,
      router: {
        version: options.version,
        home: options.home,
        configFile: this.#configFile,
        env: { ...process.env },
        secrets: {},
        proxy: proxySettings(),
      },
      onSnapshot: () => this.#changed.fire(),
      onExchange: () => {},
      onToken: (token) => {
        this.#token = token;
        this.#changed.fire();
      },
      log: options.log,
    });
  }

  /** The router's last word; undefined until the first. */
  get snapshot(): RouterSnapshot | undefined {
    return this.#thread.snapshot;
  }

  /** The client token; undefined until the router has told it. */
  get token(): string | undefined {
    return this.#token;
  }

  get secretsAvailable(): boolean {
    return this.#secrets.available;
  }

  get configFile(): string {
    return this.#configFile;
  }

  /** Starts the router's thread as soon as the keys are read, or without them when that takes long. */
  async start(): Promise<void> {
    const loaded = this.#secrets.load();
    await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, secretsHeadStart))]);
    this.#thread.start();
    void loaded.then(() => {
      if (!this.#secrets.available) {
        this.#log(
          'warn',
          "The editor's secret storage does not answer; keys that are kept there are missing.",
        );
      }
    });
  }

  async restart(): Promise<void> {
    this.#thread.setOptions({ configFile: this.#configFile });
    await this.#thread.restart();
  }

  /** Ends the thread. Terminals keep their variables: the next start serves the same port with the same token. */
  async stop(): Promise<void> {
    this.#secrets.dispose();
    await this.#thread.stop();
    this.#changed.dispose();
  }

  /** The window has lost its user, or has one again. */
  setAlone(alone: boolean): void {
    this.#thread.setAlone(alone);
  }

  call<C extends RouterCall>(call: C, params: RouterCalls[C]['params']): Promise<RouterCalls[C]['result']> {
    return this.#thread.call(call, params);
  }

  async setPaused(paused: boolean): Promise<void> {
    await this.call('setPaused', { paused });
    this.#log('info', paused ? 'Paused: clients get no answers.' : 'Resumed.');
  }

  /** The snapshot for a command that needs one; tells the user when there is none yet. */
  ready(): RouterSnapshot | undefined {
    if (this.snapshot === undefined) {
      void vscode.window.showInformationMessage(t('The router is still starting. Try again in a moment.'));
    }
    return this.snapshot;
  }

  /** What terminals get; undefined while port or token are unknown. */
  environment(): ClaudeEnvironment | undefined {
    if (this.snapshot === undefined || this.#token === undefined) return undefined;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    return claudeEnvironment(this.snapshot, this.#token, {
      profile: windowProfile(),
      ...(folder !== undefined && { folder }),
    });
  }

  /** Whether there is a value behind a key reference, as far as this window knows. */
  hasKey(reference: string): boolean {
    if (reference.startsWith('secret:')) return this.#secrets.has(reference.slice('secret:'.length));
    if (reference.startsWith('env:')) return Boolean(process.env[reference.slice('env:'.length)]?.trim());
    return true;
  }

  /** The key is kept by this window, and the user has not refused to send it to `place`. */
  canAllow(reference: string, place: string): boolean {
    const name = reference.slice('secret:'.length);
    return this.#secrets.has(name) && !this.#secrets.isRefused(name, place);
  }

  /** Notes whether a key may go to a place that it was not entered for. */
  async allowKey(reference: string, place: string, allowed: boolean): Promise<void> {
    await this.#secrets.decide(reference.slice('secret:'.length), place, allowed);
  }

  /**
   * Keeps a key for these places (see `keyPlace`). False when it serves for this session only; the user has then been
   * told.
   */
  async storeSecret(name: string, value: string, places: readonly string[]): Promise<boolean> {
    try {
      await this.#secrets.set(name, value, places);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showWarningMessage(
        t('The key could not be kept and serves until this window closes: {0}', reason),
      );
      return false;
    }
  }

  /**
   * Changes the config file, all edits or none, after the changes that were asked for before. The router reads it at
   * once.
   * @param make computes the edits when it is their turn, so that they fit what the file says then; it may throw with
   *   a sentence for the user, and none means that there is nothing to do
   * @returns false when the file was not changed, or is not in force; the user has then been told
   */
  editConfig(make: () => ConfigEdit[] | Promise<ConfigEdit[]>): Promise<boolean> {
    const done = this.#lastEdit.then(() => this.#edit(make));
    this.#lastEdit = done;
    return done;
  }

  /** What stands in the config and its includes at `path`, as plain data; undefined when there is nothing. */
  async readConfig(path: (string | number)[]): Promise<unknown> {
    const { root } = await readSources(this.#configFile, diskReader, process.env);
    return nodeToData(nodeAt(root, path));
  }

  /** The program whose file the config file is, if it is not our own: then it is never written. */
  async foreignProgram(): Promise<string | undefined> {
    return foreignProgram(await readSources(this.#configFile, diskReader, process.env), this.#configFile);
  }

  /** False when the config file is another program's; the user has then been offered an import. */
  async canEdit(): Promise<boolean> {
    const program = await this.foreignProgram();
    if (program !== undefined) void offerImport(program);
    return program === undefined;
  }

  /** The setting or the environment may name another config file now. */
  configFileChanged(): void {
    const file = configFile(this.home);
    if (file === this.#configFile) return;
    this.#configFile = file;
    void this.restart();
  }

  proxyChanged(): void {
    this.#thread.setProxy(proxySettings());
  }

  async #edit(make: () => ConfigEdit[] | Promise<ConfigEdit[]>): Promise<boolean> {
    try {
      const { files } = await readSources(this.#configFile, diskReader, process.env);
      if (!(await saveOpenFiles(files))) return false;
      const edits = await make();
      if (edits.length === 0) return true;
      await editConfig(this.#configFile, edits);
      const changed = edits.map((edit) => formatPath(edit.path)).join(', ');
      this.#log('info', `Changed in the configuration: ${changed}`);
      // The router watches the file, but not every file system tells of changes quickly.
      await this.call('reloadConfig', {}).catch(() => undefined);
      return await this.#inForce();
    } catch (error) {
      if (error instanceof ForeignFileError) return this.canEdit();
      const reason = error instanceof Error ? error.message : String(error);
      void offerConfig(t('The config file was not changed: {0}', reason));
      return false;
    }
  }

  /** Whether the file is in force after an edit. A mistake elsewhere in it would make the edit seem to do nothing. */
  async #inForce(): Promise<boolean> {
    if (!hasErrors(this.snapshot)) return true;
    // The edit may have mended it: that shows in the next snapshot.
    await new Promise((resolve) => setTimeout(resolve, 2 * snapshotInterval));
    if (!hasErrors(this.snapshot)) return true;
    void offerConfig(t('The change is saved, but not in force: the config file has errors.'));
    return false;
  }

  #secretsChanged(): void {
    this.#thread.setSecrets(this.#secrets.values);
    this.#changed.fire();
  }
}

function hasErrors(snapshot: RouterSnapshot | undefined): boolean {
  return snapshot?.config.state === 'last-good' || snapshot?.config.state === 'broken';
}

async function offerImport(program: string): Promise<void> {
  const take = t('Import…');
  const message = t(
    'This configuration is a file of {0}: it runs as it is, and Switchyard never writes it. An import makes one that can be changed here.',
    program,
  );
  if ((await vscode.window.showInformationMessage(message, take)) !== take) return;
  await vscode.commands.executeCommand('switchyard.import');
}

async function offerConfig(message: string): Promise<void> {
  const open = t('Open Config');
  if ((await vscode.window.showErrorMessage(message, open)) !== open) return;
  await vscode.commands.executeCommand('switchyard.openConfig');
}
