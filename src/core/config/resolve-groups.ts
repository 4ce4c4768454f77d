// Groups with their aliases, and the search for groups that contain themselves.
import { defaultSticky, defaultStrategy, defaultWeight } from './defaults.ts';
import { groupNameProblem } from './names.ts';
import type { ResolveContext } from './resolve-context.ts';
import { type KnownNames, resolveTarget } from './resolve-target.ts';
import type { GroupConfig, GroupMember } from './router-config.ts';
import type { ConfigEntry, GroupEntry } from './schema.ts';
import type { Path } from './source-node.ts';
import type { Target } from './target.ts';

/** Exact aliases of all groups. An alias of two groups is an error: nobody could tell which one is meant. */
export function resolveAliases(entries: ConfigEntry['groups'], context: ResolveContext): Map<string, string> {
  const owners = new Map<string, string>();
  for (const [group, entry] of Object.entries(entries ?? {})) {
    for (const [index, alias] of (entry.aliases ?? []).entries()) {
      const path = ['groups', group, 'aliases', index];
      const owner = owners.get(alias);
      if (owner === group) context.warn(path, `"${alias}" is listed twice`);
      else if (owner !== undefined)
        context.error(path, `"${alias}" is an alias of the group "${owner}" already`);
      else if (entries !== undefined && Object.hasOwn(entries, alias)) {
        context.warn(path, `"${alias}" is the name of a group; that group is meant, not this alias`);
      }
      if (owner === undefined) owners.set(alias, group);
    }
  }
  return owners;
}

export function resolveGroups(
  entries: ConfigEntry['groups'],
  names: KnownNames,
  context: ResolveContext,
): Map<string, GroupConfig> {
  const groups = new Map<string, GroupConfig>();
  for (const [name, entry] of Object.entries(entries ?? {})) {
    const path = ['groups', name];
    const complaint = groupNameProblem(name);
    if (complaint !== undefined) context.error(path, complaint, 'key');
    groups.set(name, {
      name,
      targets: groupTargets(entry, path, names, context),
      strategy: entry.strategy ?? defaultStrategy,
      sticky: entry.sticky ?? defaultSticky,
      aliases: [...new Set(entry.aliases ?? [])],
      fallbacks: resolveTargets(entry.fallbacks ?? [], [...path, 'fallbacks'], names, context),
      contextFallbacks: resolveTargets(
        entry.context_fallbacks ?? [],
        [...path, 'context_fallbacks'],
        names,
        context,
      ),
    });
  }
  reportCycles(entries, groups, context);
  return groups;
}

/** The targets of a list of names; those with errors are left out. */
export function resolveTargets(
  texts: readonly string[],
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): Target[] {
  return texts.flatMap((text, index) => resolveTarget(text, [...path, index], names, context) ?? []);
}

function groupTargets(
  entry: GroupEntry,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): GroupMember[] {
  return entry.targets.flatMap((written, index) => {
    const itemPath = [...path, 'targets', index];
    const target =
      typeof written === 'string'
        ? resolveTarget(written, itemPath, names, context)
        : resolveTarget(written.to, [...itemPath, 'to'], names, context);
    const weight = typeof written === 'string' ? undefined : written.weight;
    return target ? { ...target, weight: weight ?? defaultWeight } : [];
  });
}

/** Each cycle is reported once, at the target that closes it. Fallbacks may point at each other: nothing is tried twice. */
function reportCycles(
  entries: ConfigEntry['groups'],
  groups: ReadonlyMap<string, GroupConfig>,
  context: ResolveContext,
): void {
  const done = new Set<string>();
  const walk = (name: string, trail: readonly string[]): void => {
    for (const target of groups.get(name)?.targets ?? []) {
      if (target.kind !== 'group') continue;
      const start = trail.indexOf(target.group);
      if (start >= 0) {
        const cycle = [...trail.slice(start), target.group].join(' → ');
        context.error(placeOfTarget(entries, name, target.group), `the groups contain each other: ${cycle}`);
      } else if (!done.has(target.group)) walk(target.group, [...trail, target.group]);
    }
    done.add(name);
  };
  for (const name of groups.keys()) if (!done.has(name)) walk(name, [name]);
}

function placeOfTarget(entries: ConfigEntry['groups'], name: string, group: string): Path {
  const targets = entries?.[name]?.targets ?? [];
  const index = targets.findIndex((target) => {
    const text = (typeof target === 'string' ? target : target.to).trim();
    return text.toLowerCase() === group.toLowerCase();
  });
  // Written by an alias: then the whole list is the place.
  return index < 0 ? ['groups', name, 'targets'] : ['groups', name, 'targets', index];
}
