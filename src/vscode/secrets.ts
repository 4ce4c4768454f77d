// Provider keys in the editor's SecretStorage, mirrored in memory: the router must go on when the storage can't be
// reached any more (a window that lost its client), and reading must never hang the start.
import type * as vscode from 'vscode';

const prefix = 'switchyard.secret.';

/** The part of `vscode.SecretStorage` that is used. */
export type SecretStorage = Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'keys' | 'onDidChange'>;

export class Secrets {
  readonly #storage: SecretStorage;
  readonly #timeout: number;
  readonly #changed: () => void;
  readonly #subscription: vscode.Disposable;
  #values: Record<string, string> = Object.create(null);
  #available = true;

  /**
   * @param changed called after each change of values or availability
   * @param timeout milliseconds after which the storage counts as unavailable
   */
  constructor(storage: SecretStorage, changed: () => void, timeout = 3000) {
    this.#storage = storage;
    this.#timeout = timeout;
    this.#changed = changed;
    this.#subscription = storage.onDidChange((event) => {
      if (event.key.startsWith(prefix)) void this.#refresh(event.key.slice(prefix.length));
    });
  }

  /** False when the storage did not answer in time or failed. */
  get available(): boolean {
    return this.#available;
  }

  /** A copy: name → value. */
  get values(): Record<string, string> {
    return { ...this.#values };
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** Reads all secrets. Never rejects: a storage that fails or hangs leaves what is known and `available` false. */
  async load(): Promise<void> {
    try {
      await this.#inTime(
        (async () => {
          const names = (await this.#storage.keys()).filter((key) => key.startsWith(prefix));
          const values = await Promise.all(names.map((key) => this.#storage.get(key)));
          names.forEach((key, index) => {
            this.#remember(key.slice(prefix.length), values[index]);
          });
        })(),
      );
      this.#available = true;
    } catch {
      this.#available = false;
    }
    this.#changed();
  }

  /** Keeps a value. Rejects when the storage can't keep it; the value then serves for this session all the same. */
  async set(name: string, value: string): Promise<void> {
    this.#remember(name, value);
    this.#changed();
    await this.#inTime(Promise.resolve(this.#storage.store(prefix + name, value)));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #refresh(name: string): Promise<void> {
    try {
      const value = await this.#inTime(Promise.resolve(this.#storage.get(prefix + name)));
      if (value === this.#values[name]) return;
      this.#remember(name, value);
      this.#changed();
    } catch {
      // The last known value stays in force.
    }
  }

  #remember(name: string, value: string | undefined): void {
    if (value === undefined || value === '') delete this.#values[name];
    else this.#values[name] = value;
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The secret storage does not answer.')), this.#timeout);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
