// From the merged tree to the configuration that the router works with.

import { defaultTarget } from './default-target.ts';
import { defaultDropParams } from './defaults.ts';
import { withDemo } from './demo-config.ts';
import { type Environment, fillVariables } from './env-values.ts';
import { barOutsideVariables } from './outside-files.ts';
import type { ProblemList } from './problem-list.ts';
import { resolveClients, resolveProfileName, resolveProfiles } from './resolve-clients.ts';
import { ResolveContext } from './resolve-context.ts';
import { resolveAliases, resolveGroups } from './resolve-groups.ts';
import { resolveProviders } from './resolve-providers.ts';
import { resolveErrorRules, resolveResilience } from './resolve-resilience.ts';
import { resolveFallbacks, resolveRoutes } from './resolve-routes.ts';
import { resolveRules } from './resolve-rules.ts';
import type { KeyReference, RouterConfig } from './router-config.ts';
import type { MapNode } from './source-node.ts';
import { formatTarget } from './target.ts';
import { validate } from './validate.ts';

/**
 * The configuration, or undefined when there are errors. What is wrong goes to `problems`. `fileKeys` are the keys of
 * other programs' files, which alone may be referred to by `file:NAME`.
 */
export function resolveConfig(
  tree: MapNode,
  env: Environment,
  problems: ProblemList,
  fileKeys: ReadonlyMap<KeyReference, string> = new Map(),
): RouterConfig | undefined {
  const barred = barOutsideVariables(tree, problems);
  const { root, missing } = fillVariables(tree, env, problems);
  const valid = validate(root, problems);
  if (valid === undefined) return undefined;
  const entry = withDemo(valid);

  const context = new ResolveContext({ root, env, problems, missing, fileKeys, barred });
  const providers = resolveProviders(entry.providers, context);
  const names = {
    groups: new Set(Object.keys(entry.groups ?? {})),
    providerNames: new Set(Object.keys(entry.providers ?? {})),
    providers,
    aliases: resolveAliases(entry.groups, context),
    clients: new Set((entry.clients ?? []).map((client) => client.name)),
  };
  const groups = resolveGroups(entry.groups, names, context);
  const routes = resolveRoutes(entry.routes, ['routes'], names, context);
  if (entry.routes?.default === undefined) {
    const target = defaultTarget({ routes, groups, providers });
    const fate = target === undefined ? 'are refused' : `go to "${formatTarget(target)}", the first one here`;
    const sentence = `there is no default route: requests that name no group or model ${fate}`;
    context.warn(['routes'], `${sentence}; add "routes: { default: … }"`, 'key');
  }
  const errorRules = resolveErrorRules(entry.error_rules, names.providerNames, context);
  const fallbacks = resolveFallbacks(entry.fallbacks, names, context);
  const rules = resolveRules(entry.rules, ['rules'], names, context);
  const profiles = resolveProfiles(entry.profiles, names, context);
  const profile = resolveProfileName(entry.profile, ['profile'], profiles, context);
  const clients = resolveClients(entry.clients, profiles, names, context);
  if (problems.hasErrors) return undefined;
  const port = entry.server?.port;
  return {
    server: port === undefined ? {} : { port },
    providers,
    groups,
    routes,
    rules,
    ...(profile !== undefined && { profile }),
    profiles,
    clients,
    fallbacks,
    resilience: resolveResilience(entry.resilience),
    errorRules,
    dropParams: entry.models?.drop_params ?? defaultDropParams,
    demo: [...providers.values()].every((provider) => provider.preset === 'demo'),
  };
}
