// Key references of a provider. A key's value never stands in the file, and never appears in a message.

import { defaultWeight } from './defaults.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { KeyConfig } from './router-config.ts';
import type { ProviderEntry } from './schema-provider.ts';
import type { Path } from './source-node.ts';

const reference = /^(secret|env):([^\s:{}$]+)$/;
const variableForm = /^\$\{env:([^\s:{}$]+)\}$/;

/** The keys in the order of the file, each with a name of its own. Anything but a reference is an error. */
export function resolveKeys(
  entries: ProviderEntry['keys'],
  path: Path,
  context: ResolveContext,
): KeyConfig[] {
  const single = typeof entries === 'string';
  const list = single ? [entries] : (entries ?? []);
  const keys: KeyConfig[] = [];
  const taken = new Set<string>();
  for (const [index, entry] of list.entries()) {
    const itemPath = single ? path : [...path, index];
    const keyPath = typeof entry === 'string' ? itemPath : [...itemPath, 'key'];
    const written = (typeof entry === 'string' ? entry : entry.key).trim();
    const parsed = parseReference(written, context);
    if (parsed === undefined) {
      context.error(
        keyPath,
        'a key must not stand in this file; write secret:NAME and store the key with "Switchyard: Set Key…", or env:NAME for an environment variable',
      );
      continue;
    }
    if (keys.some((key) => key.reference === parsed.reference)) {
      context.warn(keyPath, `${parsed.reference} is listed twice; the first counts`);
      continue;
    }
    if (parsed.kind === 'env' && !context.env[parsed.name]) {
      context.warn(keyPath, `the environment variable "${parsed.name}" is not set; this key is not used`);
    }
    keys.push({
      name: uniqueName(parsed.name, taken),
      reference: parsed.reference,
      ...shareAndLimits(typeof entry === 'string' ? undefined : entry),
    });
  }
  return keys;
}

type KeyMap = Exclude<NonNullable<ProviderEntry['keys']>[number], string>;

function shareAndLimits(entry: KeyMap | undefined): Omit<KeyConfig, 'name' | 'reference'> {
  return {
    weight: entry?.weight ?? defaultWeight,
    ...(entry?.rpm !== undefined && { rpm: entry.rpm }),
    ...(entry?.tpm !== undefined && { tpm: entry.tpm }),
    ...(entry?.max_parallel !== undefined && { maxParallel: entry.max_parallel }),
  };
}

/**
 * The parts of `secret:NAME`, `env:NAME`, `${env:NAME}`, `none`, or `file:NAME` of a translated file; undefined for
 * anything else.
 */
export function parseReference(
  written: string,
  context: ResolveContext,
): { kind: string; name: string; reference: string } | undefined {
  if (context.isFileKey(written))
    return { kind: 'file', name: written.slice('file:'.length), reference: written };
  if (written === 'none') return { kind: 'none', name: 'none', reference: 'none' };
  const variable = variableForm.exec(written)?.[1];
  const [, kind, name] = reference.exec(variable === undefined ? written : `env:${variable}`) ?? [];
  return kind && name ? { kind, name, reference: `${kind}:${name}` } : undefined;
}

/** `secret:a` and `env:a` are different keys: the second is called `a-2`. */
function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${name}-${number}`;
  taken.add(unique);
  return unique;
}
