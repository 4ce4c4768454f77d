// The configuration in the form that the router works with: names resolved, defaults filled in, nothing optional
// that always has a value. `resolve.ts` makes it from the parsed file; nothing else does.

import type { DialectId } from '../dialects/dialect.ts';
import type { Quirks } from '../dialects/quirks.ts';
import type { Pattern } from '../pattern.ts';
import type { RuleConfig } from '../rules/rule.ts';
import type { Effort, RouteName } from './route-names.ts';
import type { Target } from './target.ts';

/** `secret:NAME`, `env:NAME`, or `none` for providers that need no key. Never the value itself. */
export type KeyReference = string;

export interface KeyConfig {
  /** Stable within its provider and safe to show: the reference's NAME, made unique by a suffix. */
  name: string;
  reference: KeyReference;
  /** Its part among the provider's keys, where a group's strategy goes by weight. */
  weight: number;
  /** Requests in any 60 seconds. */
  rpm?: number;
  /** Tokens in any 60 seconds, those of prompts and of answers. */
  tpm?: number;
  /** Calls under way at the same time. */
  maxParallel?: number;
}

export interface ModelConfig {
  id: string;
  /** Context window in tokens. */
  context?: number;
  /** Largest `max_tokens` that the model takes. */
  maxOutput?: number;
  /** Parameters that are sent unless the client sets them. */
  params: Readonly<Record<string, unknown>>;
  vision: boolean;
  pdf: boolean;
  /** False only where the file says that the model can not call tools. */
  tools: boolean;
}

/** Seconds. `firstToken` and `idle` concern streams only. */
export interface Timeouts {
  connect: number;
  firstToken: number;
  idle: number;
  total: number;
}

export interface ProviderConfig {
  name: string;
  preset?: string;
  /** False when switched off in the file (`enabled: false`). */
  enabled: boolean;
  dialect: DialectId;
  /** Normalised: scheme, host and path prefix, no trailing slash, version segment kept, e.g. `https://api.openai.com/v1`. */
  baseUrl: string;
  keys: readonly KeyConfig[];
  models: readonly ModelConfig[];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Proxy URL, `direct`, or undefined for the editor's or environment's own setting. */
  proxy?: string;
  timeout: Timeouts;
  quirks: Quirks;
}

/** How a group's target is picked; what each does is said in `core/balance/strategies.ts`. */
export const strategies = ['failover', 'round-robin', 'weighted', 'least-busy', 'latency', 'usage'] as const;
export type Strategy = (typeof strategies)[number];

export type GroupMember = Target & {
  /** Its part of the requests where the strategy goes by weight; 0 = only when no other is left. */
  weight: number;
};

export interface GroupConfig {
  name: string;
  targets: readonly GroupMember[];
  strategy: Strategy;
  /** A session stays where it is as long as that works. */
  sticky: boolean;
  /** Exact names and globs (`*`) that mean this group when the default route is taken. */
  aliases: readonly string[];
  fallbacks: readonly Target[];
  /** Where prompts go that are too long for the group. */
  contextFallbacks: readonly Target[];
}

export interface RouteConfig {
  target: Target;
  /** think only: effort at or above this level takes the route. */
  effort?: Effort;
  /** longContext only: estimated input tokens above this take the route. */
  threshold?: number;
}

/** Routes that take the place of others, and rules that come before them, while the profile is in force. */
export interface ProfileConfig {
  name: string;
  routes: RouterConfig['routes'];
  rules: readonly RuleConfig[];
}

/** Stands for no profile wherever one can be named. */
export const noProfile = 'none';

/** Who may use the router beside the owner of the main token. */
export interface ClientConfig {
  name: string;
  /** Where its token is kept. */
  reference: KeyReference;
  /** Take the place of the others for its requests. */
  routes: RouterConfig['routes'];
  profile?: string;
  /** Most requests in a minute. */
  rpm?: number;
}

/** Seconds unless said otherwise. */
export interface Resilience {
  /** Repeats on a deployment that was tried already. */
  retries: number;
  /** Attempts of one exchange, fallbacks included. */
  maxAttempts: number;
  cooldown: number;
  /** Transient failures within 60 s that are forgiven before a deployment is cooled. */
  allowedFails: number;
  /** Longest wait for a deployment to come back. */
  maxWait: number;
}

/** What to do about failures that fit: all of its conditions. */
export interface ErrorRule {
  provider?: string;
  /** Of the upstream's answer. */
  statuses?: readonly number[];
  /** Occurs in the answer. */
  match?: Pattern;
  do: 'stop' | 'next' | 'cool';
  /** How long to leave it alone. */
  seconds?: number;
}

export interface RouterConfig {
  server: { port?: number };
  providers: ReadonlyMap<string, ProviderConfig>;
  groups: ReadonlyMap<string, GroupConfig>;
  routes: Partial<Record<RouteName, RouteConfig>>;
  /** In order; the first that matches decides. */
  rules: readonly RuleConfig[];
  /** The profile that is in force unless a client or a request names another one. */
  profile?: string;
  profiles: ReadonlyMap<string, ProfileConfig>;
  clients: readonly ClientConfig[];
  /** Group name or `*` → groups to try when all targets are out. */
  fallbacks: ReadonlyMap<string, readonly Target[]>;
  resilience: Resilience;
  /** In order; the first that fits decides. */
  errorRules: readonly ErrorRule[];
  dropParams: boolean;
  /** True when no real provider is configured and the built-in demo stands in. */
  demo: boolean;
}
