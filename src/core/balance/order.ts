// In which order the deployments of a target are tried: group by group, from the inside out, each by its own strategy.
// A nested group is one choice of the outer one, measured by the deployment that it would pick itself.
import type { Random } from '../clock.ts';
import type { GroupConfig, GroupMember, RouterConfig } from '../config/router-config.ts';
import { formatTarget, type Target } from '../config/target.ts';
import { type Deployment, deploymentsOf } from '../routing/candidates.ts';
import { type Choice, strategyOrder } from './strategies.ts';

/** What an order is made from. */
export interface OrderInput {
  config: RouterConfig;
  random: Random;
  /** Whether a deployment could be called now: healthy, and its key within its limits. Asked often. */
  isUsable(deployment: Deployment): boolean;
  measure(deployment: Deployment): Omit<Choice, 'weight' | 'lastTurn'>;
  /** Number of the turn that a choice of a group had last; 0 = none. */
  lastTurn(scope: string, choice: string): number;
  /** The deployment that the session is bound to in a group. */
  boundTo(scope: string): string | undefined;
}

/** A deployment on its way through the groups, outermost first. */
export interface Ranked {
  deployment: Deployment;
  steps: readonly Step[];
}

export interface Step {
  /** The group's name; `provider/model` for a target that is no group. */
  scope: string;
  /** Sessions stay where they are, and there is a choice. */
  sticky: boolean;
  /** The choice takes a turn when it is called. */
  turns: boolean;
  /** Which of the group's choices it is. */
  choice: string;
}

export interface Order {
  /** Best first, each deployment once. */
  ranked: Ranked[];
  /** Why the first one is first, beside the strategies. */
  first?: 'bound' | 'explored';
}

/** A choice of a group with the deployments behind it, best first. */
interface Branch extends Choice {
  name: string;
  ranked: readonly Ranked[];
  explored: boolean;
}

/** The order in which a target's own deployments are tried. */
export function orderOf(input: OrderInput, target: Target): Order {
  const order = orderGroup(input, groupOf(input.config, target), undefined);
  const found = new Map<string, Ranked>();
  for (const each of order.ranked) if (!found.has(each.deployment.id)) found.set(each.deployment.id, each);
  return { ...order, ranked: [...found.values()] };
}

/** Several keys of a model make a group too. */
function groupOf(config: RouterConfig, target: Target): GroupConfig {
  const group = target.kind === 'group' ? config.groups.get(target.group) : undefined;
  if (group) return group;
  const targets: GroupMember[] = target.kind === 'model' ? [{ ...target, weight: 1 }] : [];
  const name = formatTarget(target);
  const none = { aliases: [], fallbacks: [], contextFallbacks: [] };
  return { name, targets, strategy: 'failover', sticky: true, ...none };
}

/** `bound`: the deployment that a group further out is bound to. */
function orderGroup(input: OrderInput, group: GroupConfig, bound: string | undefined): Order {
  // Asked in any case: its own binding is renewed together with the outer one.
  const own = group.sticky ? input.boundTo(group.name) : undefined;
  const wanted = bound ?? own;
  const branches = group.targets.flatMap((member) => branchesOf(input, group, member, wanted));
  const sorted = sortBranches(input, group, branches);
  const home =
    wanted === undefined ? undefined : sorted.find(({ ranked }) => isUsableIn(input, ranked, wanted));
  const ranked: Ranked[] = [];
  const several = sorted.length > 1 || (sorted[0]?.ranked.length ?? 0) > 1;
  const about = {
    scope: group.name,
    sticky: group.sticky && several,
    turns: group.strategy === 'round-robin',
  };
  for (const branch of home ? [home, ...sorted.filter((each) => each !== home)] : sorted) {
    const step = { ...about, choice: branch.name };
    for (const { deployment, steps } of branch.ranked) ranked.push({ deployment, steps: [step, ...steps] });
  }
  if (home) return { ranked, first: 'bound' };
  const [best] = sorted;
  const explored = best?.explored || (best && group.strategy === 'latency' && best.latency === undefined);
  return explored ? { ranked, first: 'explored' } : { ranked };
}

/** Those that can not be used now come last, where a strategy would give them a share. */
function sortBranches(input: OrderInput, group: GroupConfig, branches: readonly Branch[]): readonly Branch[] {
  // The attempt loop passes over them anyway: where the order stays, nobody has to be asked.
  const usable =
    group.strategy === 'failover'
      ? branches
      : branches.filter(({ ranked }) => ranked.some(({ deployment }) => input.isUsable(deployment)));
  const others = branches.filter((branch) => !usable.includes(branch));
  return [...strategyOrder[group.strategy](usable, input.random), ...others];
}

function isUsableIn({ isUsable }: OrderInput, ranked: readonly Ranked[], id: string): boolean {
  return ranked.some(({ deployment }) => deployment.id === id && isUsable(deployment));
}

/** In order, the keys of a model are one choice; for every other strategy each is one of its own. */
function branchesOf(
  input: OrderInput,
  group: GroupConfig,
  member: GroupMember,
  wanted: string | undefined,
): Branch[] {
  if (member.kind === 'group') {
    const inner = input.config.groups.get(member.group);
    if (!inner) return [];
    const { ranked, first } = orderGroup(input, inner, wanted);
    return [branchOf(input, group, member.group, member.weight, ranked, first === 'explored')];
  }
  const deployments = deploymentsOf(input.config, member.provider, member.model);
  const ranked = deployments.map((deployment) => ({ deployment, steps: [] }));
  if (group.strategy === 'failover') {
    const home = ranked.filter(({ deployment }) => deployment.id === wanted);
    const inOrder = [...home, ...ranked.filter(({ deployment }) => deployment.id !== wanted)];
    return [branchOf(input, group, formatTarget(member), member.weight, inOrder, false)];
  }
  // The part of a key that is out falls to the others of its model, not to other models.
  const total = deployments.reduce((sum, each) => sum + (input.isUsable(each) ? each.key.weight : 0), 0);
  return ranked.map((each) => {
    const { key, id } = each.deployment;
    return branchOf(input, group, id, total > 0 ? (member.weight * key.weight) / total : 0, [each], false);
  });
}

function branchOf(
  input: OrderInput,
  group: GroupConfig,
  name: string,
  weight: number,
  ranked: readonly Ranked[],
  explored: boolean,
): Branch {
  const shared = { name, weight, ranked, explored };
  if (group.strategy === 'failover') return { ...nothing, ...shared, lastTurn: 0 };
  const picked = ranked.find(({ deployment }) => input.isUsable(deployment))?.deployment;
  return {
    ...(picked ? input.measure(picked) : nothing),
    ...shared,
    lastTurn: input.lastTurn(group.name, name),
  };
}

const nothing: Omit<Choice, 'weight' | 'lastTurn'> = {
  inFlight: 0,
  latency: undefined,
  missed: false,
  requests: 0,
  tokens: 0,
};
