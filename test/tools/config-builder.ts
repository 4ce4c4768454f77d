// Small configurations for tests, in the form that the router works with.

import type { RouteName } from '../../src/core/config/route-names.ts';
import type {
  GroupConfig,
  KeyConfig,
  ModelConfig,
  ProfileConfig,
  ProviderConfig,
  RouteConfig,
  RouterConfig,
} from '../../src/core/config/router-config.ts';
import type { Target } from '../../src/core/config/target.ts';
import { plainQuirks } from '../../src/core/dialects/quirks.ts';

export function model(id: string, more: Partial<ModelConfig> = {}): ModelConfig {
  return { id, params: {}, vision: true, pdf: true, tools: true, ...more };
}

export function provider(
  name: string,
  models: (string | ModelConfig)[],
  more: Partial<ProviderConfig> = {},
): ProviderConfig {
  return {
    name,
    enabled: true,
    dialect: 'anthropic',
    baseUrl: `http://${name}.test`,
    keys: [key('main', { reference: `env:${name.toUpperCase()}` })],
    models: models.map((each) => (typeof each === 'string' ? model(each) : each)),
    headers: {},
    timeout: { connect: 10, firstToken: 120, idle: 120, total: 3600 },
    quirks: plainQuirks,
    ...more,
  };
}

/** `env:NAME` with the name in upper case, unless said otherwise. */
export function key(name: string, more: Partial<KeyConfig> = {}): KeyConfig {
  return { name, reference: `env:${name.toUpperCase()}`, weight: 1, ...more };
}

/** Targets without a weight have 1. */
export function group(
  name: string,
  targets: (Target & { weight?: number })[],
  more: Partial<GroupConfig> = {},
): GroupConfig {
  return {
    name,
    targets: targets.map((each) => ({ weight: 1, ...each })),
    strategy: 'failover',
    sticky: true,
    aliases: [],
    fallbacks: [],
    contextFallbacks: [],
    ...more,
  };
}

/** `a/b` = model b of provider a, anything else a group. */
export function target(text: string): Target {
  const cut = text.indexOf('/');
  return cut === -1
    ? { kind: 'group', group: text }
    : { kind: 'model', provider: text.slice(0, cut), model: text.slice(cut + 1) };
}

export function routerConfig(parts: {
  providers: ProviderConfig[];
  groups?: GroupConfig[];
  routes?: Partial<Record<RouteName, RouteConfig | string>>;
  fallbacks?: Record<string, string[]>;
  resilience?: Partial<RouterConfig['resilience']>;
  errorRules?: RouterConfig['errorRules'];
  rules?: RouterConfig['rules'];
  profiles?: ProfileConfig[];
  profile?: string;
  clients?: RouterConfig['clients'];
}): RouterConfig {
  const routes: RouterConfig['routes'] = {};
  for (const [name, route] of Object.entries(parts.routes ?? {}))
    routes[name as RouteName] = typeof route === 'string' ? { target: target(route) } : route;
  return {
    server: {},
    providers: new Map(parts.providers.map((each) => [each.name, each])),
    groups: new Map((parts.groups ?? []).map((each) => [each.name, each])),
    routes,
    rules: parts.rules ?? [],
    ...(parts.profile === undefined ? {} : { profile: parts.profile }),
    profiles: new Map((parts.profiles ?? []).map((each) => [each.name, each])),
    clients: parts.clients ?? [],
    fallbacks: new Map(Object.entries(parts.fallbacks ?? {}).map(([name, list]) => [name, list.map(target)])),
    resilience: {
      retries: 3,
      maxAttempts: 12,
      cooldown: 60,
      allowedFails: 2,
      maxWait: 10,
      ...parts.resilience,
    },
    errorRules: parts.errorRules ?? [],
    dropParams: true,
    demo: false,
  };
}
