// Every name that a client may ask for. `model-list.ts` and `model-info.ts` say it in the clients' own shapes.
import { defaultTarget } from '../config/default-target.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { formatTarget, type Target } from '../config/target.ts';
import { automaticModel, lookUpModel, pickerPrefix } from '../routing/names.ts';

export interface ListedModel {
  id: string;
  /** For people. */
  name: string;
  description: string;
  /** What it leads to; of the automatic one where no other route applies. */
  target: Target;
}

/** All models: automatic, groups under the picker's prefix, groups and aliases by name, then every `provider/model`. */
export function listModels(config: RouterConfig): ListedModel[] {
  const models = new Map<string, ListedModel>();
  const add = (each: ListedModel) => {
    if (!models.has(each.id)) models.set(each.id, each);
  };
  const target = defaultTarget(config);
  if (target)
    add({
      id: automaticModel,
      name: 'Switchyard: automatic',
      description: `Routed by kind; default is ${formatTarget(target)}`,
      target,
    });
  for (const group of config.groups.values()) {
    const target: Target = { kind: 'group', group: group.name };
    const description = `Group of ${group.targets.map(formatTarget).join(', ')}`;
    add({ id: pickerPrefix + group.name, name: `Switchyard: ${group.name}`, description, target });
    add({ id: group.name, name: group.name, description, target });
    for (const alias of group.aliases)
      if (!alias.includes('*'))
        add({ id: alias, name: alias, description: `Alias of group ${group.name}`, target });
  }
  for (const provider of config.providers.values()) {
    if (!provider.enabled) continue;
    for (const { id } of provider.models)
      add({
        id: `${provider.name}/${id}`,
        name: id,
        description: `At provider ${provider.name}`,
        target: { kind: 'model', provider: provider.name, model: id },
      });
  }
  return [...models.values()];
}

/** One model by any name that a request may use; undefined when the name means nothing here. */
export function findModel(config: RouterConfig, name: string): ListedModel | undefined {
  const listed = listModels(config).find((each) => each.id === name);
  if (listed) return listed;
  const match = lookUpModel(config, name);
  return (
    match && {
      id: name,
      name,
      description: `Served by ${formatTarget(match.target)}`,
      target: match.target,
    }
  );
}
