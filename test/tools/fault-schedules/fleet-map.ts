// What a fault schedule's fleet offers for a name, read from its configuration in the plainest way.
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import { formatTarget, type Target } from '../../../src/core/config/target.ts';
import type { Unit } from './rules.ts';

export interface Place extends Unit {
  /** Its key has limits of its own. */
  limited: boolean;
}

export function membersOf(config: RouterConfig, provider: string, model: string): Place[] {
  return (config.providers.get(provider)?.keys ?? []).map(({ name: key, maxParallel, rpm }) => ({
    id: `${provider}/${key}/${model}`,
    provider,
    key,
    model,
    limited: maxParallel !== undefined || rpm !== undefined,
  }));
}

const targetOf = (config: RouterConfig, name: string): Target => {
  const [provider = '', model = ''] = name.split('/');
  return config.groups.has(name) ? { kind: 'group', group: name } : { kind: 'model', provider, model };
};

function placesOf(config: RouterConfig, target: Target): Place[] {
  if (target.kind === 'model') return membersOf(config, target.provider, target.model);
  return (config.groups.get(target.group)?.targets ?? []).flatMap((each) => placesOf(config, each));
}

export interface Own {
  /** In the order of the file. */
  places: Place[];
  /** By strategy, the order of the file is that of the attempts. */
  ordered: boolean;
  sticky: boolean;
  /** Sessions are bound here by what is asked for under this name, and by nothing else. */
  bindings: boolean;
}

/** The members of a group, or the keys of a model. */
export function ownOf(config: RouterConfig, name: string): Own {
  const group = config.groups.get(name);
  const places = placesOf(config, targetOf(config, name));
  if (!group) return { places, ordered: true, sticky: true, bindings: true };
  const { strategy, sticky, targets } = group;
  const nests = [...config.groups.values()].some(({ targets: inside, fallbacks }) =>
    [...inside, ...fallbacks].some(({ kind }) => kind === 'group'),
  );
  const plain = targets.every(({ kind }) => kind === 'model');
  return {
    places,
    ordered: strategy === 'failover' && plain,
    sticky,
    // Who is only sent to explore is not bound; a group inside another is bound by both.
    bindings: sticky && strategy !== 'latency' && !nests,
  };
}

/** All that may serve a name: members, then fallbacks. */
export function reachOf(config: RouterConfig, name: string): Place[] {
  const found = new Map<string, Place>();
  const walk = (target: Target): void => {
    for (const place of placesOf(config, target)) found.set(place.id, place);
    if (target.kind === 'model') return;
    const group = config.groups.get(target.group);
    for (const each of group?.targets ?? []) if (each.kind === 'group') walk(each);
    for (const fallback of group?.fallbacks ?? []) walk(fallback);
  };
  const target = targetOf(config, name);
  walk(target);
  for (const fallback of config.fallbacks.get('*') ?? []) walk(fallback);
  return [...found.values()];
}

/** In words, for a failure's report. */
export function describeFleet(config: RouterConfig): unknown {
  return {
    groups: [...config.groups.values()].map(
      ({ name, strategy, sticky, targets, fallbacks, contextFallbacks }) => ({
        name,
        strategy,
        sticky,
        targets: targets.map(formatTarget),
        fallbacks: fallbacks.map(formatTarget),
        contextFallbacks: contextFallbacks.map(formatTarget),
      }),
    ),
    providers: [...config.providers.values()].map(({ name, keys, models, timeout }) => ({
      name,
      keys,
      models: models.map(({ id }) => id),
      timeout,
    })),
    fallbacks: (config.fallbacks.get('*') ?? []).map(formatTarget),
    resilience: config.resilience,
    errorRules: config.errorRules,
  };
}
