// Provider keys in memory. They come from SecretStorage (through the link), from other windows, or from the environment.
import { isAllowedPlace, keyPlace } from '../core/config/key-place.ts';
import type { KeyReference } from '../core/config/router-config.ts';
import { isSameSecret, type StoredSecret, secretValue, secretValues } from '../core/config/stored-secret.ts';
import type { Redactor } from '../core/redact.ts';

export interface SecretBoxOptions {
  env: Record<string, string | undefined>;
  redactor: Redactor;
  /** Without an editor: `secret:NAME` is read from `SWITCHYARD_SECRET_<NAME>`. */
  headless: boolean;
}

export type Secrets = Record<string, StoredSecret>;

/** Resolves key references. Every value that it ever hands out is known to the redactor. */
export class SecretBox {
  readonly #options: SecretBoxOptions;
  #own: Secrets = {};
  readonly #borrowed = new Map<string, StoredSecret>();
  readonly #fromEnvironment = new Set<string>();
  #fromFiles: ReadonlyMap<KeyReference, string> = new Map();

  constructor(options: SecretBoxOptions) {
    this.#options = options;
  }

  /** All secrets of our own window; replaces what was there. */
  replace(values: Secrets): void {
    this.#own = { ...values };
    this.#tell();
  }

  /** Secrets of another window: used for names that our own window does not know, or has just been told to change. */
  borrow(change: SecretChange): void {
    for (const [name, value] of Object.entries(change.fill)) {
      if (!Object.hasOwn(this.#own, name)) this.#borrowed.set(name, value);
    }
    for (const [name, value] of Object.entries(change.set)) {
      delete this.#own[name];
      this.#borrowed.set(name, value);
    }
    for (const name of change.remove) {
      delete this.#own[name];
      this.#borrowed.delete(name);
    }
    this.#tell();
  }

  /** Keys of the configuration that is in force, which other programs' files and their `.env` hold; replaces what was there. */
  setFileKeys(values: ReadonlyMap<KeyReference, string>): void {
    this.#fromFiles = values;
    this.#options.redactor.setSecrets('files', [...values.values()]);
  }

  /** The value for calls to `baseUrl`; undefined also when it was entered for other places. */
  readFor(reference: string, baseUrl: string): string | undefined {
    return this.held(reference, baseUrl) === undefined ? this.read(reference) : undefined;
  }

  /** The places that a stored key was entered for, when `baseUrl` is none of them and the key is therefore held back. */
  held(reference: string, baseUrl: string): readonly string[] | undefined {
    const [kind, name] = split(reference);
    const stored = kind === 'secret' ? this.#stored(name) : undefined;
    if (stored === undefined || typeof stored === 'string') return undefined;
    return isAllowedPlace(keyPlace(baseUrl), stored.places) ? undefined : stored.places;
  }

  /** The value behind `secret:NAME`, `env:NAME` or `file:NAME`, wherever it may go; undefined when it is missing or empty. */
  read(reference: string): string | undefined {
    const inFile = this.#fromFiles.get(reference);
    if (inFile !== undefined) return inFile.trim() || undefined;
    const [kind, name] = split(reference);
    if (kind === 'env') return this.#environment(name);
    if (kind !== 'secret') return undefined;
    const stored = this.#stored(name);
    if (stored !== undefined) return textOf(stored);
    return this.#options.headless ? this.#environment(secretVariable(name)) : undefined;
  }

  /** Empty ones count as missing. */
  #stored(name: string): StoredSecret | undefined {
    const own = Object.hasOwn(this.#own, name) ? this.#own[name] : undefined;
    return [own, this.#borrowed.get(name)].find((secret) => secret !== undefined && textOf(secret) !== '');
  }

  #environment(name: string): string | undefined {
    const value = this.#options.env[name]?.trim();
    if (!value) return undefined;
    if (!this.#fromEnvironment.has(value)) {
      this.#fromEnvironment.add(value);
      this.#options.redactor.setSecrets('environment', this.#fromEnvironment);
    }
    return value;
  }

  #tell(): void {
    const all = [...secretValues(this.#own), ...[...this.#borrowed.values()].map(secretValue)];
    this.#options.redactor.setSecrets(
      'stored',
      all.map((value) => value.trim()),
    );
  }
}

/** What a following window tells the leader. */
export interface SecretChange {
  /** Used only where the leader has nothing of that name. */
  fill: Secrets;
  /** Just entered by the user: wins over what the leader has. */
  set: Secrets;
  remove: string[];
}

export function isEmpty({ fill, set, remove }: SecretChange): boolean {
  return [fill, set, remove].every((part) => Object.keys(part).length === 0);
}

/** What changed between two full sets of secrets. */
export function secretChange(before: Secrets, after: Secrets): SecretChange {
  const set = Object.entries(after).filter(([name, secret]) => !isSameSecret(before[name], secret));
  const remove = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return { fill: {}, set: Object.fromEntries(set), remove };
}

/** The variable that stands for a secret's name without an editor: `my-key` → `SWITCHYARD_SECRET_MY_KEY`. */
export function secretVariable(name: string): string {
  return `SWITCHYARD_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** Pasted keys often end with a line break. */
function textOf(secret: StoredSecret): string {
  return secretValue(secret).trim();
}

function split(reference: string): [string, string] {
  const colon = reference.indexOf(':');
  return colon === -1 ? ['', reference] : [reference.slice(0, colon), reference.slice(colon + 1)];
}
