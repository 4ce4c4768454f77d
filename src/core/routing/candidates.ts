// From a target to the deployments that can serve it. In which order a group's own are tried says `core/balance`.
import { presetOf } from '../config/presets.ts';
import { modelConfig } from '../config/resolve-models.ts';
import type { KeyConfig, ModelConfig, ProviderConfig, RouterConfig } from '../config/router-config.ts';
import { formatTarget, type Target } from '../config/target.ts';

/** Provider × key × model: the unit that is picked, measured and cooled. */
export interface Deployment {
  provider: ProviderConfig;
  key: KeyConfig;
  model: ModelConfig;
  /** `provider/key/model` */
  id: string;
}

/** A key for providers that need none. */
export const noKey: KeyConfig = { name: 'none', reference: 'none', weight: 1 };

/**
 * The deployments of a target, each once: its own members, then those of its groups' fallbacks, then those of the
 * general fallbacks. `members` gives a target's own ones in the order in which they are tried.
 */
export function candidatesOf(
  config: RouterConfig,
  target: Target,
  members: (target: Target) => readonly Deployment[] = (each) => membersOf(config, each),
): Deployment[] {
  const found = new Map<string, Deployment>();
  const seen = new Set<string>();
  let wave: readonly Target[] = [target];
  while (wave.length > 0) {
    const next: Target[] = [];
    for (const each of wave) {
      if (each.kind === 'group' && seen.has(each.group)) continue;
      for (const deployment of members(each)) addOnce(found, deployment);
      collectFallbacks(config, each, seen, next);
    }
    wave = next;
  }
  const general = target.kind === 'group' ? config.fallbacks.get(target.group) : undefined;
  for (const fallback of general ?? config.fallbacks.get('*') ?? [])
    for (const deployment of members(fallback)) addOnce(found, deployment);
  return [...found.values()];
}

/** The deployments of a target's own members, nested groups flattened, in the order of the file; no fallbacks. */
export function membersOf(config: RouterConfig, target: Target): Deployment[] {
  const found = new Map<string, Deployment>();
  for (const each of flatMembers(config, target)) addOnce(found, each);
  return [...found.values()];
}

function flatMembers(config: RouterConfig, target: Target): Deployment[] {
  if (target.kind === 'model') return deploymentsOf(config, target.provider, target.model);
  return (config.groups.get(target.group)?.targets ?? []).flatMap((member) => flatMembers(config, member));
}

function addOnce(found: Map<string, Deployment>, deployment: Deployment): void {
  if (!found.has(deployment.id)) found.set(deployment.id, deployment);
}

/** The fallbacks of a target's groups, innermost first. Groups that were `seen` are over. */
function collectFallbacks(
  config: RouterConfig,
  target: Target,
  seen: Set<string>,
  fallbacks: Target[],
): void {
  const group = target.kind === 'group' ? config.groups.get(target.group) : undefined;
  if (!group || seen.has(group.name)) return;
  seen.add(group.name);
  for (const member of group.targets) collectFallbacks(config, member, seen, fallbacks);
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
