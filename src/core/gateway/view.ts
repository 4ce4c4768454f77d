// What the router shows of itself: health put into words, once for tree, status bar and control API.
import type { Balancer } from '../balance/balancer.ts';
import { defaultTarget } from '../config/default-target.ts';
import { routeNames } from '../config/route-names.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { formatTarget, type Target } from '../config/target.ts';
import type { HealthBook } from '../resilience/health-book.ts';
import type { RemedyBook } from '../resilience/remedy-book.ts';
import { candidatesOf, contextOf, type Deployment, deploymentsOf, membersOf } from '../routing/candidates.ts';
import { defaultLongContextThreshold } from '../routing/decide.ts';
import { type InForce, inForce } from '../routing/profiles.ts';
import type {
  GroupView,
  Health,
  ProviderView,
  RouterSnapshot,
  RouteView,
  TargetView,
  UnitHealth,
} from '../snapshot.ts';

export type GatewayView = Pick<
  RouterSnapshot,
  'demo' | 'paused' | 'health' | 'healthReason' | 'routes' | 'groups' | 'providers' | 'routing' | 'exchanges'
>;

/** What the view is made from, beside the configuration. */
interface Books {
  health: HealthBook;
  remedies: RemedyBook;
  balancer: Balancer;
}

export function viewOf(
  file: RouterConfig,
  books: Books,
): Omit<GatewayView, 'paused' | 'exchanges' | 'routing'> {
  const { health } = books;
  const force = inForce(file, undefined, undefined);
  const { config } = force;
  const routes = routeNames.map((name) => routeView(force, health, name));
  const overall = overallHealth(config, health);
  return {
    demo: config.demo,
    ...overall,
    routes,
    groups: [...config.groups.values()].map((group): GroupView => {
      const targets = group.targets.map((target) => ({
        ...targetView(config, books, target),
        ...(group.strategy === 'weighted' && { weight: target.weight }),
      }));
      return {
        name: group.name,
        strategy: group.strategy,
        aliases: [...group.aliases],
        targets,
        fallbacks: group.fallbacks.map(formatTarget),
        contextFallbacks: group.contextFallbacks.map(formatTarget),
        health: targetHealth(config, health, { kind: 'group', group: group.name }).health,
      };
    }),
    providers: [...config.providers.values()].map(
      (provider): ProviderView => ({
        name: provider.name,
        ...(provider.preset === undefined ? {} : { preset: provider.preset }),
        enabled: provider.enabled,
        dialect: provider.dialect,
        baseUrl: provider.baseUrl,
        keys: provider.keys.map((key) => ({
          name: key.name,
          reference: key.reference,
          health: health.ofKey(provider, key),
        })),
        models: provider.models.map((model) => {
          const adjusted = books.remedies.adjusted(provider.name, model.id);
          const deployments = deploymentsOf(config, provider.name, model.id);
          return {
            id: model.id,
            ...(model.context === undefined ? {} : { context: model.context }),
            health: bestOf(deployments.map((each) => stateOf(books, each))),
            ...(adjusted.length === 0 ? {} : { adjusted }),
          };
        }),
      }),
    ),
  };
}

function routeView({ config, profile }: InForce, health: HealthBook, name: RouteView['name']): RouteView {
  const own = config.routes[name];
  const target = own?.target ?? defaultTarget(config);
  const view: RouteView = {
    name,
    own: own !== undefined,
    health: target ? targetHealth(config, health, target).health : 'down',
  };
  if (target) view.target = formatTarget(target);
  if (profile?.routes[name]) view.profile = profile.name;
  if (own && name === 'think') view.condition = `effort ${own.effort ?? 'xhigh'} and above, plan mode`;
  if (own && name === 'longContext')
    view.condition = `more than ${own.threshold ?? defaultLongContextThreshold} tokens`;
  return view;
}

/** The default route decides; another route in trouble makes it degraded. */
function overallHealth(config: RouterConfig, health: HealthBook): { health: Health; healthReason?: string } {
  const standard = defaultTarget(config);
  if (!standard) return { health: 'down', healthReason: 'no provider with a model is configured' };
  const first = targetHealth(config, health, standard);
  if (first.health === 'down')
    return { health: 'down', ...(first.reason === undefined ? {} : { healthReason: first.reason }) };
  const troubles = [
    first,
    ...Object.values(config.routes).map((route) => targetHealth(config, health, route.target)),
  ];
  const trouble = troubles.find((each) => each.health !== 'ok');
  if (!trouble) return { health: 'ok' };
  return { health: 'degraded', ...(trouble.reason === undefined ? {} : { healthReason: trouble.reason }) };
}

/** ok: all models are well; down: none can be used; degraded: between. */
function targetHealth(
  config: RouterConfig,
  health: HealthBook,
  target: Target,
): { health: Health; reason?: string } {
  const models = new Map<string, UnitHealth[]>();
  for (const candidate of candidatesOf(config, target)) {
    const name = `${candidate.provider.name}/${candidate.model.id}`;
    models.set(name, [...(models.get(name) ?? []), health.of(candidate)]);
  }
  if (models.size === 0) return { health: 'down', reason: `${formatTarget(target)} has no enabled provider` };
  // A model with one good key is well: a missing second key is a warning of the configuration, not an outage.
  const states = [...models].map(([name, keys]) => ({ name, state: bestOf(keys) }));
  const troubled = states.find(({ state }) => state.state !== 'ok');
  if (!troubled) return { health: 'ok' };
  const { name, state } = troubled;
  const how = state.state === 'out' ? 'out' : 'cooling down';
  return {
    health: states.some((each) => each.state.state === 'ok') ? 'degraded' : 'down',
    reason: `${name} is ${how}: ${state.reason ?? 'no reason known'}`,
  };
}

function targetView(config: RouterConfig, books: Books, target: Target): TargetView {
  const { remedies, balancer } = books;
  const window = contextOf(config, target);
  const adjusted = target.kind === 'model' ? remedies.adjusted(target.provider, target.model) : [];
  const members = membersOf(config, target);
  const inFlight = members.reduce((sum, { id }) => sum + balancer.load.inFlight(id), 0);
  const view: TargetView = {
    target: formatTarget(target),
    health: bestOf(members.map((each) => stateOf(books, each))),
  };
  if (window !== undefined) view.context = window;
  if (adjusted.length > 0) view.adjusted = adjusted;
  if (inFlight > 0) view.inFlight = inFlight;
  return view;
}

function stateOf({ health, balancer }: Books, deployment: Deployment): UnitHealth {
  const ttft = balancer.latency.of(deployment.id, 'stream', balancer.clock.now());
  const state = health.of(deployment);
  return ttft === undefined ? state : { ...state, ttft: Math.round(ttft) };
}

/** A model is as well as its best key; of cooling ones, the first to come back. */
function bestOf(states: UnitHealth[]): UnitHealth {
  const order = { ok: 0, cooling: 1, out: 2 };
  const [best] = states.sort((a, b) => order[a.state] - order[b.state] || (a.until ?? 0) - (b.until ?? 0));
  return best ?? { state: 'out', reason: 'the provider is switched off' };
}
