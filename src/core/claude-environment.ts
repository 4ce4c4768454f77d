// The variables that make Claude Code use the router, computed from what the router shows of itself.

import type { RouteName } from './config/route-names.ts';
import { type WindowIdentity, windowHeaders } from './custom-headers.ts';
import type { ProviderView, RouterSnapshot } from './snapshot.ts';

/**
 * Names Claude Code's small model. A name that Claude Code knows keeps all its features, and the router sees by
 * it which requests are background work.
 */
export const haikuModel = 'claude-haiku-5-5';

/** The picker id that means "as if no model was named". Claude Code does not know it, so it obeys the window below. */
export const automaticModel = 'claude-switchyard/auto';

/** What Claude Code assumes of models that it does not know. */
const assumedByClaudeCode = 1_000_000;

/** Assumed of other providers' models when the config says nothing: compacting too early beats failing too late. */
const assumedWindow = 200_000;

export interface ClaudeEnvironment {
  /** The same for the life of port and token. */
  fixed: Record<string, string>;
  /** Depends on where the default route leads. */
  routed: Record<string, string>;
  /** Appended to the user's own custom headers; '' for nothing. */
  headers: string;
}

/**
 * What terminals get, or undefined while the port is unknown. The variables and the reason for each stand in the
 * design's section on the VS Code shell; their effects were measured with the real program.
 * @param token the client token
 * @param window what the window has of its own
 */
export function claudeEnvironment(
  snapshot: RouterSnapshot,
  token: string,
  window: WindowIdentity = { profile: '' },
): ClaudeEnvironment | undefined {
  if (snapshot.port === undefined) return undefined;
  const fixed = {
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${snapshot.port}`,
    ANTHROPIC_AUTH_TOKEN: token,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: haikuModel,
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    CLAUDE_CODE_GATEWAY_HINT_HEADERS: '1',
    // Without it, values in ~/.claude/settings.json would win over the terminal's.
    CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: '1',
  };
  return {
    fixed,
    routed: routedVariables(snapshot, window.profile),
    headers: windowHeaders(window, snapshot.routing?.asksWorkspace ?? false),
  };
}

/** All names that `claudeEnvironment` can set, for removing what is no longer wanted. */
export const claudeVariables: readonly string[] = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_DEFAULT_HAIKU_MODEL',
  'CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY',
  'CLAUDE_CODE_GATEWAY_HINT_HEADERS',
  'CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST',
  'ANTHROPIC_MODEL',
  'CLAUDE_CODE_AUTO_MODE_SERVER',
  'CLAUDE_CODE_MAX_CONTEXT_TOKENS',
];

/** Extends the NO_PROXY variables: without it a configured HTTP proxy would get the requests to 127.0.0.1. */
export const noProxySuffix = ',127.0.0.1,localhost';

function routedVariables(snapshot: RouterSnapshot, profile: string): Record<string, string> {
  const ends = endsOf(snapshot, 'default', profile);
  if (ends.length === 0) return {};
  const variables: Record<string, string> = {};
  const anthropic = ends.every((end) => end.anthropic);
  // Other upstreams don't judge tool calls; without this Claude Code blocks with a notice about the missing verdict.
  if (!anthropic) variables.CLAUDE_CODE_AUTO_MODE_SERVER = '0';
  const window = smallestWindow(ends);
  if (window !== undefined && window !== assumedByClaudeCode) {
    variables.ANTHROPIC_MODEL = automaticModel;
    // What outgrows the default target goes to the longContext route, if there is one.
    const longWindow = smallestWindow(endsOf(snapshot, 'longContext', profile)) ?? 0;
    variables.CLAUDE_CODE_MAX_CONTEXT_TOKENS = String(Math.max(window, longWindow));
  }
  return variables;
}

/** Where the requests of a route that stands in the config may end. */
function endsOf(snapshot: RouterSnapshot, name: RouteName, profile: string): Deployment[] {
  const target = profile === '' ? ownTarget(snapshot, name) : targetUnder(snapshot, name, profile);
  return target === undefined ? [] : deployments(snapshot, target, new Set());
}

function ownTarget(snapshot: RouterSnapshot, name: RouteName): string | undefined {
  const route = snapshot.routes.find((candidate) => candidate.name === name);
  return route?.own ? route.target : undefined;
}

/** Under a profile that the window names: what the file's own profile changes does not count there. */
function targetUnder({ routing }: RouterSnapshot, name: RouteName, profile: string): string | undefined {
  const routes = routing?.profiles.find((candidate) => candidate.name === profile)?.routes;
  return routes?.[name] ?? routing?.routes[name];
}

/** Undefined when nothing is known, which is assumed of Anthropic's models only. */
function smallestWindow(ends: readonly Deployment[]): number | undefined {
  const windows = ends.flatMap((end) => end.context ?? (end.anthropic ? [] : [assumedWindow]));
  return windows.length === 0 ? undefined : Math.min(...windows);
}

interface Deployment {
  anthropic: boolean;
  context?: number;
}

/** The models that may serve `target`, groups followed to their ends (cycles are ignored; the config refuses them). */
function deployments(snapshot: RouterSnapshot, target: string, seen: Set<string>): Deployment[] {
  if (seen.has(target)) return [];
  seen.add(target);
  const group = snapshot.groups.find((candidate) => candidate.name === target);
  if (group !== undefined) {
    return group.targets.flatMap((entry) => {
      const known = deployments(snapshot, entry.target, seen);
      return known.map((end) => (entry.context === undefined ? end : { ...end, context: entry.context }));
    });
  }
  const provider = snapshot.providers.find((candidate) => target.startsWith(`${candidate.name}/`));
  if (provider === undefined) return [];
  const id = target.slice(provider.name.length + 1);
  const context = provider.models.find((model) => model.id === id)?.context;
  return [{ anthropic: isAnthropicItself(provider), ...(context === undefined ? {} : { context }) }];
}

/** Relays and look-alikes speak the dialect too, but only Anthropic's own API sends verdicts on tool calls. */
function isAnthropicItself(provider: ProviderView): boolean {
  return (
    provider.dialect === 'anthropic' && /^https:\/\/api\.anthropic\.com(?:[/:]|$)/i.test(provider.baseUrl)
  );
}
