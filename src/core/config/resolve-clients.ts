// Profiles and clients: who gets which routes.
import { didYouMean, nameProblem } from './names.ts';
import type { ResolveContext } from './resolve-context.ts';
import { parseReference } from './resolve-keys.ts';
import { resolveRoutes } from './resolve-routes.ts';
import { resolveRules } from './resolve-rules.ts';
import type { KnownNames } from './resolve-target.ts';
import { type ClientConfig, noProfile, type ProfileConfig } from './router-config.ts';
import type { ConfigEntry } from './schema.ts';
import type { Path } from './source-node.ts';

export function resolveProfiles(
  entries: ConfigEntry['profiles'],
  names: KnownNames,
  context: ResolveContext,
): Map<string, ProfileConfig> {
  const profiles = new Map<string, ProfileConfig>();
  for (const [name, entry] of Object.entries(entries ?? {})) {
    const path = ['profiles', name];
    const complaint = nameProblem(name);
    if (complaint !== undefined) context.error(path, complaint, 'key');
    if (name === noProfile)
      context.error(path, `"${noProfile}" means no profile; choose another name`, 'key');
    profiles.set(name, {
      name,
      routes: resolveRoutes(entry.routes, [...path, 'routes'], names, context),
      rules: resolveRules(entry.rules, [...path, 'rules'], names, context),
    });
  }
  return profiles;
}

/** The profile that a field names, or undefined after an error. */
export function resolveProfileName(
  name: string | undefined,
  path: Path,
  profiles: ReadonlyMap<string, ProfileConfig>,
  context: ResolveContext,
): string | undefined {
  if (name === undefined || name === noProfile || profiles.has(name)) return name;
  context.error(path, `no profile "${name}"${didYouMean(name, profiles.keys())}`);
  return undefined;
}

export function resolveClients(
  entries: ConfigEntry['clients'],
  profiles: ReadonlyMap<string, ProfileConfig>,
  names: KnownNames,
  context: ResolveContext,
): ClientConfig[] {
  const clients: ClientConfig[] = [];
  for (const [index, entry] of (entries ?? []).entries()) {
    const path = ['clients', index];
    const { name, rpm } = entry;
    if (clients.some((client) => client.name === name))
      context.error([...path, 'name'], `another client is called "${name}" already`);
    const reference = tokenReference(entry.token, [...path, 'token'], context);
    const owner = clients.find((client) => client.reference === reference);
    if (reference !== undefined && owner !== undefined)
      context.error([...path, 'token'], `is the token of "${owner.name}" already: each client needs its own`);
    const profile = resolveProfileName(entry.profile, [...path, 'profile'], profiles, context);
    clients.push({
      name,
      reference: reference ?? 'none',
      routes: resolveRoutes(entry.routes, [...path, 'routes'], names, context),
      ...(profile !== undefined && { profile }),
      ...(rpm !== undefined && { rpm }),
    });
  }
  return clients;
}

function tokenReference(written: string, path: Path, context: ResolveContext): string | undefined {
  const parsed = parseReference(written.trim(), context);
  if (parsed === undefined || parsed.kind === 'none') {
    context.error(
      path,
      'a token must not stand in this file; write secret:NAME, or env:NAME for an environment variable',
    );
    return undefined;
  }
  if (parsed.kind === 'env' && !context.env[parsed.name])
    context.warn(path, `the environment variable "${parsed.name}" is not set; this client is not let in`);
  return parsed.reference;
}
