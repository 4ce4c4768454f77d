// What a name in the configuration leads to.

/** A model of a provider; the model need not be listed there. */
export interface ModelTarget {
  kind: 'model';
  provider: string;
  model: string;
}
export interface GroupTarget {
  kind: 'group';
  group: string;
}
export type Target = ModelTarget | GroupTarget;

/** `provider/model` or the group's name: how a target is written everywhere. */
export function formatTarget(target: Target): string {
  return target.kind === 'group' ? target.group : `${target.provider}/${target.model}`;
}
