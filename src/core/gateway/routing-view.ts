// Profiles and clients as the router shows them.

import { type RouteName, routeNames } from '../config/route-names.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { formatTarget } from '../config/target.ts';
import type { ProfileView, RoutingView } from '../snapshot.ts';

/** @param hasToken whether the token of a client is there */
export function routingView(config: RouterConfig, hasToken: (reference: string) => boolean): RoutingView {
  const profiles = [...config.profiles.values()];
  const rules = [...config.rules, ...profiles.flatMap((profile) => profile.rules)];
  const view: RoutingView = {
    routes: targetsOf(config.routes),
    profiles: profiles.map(
      ({ name, routes, rules }): ProfileView => ({ name, routes: targetsOf(routes), rules: rules.length }),
    ),
    clients: config.clients.map(({ name, profile, rpm, reference }) => ({
      name,
      reference,
      ...(profile !== undefined && { profile }),
      ...(rpm !== undefined && { rpm }),
      ready: hasToken(reference),
    })),
    asksWorkspace: rules.some((rule) => rule.asksWorkspace === true),
  };
  if (config.profile !== undefined) view.profile = config.profile;
  return view;
}

function targetsOf(routes: RouterConfig['routes']): Partial<Record<RouteName, string>> {
  const targets: Partial<Record<RouteName, string>> = {};
  for (const name of routeNames) {
    const route = routes[name];
    if (route) targets[name] = formatTarget(route.target);
  }
  return targets;
}
