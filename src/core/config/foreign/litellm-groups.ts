// From LiteLLM's deployments to groups: every `model_name` is one.
import type { SourceNode } from '../source-node.ts';
import type { TranslateContext } from './context.ts';
import type { Deployment } from './litellm-deployment.ts';
import type { LitellmProviders } from './litellm-providers.ts';

/** How the targets of a group are picked, with the node that says so. */
export interface Strategy {
  name: string;
  node?: SourceNode;
}

/** Adds the groups in the order of the file; returns their names. */
export function addGroups(
  deployments: readonly Deployment[],
  providers: LitellmProviders,
  strategy: Strategy,
  context: TranslateContext,
): Set<string> {
  const groups = new Map<string, Deployment[]>();
  for (const deployment of deployments) {
    if (deployment.group.includes('*')) addWildcard(deployment, providers, context);
    else groups.set(deployment.group, [...(groups.get(deployment.group) ?? []), deployment]);
  }
  const names = new Set(groups.keys());
  for (const [name, members] of groups) addGroup(name, members, names, providers, strategy, context);
  return names;
}

function addGroup(
  name: string,
  members: readonly Deployment[],
  names: ReadonlySet<string>,
  providers: LitellmProviders,
  strategy: Strategy,
  { draft }: TranslateContext,
): void {
  const path = ['groups', name];
  const [first] = members;
  if (first === undefined) return;
  draft.set(path, {}, first.groupNode);
  const lowest = Math.min(...members.map(({ order }) => order));
  const weights = weightsOf(members);
  const seen = new Set<string>();
  let count = 0;
  for (const member of [...members].sort((a, b) => a.order - b.order)) {
    const text = targetText(providers.place(member), member.model.id, names);
    if (seen.has(text)) continue;
    seen.add(text);
    if (member.order > lowest) {
      draft.push([...path, 'fallbacks'], text, member.modelNode);
      continue;
    }
    const weight = strategy.name === 'weighted' ? weights?.get(member) : undefined;
    draft.push([...path, 'targets'], weight === undefined ? text : { to: text, weight }, member.modelNode);
    count++;
  }
  if (count > 1) draft.set([...path, 'strategy'], strategy.name, strategy.node ?? first.groupNode);
}

/** A group that is called like the target itself would contain itself: with a comma only the provider is meant. */
function targetText(provider: string, model: string, groups: ReadonlySet<string>): string {
  const text = `${provider}/${model}`;
  return groups.has(text) ? `${provider},${model}` : text;
}

/** `simple-shuffle` goes by the first of weight, rpm and tpm that any deployment has; those without it get no share. */
function weightsOf(members: readonly Deployment[]): Map<Deployment, number> | undefined {
  const measures = [
    (member: Deployment) => member.weight,
    (member: Deployment) => member.provider.limits.rpm,
    (member: Deployment) => member.provider.limits.tpm,
  ];
  const measure = measures.find((each) => members.some((member) => (each(member) ?? 0) > 0));
  if (measure === undefined) return undefined;
  return new Map(members.map((member) => [member, measure(member) ?? 0]));
}

/** `openrouter/*`: the provider gets that name, and `openrouter/x` names it and the model, as everywhere. */
function addWildcard(
  deployment: Deployment,
  providers: LitellmProviders,
  { report }: TranslateContext,
): void {
  const name = /^([^*]+)\/\*$/.exec(deployment.group)?.[1];
  if (name !== undefined && deployment.model.id === '*' && providers.placeWildcard(deployment, name)) return;
  report.warn(
    deployment.groupNode,
    `"${deployment.group}" is not carried over: only NAME/* with a model PREFIX/* can be; clients can ask for provider/model`,
  );
}
