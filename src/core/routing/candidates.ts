// From a target to the deployments that can serve it, in the order in which they are tried.
import { presetOf } from '../config/presets.ts';
import { modelConfig } from '../config/resolve-models.ts';
import {
  formatTarget,
  type KeyConfig,
  type ModelConfig,
  type ProviderConfig,
  type RouterConfig,
  type Target,
} from '../config/router-config.ts';

/** Provider × key × model: the unit that is picked, measured and cooled. */
export interface Deployment {
  provider: ProviderConfig;
  key: KeyConfig;
  model: ModelConfig;
  /** `provider/key/model` */
  id: string;
}

/** A key for providers that need none. */
export const noKey: KeyConfig = { name: 'none', reference: 'none' };

/**
 * The deployments of a target, each once: all members of its groups, nested ones flattened, then the fallbacks of
 * these groups, then the general fallbacks. Strategy `failover`: the order of the file, keys of a provider in theirs.
 */
export function candidatesOf(config: RouterConfig, target: Target): Deployment[] {
  const found = new Map<string, Deployment>();
  const seen = new Set<string>();
  const general = target.kind === 'group' ? config.fallbacks.get(target.group) : undefined;
  let wave: readonly Target[] = [target];
  while (wave.length > 0) {
    const next: Target[] = [];
    for (const each of wave) collect(config, each, found, seen, next);
    wave = next;
  }
  for (const fallback of general ?? config.fallbacks.get('*') ?? [])
    collect(config, fallback, found, seen, []);
  return [...found.values()];
}

/** The deployments of a target's own members, without any fallbacks. */
export function membersOf(config: RouterConfig, target: Target): Deployment[] {
  const found = new Map<string, Deployment>();
  collect(config, target, found, new Set(), []);
  return [...found.values()];
}

/** Adds a target's members; the fallbacks of the groups on the way are left in `fallbacks` for later. */
function collect(
  config: RouterConfig,
  target: Target,
  found: Map<string, Deployment>,
  seen: Set<string>,
  fallbacks: Target[],
): void {
  if (target.kind === 'model') {
    for (const deployment of deploymentsOf(config, target.provider, target.model))
      if (!found.has(deployment.id)) found.set(deployment.id, deployment);
    return;
  }
  const group = config.groups.get(target.group);
  if (!group || seen.has(target.group)) return;
  seen.add(target.group);
  for (const member of group.targets) collect(config, member, found, seen, fallbacks);
  fallbacks.push(...group.fallbacks);
}

/** One deployment for each key of the provider. A model that the provider does not list is sent as it is. */
export function deploymentsOf(config: RouterConfig, providerName: string, modelId: string): Deployment[] {
  const provider = config.providers.get(providerName);
  if (!provider?.enabled) return [];
  const model =
    provider.models.find((candidate) => candidate.id === modelId) ??
    modelConfig({ id: modelId }, presetOf(provider.preset));
  const keys = provider.keys.length > 0 ? provider.keys : [noKey];
  return keys.map((key) => ({ provider, key, model, id: `${provider.name}/${key.name}/${model.id}` }));
}

/** The smallest known context window of a target's own members; undefined when none is known. */
export function contextOf(config: RouterConfig, target: Target): number | undefined {
  const windows = membersOf(config, target).flatMap((deployment) => deployment.model.context ?? []);
  return windows.length === 0 ? undefined : Math.min(...windows);
}

/** Names for messages: the target as written in the file. */
export function describeTarget(target: Target): string {
  return target.kind === 'group' ? `group "${target.group}"` : `"${formatTarget(target)}"`;
}
