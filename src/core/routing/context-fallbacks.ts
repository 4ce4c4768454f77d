// Where a prompt goes that is too long for its target.
import type { GroupConfig, RouterConfig } from '../config/router-config.ts';
import type { Target } from '../config/target.ts';
import type { Deployment } from './candidates.ts';

/** The context fallbacks of a target's groups, those of the outer ones first. */
export function contextFallbacksOf(config: RouterConfig, target: Target): Target[] {
  const found: Target[] = [];
  const seen = new Set<GroupConfig>();
  const walk = (each: Target): void => {
    const group = each.kind === 'group' ? config.groups.get(each.group) : undefined;
    if (!group || seen.has(group)) return;
    seen.add(group);
    found.push(...group.contextFallbacks);
    group.targets.forEach(walk);
  };
  walk(target);
  return found;
}

/** What is known of the model does not speak against a prompt of so many tokens. */
export function mayFit({ model }: Deployment, tokens: number): boolean {
  return model.context === undefined || model.context >= tokens;
}

/** It is known that so many tokens fit. */
export function surelyFits({ model }: Deployment, tokens: number): boolean {
  return model.context !== undefined && model.context >= tokens;
}
