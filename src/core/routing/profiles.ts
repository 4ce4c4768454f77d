// Which routes and rules are in force for a request: those of the client, of the profile, and the file's own.

import { didYouMean } from '../config/names.ts';
import type { RouteName } from '../config/route-names.ts';
import {
  type ClientConfig,
  noProfile,
  type ProfileConfig,
  type RouterConfig,
} from '../config/router-config.ts';

export interface InForce {
  /** The configuration with the routes and rules that count. */
  config: RouterConfig;
  profile?: ProfileConfig;
  client?: ClientConfig;
  hints: string[];
}

/** The header by which a request names its profile. */
export const profileHeader = 'x-switchyard-profile';

/**
 * A client's own profile counts before the one that the request asks for, which counts before the file's. Routes: the
 * client's, then the profile's, then the file's. Rules: the profile's, then the file's.
 */
export function inForce(
  config: RouterConfig,
  client: ClientConfig | undefined,
  asked: string | undefined,
): InForce {
  const hints: string[] = [];
  const name = client?.profile ?? knownProfile(config, asked, hints) ?? config.profile;
  const profile = name === undefined ? undefined : config.profiles.get(name);
  if (profile === undefined && client === undefined) return { config, hints };
  return {
    config: {
      ...config,
      routes: { ...config.routes, ...profile?.routes, ...client?.routes },
      rules: [...(profile?.rules ?? []), ...config.rules],
    },
    ...(profile && { profile }),
    ...(client && { client }),
    hints,
  };
}

/** An unknown name leaves the file's own routes in force; `none` asks for them. */
function knownProfile(config: RouterConfig, asked: string | undefined, hints: string[]): string | undefined {
  if (asked === undefined || config.profiles.has(asked)) return asked;
  if (asked === noProfile) return asked;
  hints.push(`there is no profile "${asked}"${didYouMean(asked, config.profiles.keys())}`);
  return noProfile;
}

/** Whose route it is, for reasons; empty for the file's own. */
export function ownerOf({ profile, client }: InForce, route: RouteName): string {
  if (client?.routes[route]) return `client "${client.name}"`;
  if (profile?.routes[route]) return `profile "${profile.name}"`;
  return '';
}

/** A profile's own default route also takes what aliases would lead elsewhere: it is there to switch everything. */
export function defaultBeatsAliases({ profile, client }: InForce): boolean {
  return profile?.routes.default !== undefined && client?.routes.default === undefined;
}
