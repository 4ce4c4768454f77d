// Provider keys in memory. They come from SecretStorage (through the link), from other windows, or from the environment.
import type { KeyReference } from '../core/config/router-config.ts';
import type { Redactor } from '../core/redact.ts';

export interface SecretBoxOptions {
  env: Record<string, string | undefined>;
  redactor: Redactor;
  /** Without an editor: `secret:NAME` is read from `SWITCHYARD_SECRET_<NAME>`. */
  headless: boolean;
}

/** Resolves key references. Every value that it ever hands out is known to the redactor. */
export class SecretBox {
  readonly #options: SecretBoxOptions;
  #own: Record<string, string> = {};
  readonly #borrowed = new Map<string, string>();
  readonly #fromEnvironment = new Set<string>();
  #fromFiles: ReadonlyMap<KeyReference, string> = new Map();

  constructor(options: SecretBoxOptions) {
    this.#options = options;
  }

  /** All secrets of our own window; replaces what was there. */
  replace(values: Record<string, string>): void {
    // Pasted keys often end with a line break.
    this.#own = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]));
    this.#tell();
  }

  /** Secrets of another window: used for names that our own window does not know, or has just been told to change. */
  borrow(change: SecretChange): void {
    for (const [name, value] of Object.entries(change.fill)) {
      if (!Object.hasOwn(this.#own, name)) this.#borrowed.set(name, value.trim());
    }
    for (const [name, value] of Object.entries(change.set)) {
      delete this.#own[name];
      this.#borrowed.set(name, value.trim());
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

  /** The value behind `secret:NAME`, `env:NAME` or `file:NAME`; undefined when it is missing or empty. */
  read(reference: string): string | undefined {
    const inFile = this.#fromFiles.get(reference);
    if (inFile !== undefined) return inFile.trim() || undefined;
    const [kind, name] = split(reference);
    if (kind === 'env') return this.#environment(name);
    if (kind !== 'secret') return undefined;
    const own = Object.hasOwn(this.#own, name) ? this.#own[name] : undefined;
    const value = own || this.#borrowed.get(name);
    if (value || !this.#options.headless) return value || undefined;
    return this.#environment(secretVariable(name));
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
    this.#options.redactor.setSecrets('stored', [...Object.values(this.#own), ...this.#borrowed.values()]);
  }
}

/** What a following window tells the leader. */
export interface SecretChange {
  /** Used only where the leader has nothing of that name. */
  fill: Record<string, string>;
  /** Just entered by the user: wins over what the leader has. */
  set: Record<string, string>;
  remove: string[];
}

/** What changed between two full sets of secrets. */
export function secretChange(before: Record<string, string>, after: Record<string, string>): SecretChange {
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  const remove = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return { fill: {}, set: Object.fromEntries(set), remove };
}

/** The variable that stands for a secret's name without an editor: `my-key` → `SWITCHYARD_SECRET_MY_KEY`. */
export function secretVariable(name: string): string {
  return `SWITCHYARD_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

function split(reference: string): [string, string] {
  const colon = reference.indexOf(':');
  return colon === -1 ? ['', reference] : [reference.slice(0, colon), reference.slice(colon + 1)];
}
