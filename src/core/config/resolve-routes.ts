// Routes and general fallbacks.
import { defaultLongContext, defaultThinkEffort } from './defaults.ts';
import { didYouMean } from './names.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveTargets } from './resolve-groups.ts';
import { type KnownNames, resolveTarget } from './resolve-target.ts';
import { routeNames } from './route-names.ts';
import type { RouteConfig, RouterConfig } from './router-config.ts';
import type { ConfigEntry } from './schema.ts';
import type { Path } from './source-node.ts';
import type { Target } from './target.ts';

/** The routes that the file sets below `base`. An absent one falls to `default`, which is the router's business. */
export function resolveRoutes(
  entries: ConfigEntry['routes'],
  base: Path,
  names: KnownNames,
  context: ResolveContext,
): RouterConfig['routes'] {
  const routes: RouterConfig['routes'] = {};
  for (const name of routeNames) {
    const entry = entries?.[name];
    if (entry === undefined) continue;
    const text = typeof entry === 'string' ? entry : entry.to;
    const path = typeof entry === 'string' ? [...base, name] : [...base, name, 'to'];
    const target = resolveTarget(text, path, names, context);
    if (target === undefined) continue;
    const route: RouteConfig = { target };
    if (name === 'think') route.effort = effortOf(entry);
    if (name === 'longContext') route.threshold = thresholdOf(entry);
    routes[name] = route;
  }
  return routes;
}

function effortOf(entry: NonNullable<NonNullable<ConfigEntry['routes']>['think']> | string | object) {
  const given =
    typeof entry === 'object' && 'effort' in entry ? (entry.effort as RouteConfig['effort']) : undefined;
  return given ?? defaultThinkEffort;
}

function thresholdOf(entry: string | object): number {
  const given = typeof entry === 'object' && 'threshold' in entry ? entry.threshold : undefined;
  return typeof given === 'number' ? given : defaultLongContext;
}

/** Fallbacks by group, or `*`. */
export function resolveFallbacks(
  entries: ConfigEntry['fallbacks'],
  names: KnownNames,
  context: ResolveContext,
): Map<string, Target[]> {
  const fallbacks = new Map<string, Target[]>();
  for (const [name, targets] of Object.entries(entries ?? {})) {
    if (name !== '*' && !names.groups.has(name)) {
      const hint = didYouMean(name, names.groups);
      context.error(['fallbacks', name], `no group "${name}"${hint}`, 'key');
    }
    fallbacks.set(name, resolveTargets(targets, ['fallbacks', name], names, context));
  }
  return fallbacks;
}
