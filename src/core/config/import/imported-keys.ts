// Keys on their way out of another program's file: each becomes a secret under a free name.
import { isObject, listOf, objectOf } from '../../json/values.ts';
import { keyPlace } from '../key-place.ts';
import type { LoadedConfig } from '../load.ts';
import type { KeyReference } from '../router-config.ts';

export interface ImportedKey {
  /** The configuration refers to it by `secret:NAME`. */
  name: string;
  value: string;
  /** Places (see `keyPlace`) of the providers that use it: where the user meant it to go. Empty for the token of a client. */
  hosts: string[];
}

/**
 * The data with `secret:NAME` in the place of keys that only the files tell: those that stand in them, and variables of
 * a `.env`, which is read for other programs' files only.
 */
export function moveKeys(
  data: unknown,
  loaded: LoadedConfig,
  secretTaken: (name: string) => boolean,
): { data: unknown; keys: ImportedKey[] } {
  const keys: ImportedKey[] = [];
  const references = new Map<KeyReference, KeyReference>();
  for (const [reference, value] of loaded.fileKeys) {
    const wish = nameOf(reference);
    let name = wish;
    const taken = (each: string) =>
      secretTaken(each) || keys.some((key) => variableForm(key.name) === variableForm(each));
    for (let number = 2; taken(name); number++) name = `${wish}-${number}`;
    keys.push({ name, value, hosts: hostsOf(reference, loaded) });
    references.set(reference, `secret:${name}`);
  }
  return { data: replaceReferences(data, references), keys };
}

/** Variables of the user's own environment that the file sends somewhere as keys, and where (see `keyPlace`). */
export function usedVariables({ config, fileKeys }: LoadedConfig): { name: string; hosts: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { keys, baseUrl } of config?.providers.values() ?? [])
    for (const { reference } of keys) {
      if (!reference.startsWith('env:') || fileKeys.has(reference)) continue;
      const name = reference.slice('env:'.length);
      found.set(name, (found.get(name) ?? new Set()).add(keyPlace(baseUrl)));
    }
  return [...found].map(([name, hosts]) => ({ name, hosts: [...hosts] }));
}

/** Names of the secrets that a configuration (plain data) refers to. */
export function secretNames(config: Readonly<Record<string, unknown>>): Set<string> {
  const providers = Object.values(objectOf(config.providers) ?? {}).map(
    (provider) => objectOf(provider)?.keys,
  );
  const keys = providers.flatMap((entry) => (typeof entry === 'string' ? [entry] : listOf(entry)));
  const tokens = listOf(config.clients).map((client) => objectOf(client)?.token);
  return new Set(
    [...keys, ...tokens].flatMap((entry) => {
      const text = String(objectOf(entry)?.key ?? entry).trim();
      return text.startsWith('secret:') ? [text.slice('secret:'.length)] : [];
    }),
  );
}

/** Without an editor, names that differ only in case and signs are one variable. */
function variableForm(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function nameOf(reference: KeyReference): string {
  const name = reference.slice(reference.indexOf(':') + 1);
  return reference.startsWith('env:') ? name.toLowerCase().replaceAll('_', '-') : name;
}

function hostsOf(reference: KeyReference, { config }: LoadedConfig): string[] {
  const users = [...(config?.providers.values() ?? [])].filter(({ keys }) =>
    keys.some((key) => key.reference === reference),
  );
  return [...new Set(users.map(({ baseUrl }) => keyPlace(baseUrl)))];
}

/** References stand in `providers.*.keys` and `clients[].token` only. */
function replaceReferences(data: unknown, references: ReadonlyMap<string, string>): unknown {
  if (!isObject(data)) return data;
  const swap = (value: unknown): unknown =>
    typeof value === 'string' ? (references.get(value) ?? value) : value;
  const inKey = (entry: unknown): unknown =>
    isObject(entry) ? { ...entry, key: swap(entry.key) } : swap(entry);
  const result = { ...data };
  if (isObject(data.providers))
    result.providers = Object.fromEntries(
      Object.entries(data.providers).map(([name, entry]) => [
        name,
        isObject(entry) && Array.isArray(entry.keys) ? { ...entry, keys: entry.keys.map(inKey) } : entry,
      ]),
    );
  if (Array.isArray(data.clients))
    result.clients = data.clients.map((entry) =>
      isObject(entry) ? { ...entry, token: swap(entry.token) } : entry,
    );
  return result;
}
