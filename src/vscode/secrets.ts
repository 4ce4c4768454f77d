// Provider keys in the editor's SecretStorage, mirrored in memory: the router must go on when the storage can't be
// reached any more (a window that lost its client), and reading must never hang the start. Beside each key stands for
// which places it was entered: there, and not in a file, because programs that write files must not widen it.
import type * as vscode from 'vscode';
import type { StoredSecret } from '../core/config/stored-secret.ts';
import { isObject, listOf, parseJson } from '../core/json/values.ts';

const valuePrefix = 'switchyard.secret.';
const placesPrefix = 'switchyard.places.';

/** The part of `vscode.SecretStorage` that is used. */
export type SecretStorage = Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'keys' | 'onDidChange'>;

/** Places (see `keyPlace`) as the user has decided. */
interface Places {
  allowed: readonly string[];
  /** Not asked about again. */
  refused: readonly string[];
}

/** Of a key that was stored before places were: each of them is asked about. */
const unknownPlaces: Places = { allowed: [], refused: [] };

export class Secrets {
  readonly #storage: SecretStorage;
  readonly #timeout: number;
  readonly #changed: () => void;
  readonly #subscription: vscode.Disposable;
  readonly #values = new Map<string, string>();
  readonly #places = new Map<string, Places>();
  #available = true;

  /**
   * @param changed called after each change of values, places or availability
   * @param timeout milliseconds after which the storage counts as unavailable
   */
  constructor(storage: SecretStorage, changed: () => void, timeout = 3000) {
    this.#storage = storage;
    this.#timeout = timeout;
    this.#changed = changed;
    this.#subscription = storage.onDidChange(({ key }) => {
      if (nameOf(key) !== undefined) void this.#refresh(key);
    });
  }

  /** False when the storage did not answer in time or failed. */
  get available(): boolean {
    return this.#available;
  }

  /** A copy for the router. */
  get values(): Record<string, StoredSecret> {
    return Object.fromEntries(
      [...this.#values].map(([name, value]) => [name, { value, places: this.#placesOf(name).allowed }]),
    );
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The user was asked whether the key may go to `place`, and said no. */
  isRefused(name: string, place: string): boolean {
    return this.#placesOf(name).refused.includes(place);
  }

  /** Reads all secrets. Never rejects: a storage that fails or hangs leaves what is known and `available` false. */
  async load(): Promise<void> {
    try {
      await this.#inTime(
        (async () => {
          const keys = (await this.#storage.keys()).filter((key) => nameOf(key) !== undefined);
          const texts = await Promise.all(keys.map((key) => this.#storage.get(key)));
          keys.forEach((key, index) => {
            this.#remember(key, texts[index]);
          });
        })(),
      );
      this.#available = true;
    } catch {
      this.#available = false;
    }
    this.#changed();
  }

  /**
   * Keeps a value for these places, instead of what was there. Rejects when the storage can't keep it; the value then
   * serves for this session all the same.
   */
  async set(name: string, value: string, places: readonly string[]): Promise<void> {
    this.#remember(valuePrefix + name, value);
    // First the places: a value without them would be held back in other windows for a moment.
    await this.#keepPlaces(name, { allowed: [...new Set(places)], refused: [] });
    await this.#inTime(Promise.resolve(this.#storage.store(valuePrefix + name, value)));
  }

  /** Lets the key go to one more place, or notes that it must not. Rejects like `set`. */
  async decide(name: string, place: string, allowed: boolean): Promise<void> {
    const before = this.#placesOf(name);
    await this.#keepPlaces(name, {
      allowed: allowed ? [...before.allowed, place] : before.allowed,
      refused: allowed ? before.refused : [...before.refused, place],
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #keepPlaces(name: string, places: Places): Promise<void> {
    this.#places.set(name, places);
    this.#changed();
    await this.#inTime(Promise.resolve(this.#storage.store(placesPrefix + name, JSON.stringify(places))));
  }

  #placesOf(name: string): Places {
    return this.#places.get(name) ?? unknownPlaces;
  }

  async #refresh(key: string): Promise<void> {
    try {
      const text = await this.#inTime(Promise.resolve(this.#storage.get(key)));
      if (this.#remember(key, text)) this.#changed();
    } catch {
      // What was known last stays in force.
    }
  }

  /** What the storage holds under `key`. Returns whether that is news. */
  #remember(key: string, text: string | undefined): boolean {
    const name = nameOf(key) ?? '';
    if (key.startsWith(placesPrefix)) {
      const places = readPlaces(text);
      if (JSON.stringify(places) === JSON.stringify(this.#places.get(name))) return false;
      this.#places.set(name, places);
      return true;
    }
    if (text === '' || text === undefined) return this.#values.delete(name);
    if (text === this.#values.get(name)) return false;
    this.#values.set(name, text);
    return true;
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The secret storage does not answer.')), this.#timeout);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

/** The secret that an entry of the storage is about; undefined for entries that are not ours. */
function nameOf(key: string): string | undefined {
  const prefix = [valuePrefix, placesPrefix].find((each) => key.startsWith(each));
  return prefix === undefined ? undefined : key.slice(prefix.length);
}

function readPlaces(text: string | undefined): Places {
  const data = parseJson(text ?? '');
  if (!isObject(data)) return unknownPlaces;
  const texts = (value: unknown) => listOf(value).filter((each) => typeof each === 'string');
  return { allowed: texts(data.allowed), refused: texts(data.refused) };
}
