// From a described request to the route that serves it. The order: the user's rules, classifier, webSearch, explicit,
// compaction, subagent, background, longContext, think, default; the image route is checked against the target found.
// docs/routing.md tells what takes each route; a test holds this file to its table.
import { defaultTarget } from '../config/default-target.ts';
import { type Effort, effortLevels, type RouteName } from '../config/route-names.ts';
import type { RouteConfig, RouterConfig } from '../config/router-config.ts';
import { formatTarget, type Target } from '../config/target.ts';
import { type RuleFacts, whyAll } from '../rules/rule.ts';
import { isSideRequest, type RequestDescription } from './describe.ts';
import { lookUpModel, unknownName } from './names.ts';

export interface RouteDecision {
  route: RouteName | 'explicit' | 'rule';
  target: Target;
  /** Why, in words; goes to log, header and UI. */
  reason: string;
  /** Replaces the effort that the client asked for. */
  effort?: Effort;
  /** Remarks for the log, such as names that differ only in case. */
  hints: string[];
}

/** Budgets from here on mean hard thinking (Claude Code's "ultrathink" sends 31,999). */
const thinkBudget = 10_000;
/** Tokens above which a conversation counts as long, when the route sets no threshold. */
export const defaultLongContextThreshold = 60_000;
const defaultThinkEffort: Effort = 'xhigh';

interface Situation {
  config: RouterConfig;
  request: RequestDescription;
  /** Estimated input tokens; counted only when a rule asks. */
  inputTokens: () => number;
  /** Bytes of the body: a small one needs no count, because a token takes two bytes and more. */
  size: number;
  /** For the user's rules; without it they are not asked. */
  facts?: () => RuleFacts;
  /** The default route also takes what an alias would lead elsewhere. */
  defaultBeatsAliases?: boolean;
}

/** Decides the route. Undefined when the configuration has nothing to serve at all. */
export function decideRoute(situation: Situation): RouteDecision | undefined {
  const { config, request } = situation;
  const hints: string[] = [];
  const named = lookUpModel(config, request.model);
  if (named?.hint) hints.push(named.hint);
  if (request.taggedModel !== undefined && !lookUpModel(config, request.taggedModel))
    hints.push(`the subagent tag names "${request.taggedModel}", which is no group or model here`);

  const ruled = userRule(situation);
  if (ruled) return { ...ruled, hints };
  for (const rule of [classifier, webSearch]) {
    const found = rule(situation);
    if (found) return { ...found, hints };
  }
  if (named?.kind === 'explicit')
    return {
      route: 'explicit',
      target: named.target,
      reason: `the client asked for ${request.model}`,
      hints,
    };
  const unknown = named ? undefined : unknownName(config, request.model);
  if (unknown !== undefined) hints.push(`${unknown}; the routes decide`);
  for (const rule of [compaction, subagent, background, longContext, think]) {
    const found = rule(situation);
    if (found) return { ...found, hints };
  }
  if (named && !situation.defaultBeatsAliases) {
    const reason = `${request.model} is an alias of ${formatTarget(named.target)}`;
    return { route: 'default', target: named.target, reason, hints };
  }
  const target = defaultTarget(config);
  return target && { route: 'default', target, reason: unknown ?? 'no other route applies', hints };
}

/** The image route, when the request shows media that no candidate of the decision can see. */
export function imageRoute(
  config: RouterConfig,
  request: RequestDescription,
  sees: boolean,
): Omit<RouteDecision, 'hints'> | undefined {
  if (!request.media || sees) return undefined;
  return taken(config, 'image', 'the last turn holds an image or document and the target cannot see');
}

type Rule = (situation: Situation) => Omit<RouteDecision, 'hints'> | undefined;

function taken(
  config: RouterConfig,
  route: RouteName,
  reason: string,
): Omit<RouteDecision, 'hints'> | undefined {
  const target = config.routes[route]?.target;
  return target && { route, target, reason };
}

/** The first of the user's rules whose conditions all hold. */
const userRule: Rule = ({ config, facts }) => {
  if (config.rules.length === 0 || facts === undefined) return undefined;
  const asked = facts();
  for (const { name, conditions, to, effort } of config.rules) {
    const words = whyAll(conditions, asked);
    if (words === undefined) continue;
    const target = to.kind === 'route' ? (config.routes[to.route]?.target ?? defaultTarget(config)) : to;
    if (target === undefined) continue;
    const where = to.kind === 'route' ? `, as route ${to.route}` : '';
    const why = words.length === 0 ? 'every request' : words.join(', ');
    return {
      route: 'rule',
      target,
      reason: `rule "${name}": ${why}${where}`,
      ...(effort !== undefined && { effort }),
    };
  }
  return undefined;
};

const classifier: Rule = ({ config, request }) =>
  request.classifier ? taken(config, 'classifier', 'permission check of auto mode') : undefined;

const webSearch: Rule = ({ config, request }) =>
  request.webSearchTool !== undefined
    ? taken(config, 'webSearch', `server tool ${request.webSearchTool}`)
    : undefined;

const compaction: Rule = ({ config, request }) =>
  request.requestClass === 'compaction' ? taken(config, 'compaction', 'request class compaction') : undefined;

const subagent: Rule = ({ config, request }) => {
  if (request.taggedModel !== undefined) {
    const tagged = lookUpModel(config, request.taggedModel);
    if (tagged)
      return {
        route: 'subagent',
        target: tagged.target,
        reason: `a subagent tag names ${request.taggedModel}`,
      };
  }
  if (request.subagentBy === undefined) return undefined;
  const type = request.agentType === undefined ? '' : ` (${request.agentType})`;
  return taken(config, 'subagent', `${request.subagentBy}${type}`);
};

/** Without hint headers only Claude Code's side requests are guessed: a plain SDK call without tools is somebody's main work. */
const background: Rule = ({ config, request }) => {
  if (request.requestClass !== undefined)
    return request.requestClass === 'auxiliary'
      ? taken(config, 'background', 'request class auxiliary')
      : undefined;
  if (/^claude-.*haiku/i.test(request.model))
    return taken(config, 'background', `${request.model} is the small model`);
  if (isSideRequest(request))
    return taken(config, 'background', 'a side request of Claude Code: no tools, no thinking');
  return undefined;
};

const longContext: Rule = ({ config, inputTokens, size }) => {
  const route = config.routes.longContext;
  if (!route) return undefined;
  const threshold = route.threshold ?? defaultLongContextThreshold;
  if (size / 2 <= threshold) return undefined;
  const tokens = inputTokens();
  return tokens > threshold
    ? taken(config, 'longContext', `about ${tokens} tokens, more than ${threshold}`)
    : undefined;
};

const think: Rule = ({ config, request }) => {
  const route = config.routes.think;
  if (!route) return undefined;
  const reason = thinkReason(route, request);
  return reason === undefined ? undefined : taken(config, 'think', reason);
};

function thinkReason(route: RouteConfig, request: RequestDescription): string | undefined {
  const level = route.effort ?? defaultThinkEffort;
  if (request.effort && effortLevels.indexOf(request.effort) >= effortLevels.indexOf(level))
    return `effort ${request.effort} is at or above ${level}`;
  if (request.thinkingBudget !== undefined && request.thinkingBudget >= thinkBudget)
    return `thinking budget of ${request.thinkingBudget} tokens`;
  return request.planMode ? 'plan mode' : undefined;
}
