// Holds the configuration that is in force: reads it, watches it, and keeps the last good one when it breaks.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../core/config/env-values.ts';
import { demoConfig, type LoadedConfig, loadConfig } from '../../core/config/load.ts';
import type { Problem } from '../../core/config/problem.ts';
import { startOf } from '../../core/config/problem-list.ts';
import type { KeyReference, RouterConfig } from '../../core/config/router-config.ts';
import type { MapNode } from '../../core/config/source-node.ts';
import type { Log } from '../../core/log.ts';
import { diskReader, folderOf, hasWildcard } from './file-reader.ts';
import { FileWatcher } from './file-watcher.ts';
import { loadLastGood, saveLastGood } from './last-good.ts';

export interface ConfigState {
  /** What is in force; undefined only when `state` is broken, or nothing was loaded yet. */
  config?: RouterConfig;
  /** ok: the file is in force; last-good: it has errors, an earlier version is in force; none: there is no file; broken: errors, and no earlier version. */
  state: 'ok' | 'last-good' | 'none' | 'broken';
  problems: Problem[];
  /** The file that `config` was made from, for places of what is found later; absent for an earlier version. */
  root?: MapNode;
  /** Values of key references that only the files tell; see `LoadedConfig.fileKeys`. Secret. */
  fileKeys: ReadonlyMap<KeyReference, string>;
}

/** A configuration that can be in force, with its keys. */
type Good = Required<Pick<ConfigState, 'config' | 'fileKeys'>>;

/** Milliseconds that a vanished or emptied file gets to come back: most programs delete or empty it before they write. */
const vanishedTime = 100;

export class ConfigStore {
  readonly #file: string;
  readonly #copy: string;
  readonly #env: Environment;
  readonly #log: Log;
  #current: ConfigState = { state: 'none', problems: [], fileKeys: new Map() };
  #lastGood: Good | undefined;
  #loaded: LoadedConfig | undefined;
  /** Of the files as they were just before they were read. */
  #signature = '';
  #queue: Promise<unknown> = Promise.resolve();
  #reloading: Promise<void> = Promise.resolve();
  #onChange: ((state: ConfigState) => void) | undefined;
  #watcher: FileWatcher | undefined;

  /** `file` is absolute; `home` is where `config.last-good.yaml` is kept; `env` serves `${env:…}`. */
  constructor(options: { file: string; home: string; env: Environment; log: Log }) {
    this.#file = options.file;
    this.#copy = join(options.home, 'config.last-good.yaml');
    this.#env = options.env;
    this.#log = options.log;
  }

  get current(): ConfigState {
    return this.#current;
  }

  /** Reads the file now. Never rejects: what is wrong is in `problems`. Calls of `onChange` are not affected. */
  load(): Promise<ConfigState> {
    const loading = this.#queue.then(() => this.#load());
    this.#queue = loading;
    return loading;
  }

  /** Calls `onChange` within 200 ms of each change on disk that alters the text or the problems, until `close`. */
  watch(onChange: (state: ConfigState) => void): void {
    this.#onChange = onChange;
    this.#watcher ??= new FileWatcher({
      onEvent: () => void this.#reload(),
      onPoll: () => void this.#reloadIfTouched(),
    });
    this.#follow();
    // Whatever happened since the file was read.
    void this.#reloadIfTouched();
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#onChange = undefined;
  }

  async #load(): Promise<ConfigState> {
    this.#signature = await this.#sign();
    const loaded = await loadConfig({ file: this.#file, reader: diskReader, env: this.#env });
    this.#loaded = loaded;
    this.#current = await this.#stateOf(loaded);
    this.#follow();
    return this.#current;
  }

  async #stateOf(loaded: LoadedConfig): Promise<ConfigState> {
    const { config, problems, fileKeys } = loaded;
    // Running sessions must not fall to the demo because somebody has moved the file away.
    if (hasVanished(loaded) && this.#lastGood && !this.#lastGood.config.demo)
      return { state: 'last-good', problems: [...problems, this.#vanished(loaded)], ...this.#lastGood };
    if (!loaded.exists) return { state: 'none', config: demoConfig(), problems, fileKeys };
    if (config !== undefined) {
      // An empty file is often one that is just being written: it must not replace a good version.
      if (!config.demo) this.#save(loaded);
      if (!config.demo || this.#lastGood === undefined) this.#lastGood = { config, fileKeys };
      const { root } = loaded.sources;
      return { state: 'ok', config, problems, fileKeys, ...(root && { root }) };
    }
    this.#lastGood ??= await loadLastGood(this.#copy, this.#file, loaded.sources.env, this.#env);
    if (this.#lastGood === undefined) return { state: 'broken', problems, fileKeys };
    return { state: 'last-good', problems, ...this.#lastGood };
  }

  #vanished({ exists }: LoadedConfig): Problem {
    const what = exists ? 'the file is empty' : 'the file is gone';
    const message = `${what}; its last version stays in force until it is back or the router starts anew`;
    return { severity: 'error', ...startOf(this.#file), path: '', message };
  }

  #save(loaded: LoadedConfig): void {
    try {
      saveLastGood(this.#copy, this.#file, loaded);
    } catch (error) {
      this.#log('warn', `the copy of the last good configuration could not be written: ${String(error)}`);
    }
  }

  /** One after the other: while one waits for a file to come back, another would take what it sees for the end. */
  #reload(): Promise<void> {
    const done = this.#reloading.then(() => this.#reloadNow());
    this.#reloading = done.catch(() => undefined);
    return done;
  }

  async #reloadNow(): Promise<void> {
    const configured = isConfigured(this.#current);
    const before = this.#fingerprint();
    let state = await this.load();
    if (configured && (!isConfigured(state) || (this.#loaded && hasVanished(this.#loaded)))) {
      await new Promise((done) => setTimeout(done, vanishedTime));
      state = await this.load();
    }
    if (this.#fingerprint() === before || this.#onChange === undefined) return;
    this.#onChange(state);
  }

  async #reloadIfTouched(): Promise<void> {
    if (this.#watcher !== undefined && (await this.#sign()) !== this.#signature) await this.#reload();
  }

  /** Text and problems: events that change neither are not passed on. */
  #fingerprint(): string {
    const { state, problems } = this.#current;
    const { texts, env } = this.#loaded?.sources ?? {};
    return JSON.stringify([state, problems, [...(texts ?? [])], env === this.#env ? null : env]);
  }

  /** A cheap look at everything that a load would read. */
  async #sign(): Promise<string> {
    const sources = this.#loaded?.sources;
    const files = this.#followed();
    const stats = files.map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(() => undefined);
      return found ? `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : 'absent';
    });
    const lists = (sources?.includes ?? [])
      .filter(({ entry }) => hasWildcard(entry))
      .map(async ({ entry, from }) => (await diskReader.expand(entry, from))?.join());
    return (await Promise.all([...stats, ...lists])).join('|');
  }

  #follow(): void {
    const sources = this.#loaded?.sources;
    const folders = (sources?.includes ?? [])
      .filter(({ entry }) => hasWildcard(entry))
      .map(({ entry, from }) => folderOf(entry, from));
    this.#watcher?.follow({ files: this.#followed(), folders });
  }

  /** Files whose change changes the configuration. */
  #followed(): string[] {
    const sources = this.#loaded?.sources;
    return sources === undefined ? [this.#file] : [...sources.files, ...sources.variableFiles];
  }
}

/** Not there, or without a single field. */
function hasVanished({ exists, sources, problems }: LoadedConfig): boolean {
  return !exists || (sources.root === undefined && problems.length === 0);
}

/** The user's own configuration is in force, not the demo. */
function isConfigured({ config }: ConfigState): boolean {
  return config !== undefined && !config.demo;
}
