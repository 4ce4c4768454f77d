// What the router shows of itself: one plain object that crosses the worker's port and the control API. No secrets.
import type { Problem } from './config/problem.ts';
import type { RouteName } from './config/route-names.ts';
import type { Strategy } from './config/router-config.ts';
import type { DialectId } from './dialects/dialect.ts';
import type { ExchangeRecord } from './gateway/exchange.ts';

export type Health = 'ok' | 'degraded' | 'down';

/** Of a deployment or key: `cooling` ends by itself at `until`, `out` needs a person (key refused or missing). */
export interface UnitHealth {
  state: 'ok' | 'cooling' | 'out';
  /** Milliseconds since the epoch, for `cooling`. */
  until?: number;
  /** One sentence, for everything but `ok`. */
  reason?: string;
  /** Moving average of the time to the first content, in milliseconds. */
  ttft?: number;
}

export interface HeldKeyView {
  /** `secret:NAME` */
  reference: string;
  /** Where it would go; see `keyPlace`. */
  place: string;
  /** The places that it was entered for. */
  entered: string[];
}

export interface KeyView {
  name: string;
  reference: string;
  health: UnitHealth;
}
export interface ModelView {
  id: string;
  context?: number;
  health: UnitHealth;
  /** What is done differently for it since it refused something, in words: `temperature dropped`. */
  adjusted?: string[];
}
export interface ProviderView {
  name: string;
  preset?: string;
  enabled: boolean;
  dialect: DialectId;
  baseUrl: string;
  keys: KeyView[];
  models: ModelView[];
}
export interface TargetView {
  /** `provider/model` or a group's name. */
  target: string;
  health: UnitHealth;
  context?: number;
  /** As in `ModelView`; of a target that is a model. */
  adjusted?: string[];
  /** Its part of the requests, where the strategy goes by weight. */
  weight?: number;
  /** Calls under way; undefined for none. */
  inFlight?: number;
}
export interface GroupView {
  name: string;
  strategy: Strategy;
  aliases: string[];
  targets: TargetView[];
  fallbacks: string[];
  /** Where prompts go that are too long. */
  contextFallbacks: string[];
  health: Health;
}
export interface RouteView {
  name: RouteName;
  /** What serves it, also when it is inherited from default; undefined when there is no default either. */
  target?: string;
  /** The route stands in the file itself, or in the profile that is in force. */
  own: boolean;
  /** The profile that leads it there. */
  profile?: string;
  /** Effort or threshold, in words, if the route has one. */
  condition?: string;
  health: Health;
}

/** A profile, and what it changes. */
export interface ProfileView {
  name: string;
  /** Route → target, where the profile has its own. */
  routes: Partial<Record<RouteName, string>>;
  /** How many rules it adds. */
  rules: number;
}
export interface ClientView {
  name: string;
  /** Where its token is kept. */
  reference: string;
  profile?: string;
  /** Most requests in a minute. */
  rpm?: number;
  /** Its token is there, so that it is let in. */
  ready: boolean;
}

export interface RoutingView {
  /** The profile of the file that is in force. */
  profile?: string;
  /** Route → target without any profile. */
  routes: Partial<Record<RouteName, string>>;
  profiles: ProfileView[];
  clients: ClientView[];
  /** A rule asks for the client's workspace. */
  asksWorkspace: boolean;
}

/** Where the router's thread stands. */
export type Phase = 'starting' | 'listening' | 'following' | 'down';

export interface RouterSnapshot {
  version: string;
  phase: Phase;
  /** Why it is down, in one sentence. */
  downReason?: string;
  /** The port that somebody else has, when that is why it is down. */
  takenPort?: number;
  /** Loopback port that clients use; undefined until known. */
  port?: number;
  pid: number;
  /** The window that owns the port, when following. */
  leaderPid?: number;
  /** It has said nothing for some seconds: what is shown of it may be old. */
  leaderSilent?: true;
  /** The window that serves has lost its user: it gives up the port when another one asks for it. */
  alone?: true;
  paused: boolean;
  /** Changes with the client token, so that other windows learn of a new one. Absent from a window of an earlier version. */
  tokenMark?: string;
  config: {
    file: string;
    /** ok: the file is in force; last-good: it has errors, an earlier version is in force; none: there is no file; broken: errors, and no earlier version. */
    state: 'ok' | 'last-good' | 'none' | 'broken';
    problems: Problem[];
    /** Keys that are not sent, because the configuration leads them to a place that they were not entered for. */
    heldKeys?: HeldKeyView[];
  };
  /** No real provider is configured: the built-in demo answers. */
  demo: boolean;
  health: Health;
  /** Why not ok, in one sentence. */
  healthReason?: string;
  routes: RouteView[];
  groups: GroupView[];
  providers: ProviderView[];
  /** Absent without a valid configuration, and from a window of an earlier version. */
  routing?: RoutingView;
  /** The last 20, newest first. */
  exchanges: ExchangeRecord[];
}

/** What a router shows before it has a configuration. */
export const emptyView: Pick<
  RouterSnapshot,
  'paused' | 'demo' | 'health' | 'routes' | 'groups' | 'providers' | 'exchanges'
> = {
  paused: false,
  demo: false,
  health: 'ok',
  routes: [],
  groups: [],
  providers: [],
  exchanges: [],
};
