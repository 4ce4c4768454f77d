// `${env:NAME}` in any text. A missing variable never travels on as a literal: what needs it is left out.
import type { ProblemList } from './problem-list.ts';
import { formatPath, type MapNode, type Path, type SourceNode } from './source-node.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const variable = /\$\{env:([^}]*)\}/g;
/** What other programs fill in, and an end that was forgotten: sent as it stands it would be nonsense. */
const foreignVariable = /\$\{(?:env:)?([A-Za-z_]\w*)\}?/;
/** Without these a map in a list (a key, a model, a target, a rule) or a route has no meaning. */
const identity: ReadonlySet<string> = new Set(['key', 'id', 'to', 'when']);

export interface EnvResult {
  root: MapNode;
  /** Paths of what was left out for want of a variable, e.g. `providers.x.base_url`. */
  missing: Set<string>;
}

/** Fills the variables of one text; `absent` names those that are unset or empty. */
export function fillText(text: string, env: Environment): { value: string; absent: string[] } {
  const absent = new Set<string>();
  const value = text.replace(variable, (_, name: string) => {
    const found = env[name];
    if (found === undefined || found === '') absent.add(name);
    return found ?? '';
  });
  return { value, absent: [...absent] };
}

/** `the environment variable "A" is not set` */
export function unsetVariables(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length === 1
    ? `the environment variable ${quoted[0]} is not set`
    : `the environment variables ${quoted.join(' and ')} are not set`;
}

/** `"${A}" is not read as a variable, write "${env:A}"`; undefined where there is none. */
function misspelledVariable(text: string): string | undefined {
  const [written, name] = text.match(foreignVariable) ?? [];
  return written && `"${written}" is not read as a variable, write "\${env:${name}}"`;
}

/**
 * Replaces variables by their values, everywhere but in keys (a key stays a reference, its value is read when it is
 * needed). An unset or empty variable, or one in another program's spelling, is a warning; the text that needs it is dropped, with the key, model or target
 * that it belongs to.
 */
export function fillVariables(root: MapNode, env: Environment, problems: ProblemList): EnvResult {
  const missing = new Set<string>();

  const fill = (node: SourceNode, path: Path): SourceNode | undefined => {
    if (node.kind === 'scalar') {
      if (typeof node.value !== 'string' || !node.value.includes('${') || isKeyPath(path)) return node;
      const { value, absent } = fillText(node.value, env);
      const complaint =
        absent.length > 0 ? unsetVariables(absent) : misspelledVariable(node.value.replace(variable, ''));
      if (complaint === undefined) return { ...node, value };
      problems.add('warning', root, path, `${complaint}; this is left out`);
      missing.add(formatPath(path));
      return undefined;
    }
    if (node.kind === 'list') {
      const items = node.items.flatMap((item, index) => fill(item, [...path, index]) ?? []);
      if (items.length === 0 && path.at(-2) === 'when') return undefined;
      return { ...node, items };
    }
    const entries = new Map<string, { key: SourceNode['place']; node: SourceNode }>();
    for (const [name, entry] of node.entries) {
      const filled = fill(entry.node, [...path, name]);
      if (filled !== undefined) entries.set(name, { key: entry.key, node: filled });
      else if (identity.has(name) && path.length > 1) return undefined;
      // A rule with one condition less would match more than was meant.
      else if (path.at(-1) === 'when') return undefined;
    }
    return { ...node, entries };
  };

  return { root: (fill(root, []) as MapNode | undefined) ?? root, missing };
}

/** `providers.x.keys[0]`, `providers.x.keys[0].key` and `clients[0].token`. */
function isKeyPath(path: Path): boolean {
  return (path[0] === 'providers' && path[2] === 'keys') || (path[0] === 'clients' && path[2] === 'token');
}
