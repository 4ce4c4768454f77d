// Where requests go for which neither the client nor a route names a target.
import type { RouterConfig } from './router-config.ts';
import type { Target } from './target.ts';

/** The default route's target; without one the first group, else the first model of the first provider that has one. */
export function defaultTarget({
  routes,
  groups,
  providers,
}: Pick<RouterConfig, 'routes' | 'groups' | 'providers'>): Target | undefined {
  if (routes.default) return routes.default.target;
  const group = groups.keys().next().value;
  if (group !== undefined) return { kind: 'group', group };
  for (const provider of providers.values()) {
    const model = provider.enabled ? provider.models[0] : undefined;
    if (model) return { kind: 'model', provider: provider.name, model: model.id };
  }
  return undefined;
}
