// Files outside the configuration's own folder may bring models, groups and providers, but they do not decide where the
// user's variables go: who can change a shared file could otherwise send any of them anywhere.
import { isHomeOfVariable, keyPlace } from './key-place.ts';
import { presetOf } from './presets.ts';
import type { ProblemList } from './problem-list.ts';
import { type MapNode, nodeAt, type Path, type SourceNode } from './source-node.ts';

/** What decides where a provider's requests go, and who can read them on the way. */
const addressFields = ['base_url', 'preset', 'proxy'];

/** A variable of the user's that an outside file would send somewhere. */
export interface OutsideVariable {
  provider: string;
  /** Of the text that names the variable. */
  path: Path;
  variable: string;
}

/**
 * Variables in `providers` that stand in an outside file, or would go to an address from one, in the merged tree. A
 * variable in which people keep a known provider's key is fine on its way to that provider.
 */
export function outsideVariables(root: MapNode): OutsideVariable[] {
  const folder = folderOf(root.place.file);
  const isOutside = (node: SourceNode | undefined): boolean =>
    node !== undefined && !node.place.file.startsWith(folder);
  const providers = nodeAt(root, ['providers']);
  if (providers?.kind !== 'map') return [];
  return [...providers.entries].flatMap(([provider, { node }]): OutsideVariable[] => {
    const outsideAddress = addressFields.some((field) => isOutside(nodeAt(node, [field])));
    return variablesIn(node, ['providers', provider])
      .filter(({ text, path, variable }) => {
        if (!outsideAddress && !isOutside(text)) return false;
        return path[2] !== 'keys' || !isHomeOfVariable(variable, placeOf(node));
      })
      .map(({ path, variable }) => ({ provider, path, variable }));
  });
}

/** Names the providers that must stay off, and says so at each variable. */
export function barOutsideVariables(root: MapNode, problems: ProblemList): ReadonlySet<string> {
  const found = outsideVariables(root);
  for (const { provider, path, variable } of found)
    problems.add(
      'warning',
      root,
      path,
      `a file outside the folder of the configuration must not decide where the variable "${variable}" goes; "${provider}" stays off until "base_url" (or "preset") and "keys" stand in a file of that folder`,
    );
  return new Set(found.map(({ provider }) => provider));
}

interface FoundVariable {
  text: SourceNode;
  path: Path;
  variable: string;
}

const inText = /\$\{env:([^}]*)\}|^\s*env:([^\s:{}$]+)\s*$/g;

function variablesIn(node: SourceNode, path: Path): FoundVariable[] {
  if (node.kind === 'list') return node.items.flatMap((item, index) => variablesIn(item, [...path, index]));
  if (node.kind === 'map')
    return [...node.entries].flatMap(([name, entry]) => variablesIn(entry.node, [...path, name]));
  if (typeof node.value !== 'string' || !node.value.includes('env:')) return [];
  return [...node.value.matchAll(inText)].flatMap(([, filled, reference]) => {
    // Only a key may be a bare `env:NAME`; elsewhere that is a text like others.
    const variable = filled ?? (path[2] === 'keys' ? reference : undefined);
    return variable === undefined ? [] : [{ text: node, path, variable }];
  });
}

function placeOf(provider: SourceNode): string {
  const text = (field: string) => {
    const node = nodeAt(provider, [field]);
    return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  };
  return keyPlace(text('base_url') ?? presetOf(text('preset'))?.baseUrl ?? '');
}

/** With its last separator; '' for a name without one. */
function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
