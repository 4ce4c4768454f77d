// Rules: conditions parsed into tests, targets resolved. A condition that can't be read must never make its rule match
// more than was meant: the whole rule is left out.
import {
  anyOf,
  conditionNames,
  headerCondition,
  imageCondition,
  makeCondition,
} from '../rules/conditions.ts';
import type { Condition, RuleConfig } from '../rules/rule.ts';
import { closest, didYouMean } from './names.ts';
import type { ResolveContext } from './resolve-context.ts';
import { type KnownNames, resolveTarget } from './resolve-target.ts';
import type { RuleEntry } from './schema-rules.ts';
import { formatPath, type Path } from './source-node.ts';

const headerPrefix = 'header.';
const classes = ['main', 'subagent', 'workflow', 'compaction', 'auxiliary', 'side_reply'];

/** The rules below `path` in the order of the file, those with mistakes left out. */
export function resolveRules(
  entries: readonly RuleEntry[] | undefined,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): RuleConfig[] {
  const list = entries ?? [];
  return list.flatMap((entry, index) => {
    const rule = resolveRule(entry, [...path, index], names, context);
    if (rule?.conditions.length === 0 && index < list.length - 1)
      context.warn(
        [...path, index],
        'has no condition in "when" and takes every request; no rule below is reached',
        'key',
      );
    return rule ?? [];
  });
}

function resolveRule(
  entry: RuleEntry,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): RuleConfig | undefined {
  const conditions = resolveWhen(entry.when ?? {}, [...path, 'when'], names, context);
  const to = resolveGoal(entry, path, names, context);
  if (conditions === undefined || to === undefined) return undefined;
  const { name = formatPath(path), effort, when } = entry;
  return {
    name,
    conditions,
    to,
    ...(effort !== undefined && { effort }),
    ...(when?.workspace !== undefined && { asksWorkspace: true }),
  };
}

function resolveGoal(
  { to, route }: RuleEntry,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): RuleConfig['to'] | undefined {
  if (to !== undefined && route !== undefined) {
    context.error([...path, 'route'], 'stands beside "to"; only one of them can decide', 'key');
    return undefined;
  }
  if (to !== undefined) return resolveTarget(to, [...path, 'to'], names, context);
  if (route !== undefined) return { kind: 'route', route };
  context.error(path, 'needs "to" (a target) or "route" (the name of a route)', 'key');
  return undefined;
}

/** Undefined when one of the conditions can't be read. */
function resolveWhen(
  when: NonNullable<RuleEntry['when']>,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): Condition[] | undefined {
  const found = new Map<string, Condition>();
  let complete = true;
  for (const [name, value] of Object.entries(when)) {
    const condition = resolveCondition(name, value, [...path, name], names, context);
    if (condition === undefined) complete = false;
    else found.set(name, condition);
  }
  if (!complete) return undefined;
  const order: readonly string[] = conditionNames;
  const rank = (name: string): number => order.indexOf(name);
  return [...found].sort(([a], [b]) => rank(a) - rank(b)).map(([, condition]) => condition);
}

function resolveCondition(
  name: string,
  value: unknown,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): Condition | undefined {
  if (name === 'image' && typeof value === 'boolean') return imageCondition(value);
  const known = conditionNames.find((candidate) => candidate === name);
  const header = name.startsWith(headerPrefix) ? name.slice(headerPrefix.length) : '';
  if (known === undefined && header === '') {
    const hint = didYouMean(name, [...conditionNames, 'image']);
    context.warn(path, `no such condition, so this rule is left out${hint}`, 'key');
    return undefined;
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const made = items.map((item, index) => {
    const itemPath = Array.isArray(value) ? [...path, index] : path;
    try {
      if (known === undefined) return headerCondition(header, textOf(item));
      return makeCondition(known, readable(known, String(item), itemPath, names, context));
    } catch (error) {
      context.error(itemPath, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
  const conditions = made.filter((each) => each !== undefined);
  return conditions.length === made.length ? anyOf(conditions) : undefined;
}

/** The schema can't check values below names of the user's choice. */
function textOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error('must be text or a list of texts; put numbers and true or false in quotes');
}

/** A condition's text as it is meant: the home folder filled in; names that nothing has are pointed out. */
function readable(
  name: string,
  value: string,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): string {
  if (name === 'workspace' && /^~(?=$|[\\/])/.test(value)) {
    const home = context.env.HOME ?? context.env.USERPROFILE;
    return home === undefined ? value : home + value.slice(1);
  }
  if (name === 'class' && !value.includes('*') && !classes.includes(value)) {
    const hint = closest(value, classes);
    const known = hint === undefined ? `; known are ${classes.join(', ')}` : `; did you mean "${hint}"?`;
    context.warn(path, `no request has the class "${value}"${known}`);
  }
  if (name === 'client' && !value.includes('*')) {
    const client = closest(value, names.clients);
    if (client?.toLowerCase() !== value.toLowerCase())
      context.warn(path, `no client is called "${value}"${didYouMean(value, names.clients)}`);
  }
  return value;
}
