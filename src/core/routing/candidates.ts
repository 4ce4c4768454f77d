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
 * The deployments of a target: nested groups flattened, then the groups' own fallbacks, then the general ones; each
 * deployment once. Strategy `failover`: the order of the file, keys of a provider in their order.
 */
export function candidatesOf(config: RouterConfig, target: Target): Deployment[] {
  const found = new Map<string, Deployment>();
  const seen = new Set<string>();
  collect(config, target, found, seen);
  const general = target.kind === 'group' ? config.fallbacks.get(target.group) : undefined;
  for (const fallback of general ?? config.fallbacks.get('*') ?? []) collect(config, fallback, found, seen);
  return [...found.values()];
}

function collect(
  config: RouterConfig,
  target: Target,
  found: Map<string, Deployment>,
  seen: Set<string>,
): void {
  if (target.kind === 'model') {
    for (const deployment of deploymentsOf(config, target.provider, target.model))
      found.set(deployment.id, deployment);
    return;
  }
  if (seen.has(target.group)) return;
  seen.add(target.group);
  const group = config.groups.get(target.group);
  if (!group) return;
  for (const member of group.targets) collect(config, member, found, seen);
  for (const fallback of group.fallbacks) collect(config, fallback, found, seen);
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
  const windows = candidatesOf({ ...config, fallbacks: new Map() }, target).flatMap(
    (deployment) => deployment.model.context ?? [],
  );
  return windows.length === 0 ? undefined : Math.min(...windows);
}

/** Names for messages: the target as written in the file. */
export function describeTarget(target: Target): string {
  return target.kind === 'group' ? `group "${target.group}"` : `"${formatTarget(target)}"`;
}
