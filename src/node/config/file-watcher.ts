// Tells when one of a few files may have changed. Folders are watched, not files, because editors replace files by
// renaming; a slow look at the files themselves covers file systems that report nothing.
import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds. Long enough for an editor to finish writing, short enough to apply within 200. */
const settleTime = 40;
const slowPoll = 2000;
const fastPoll = 150;

export interface WatchList {
  files: readonly string[];
  /** Folders in which any file counts. */
  folders: readonly string[];
}

export class FileWatcher {
  readonly #onEvent: () => void;
  readonly #onPoll: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #list: WatchList = { files: [], folders: [] };
  #names = new Map<string, Set<string> | 'any'>();
  #settling: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #closed = false;

  /** `onEvent`: something was reported. `onPoll`: time to look whether something went unreported. */
  constructor(options: { onEvent: () => void; onPoll: () => void }) {
    this.#onEvent = options.onEvent;
    this.#onPoll = options.onPoll;
  }

  /** Replaces what is watched. Folders that can't be watched (yet) are polled often instead. */
  follow(list: WatchList): void {
    if (this.#closed) return;
    this.#list = list;
    this.#names = namesByFolder(list);
    for (const [folder, watcher] of this.#watchers) {
      if (this.#names.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of this.#names.keys()) if (!this.#watchers.has(folder)) this.#watch(folder);
    clearTimeout(this.#poll);
    const complete = this.#watchers.size === this.#names.size;
    this.#poll = setTimeout(
      () => {
        this.#onPoll();
        // A folder may have appeared meanwhile.
        this.follow(this.#list);
      },
      complete ? slowPoll : fastPoll,
    ).unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    clearTimeout(this.#poll);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => this.#reported(folder, name));
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // Missing folder or no watches left: the fast poll stands in.
    }
  }

  #reported(folder: string, name: string | null): void {
    // The folder itself was removed or moved: its watcher is dead, and there may be a new one by now.
    if (name === basename(folder)) {
      this.#drop(folder);
      return;
    }
    const names = this.#names.get(folder);
    if (names === undefined || (name !== null && names !== 'any' && !names.has(name))) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#onEvent();
    }, settleTime).unref();
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    // Now the fast poll waits for it to come back.
    this.follow(this.#list);
    this.#onEvent();
  }
}

function namesByFolder(list: WatchList): Map<string, Set<string> | 'any'> {
  const folders = new Map<string, Set<string> | 'any'>();
  for (const file of list.files.flatMap((path) => [path, ...realPath(path)])) {
    const names = folders.get(dirname(file)) ?? new Set<string>();
    if (names !== 'any') names.add(basename(file));
    folders.set(dirname(file), names);
  }
  for (const folder of list.folders) folders.set(folder, 'any');
  return folders;
}

/** Where a symbolic link leads: the file there changes without a trace in the link's own folder. */
function realPath(file: string): string[] {
  try {
    const real = realpathSync(file);
    return real === file ? [] : [real];
  } catch {
    return [];
  }
}
