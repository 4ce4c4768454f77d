// GET /v1/models: every name that a client may ask for, in one object that Anthropic's and OpenAI's clients both read.
import { formatTarget, type RouterConfig } from '../config/router-config.ts';
import { contextOf } from '../routing/candidates.ts';
import { defaultTarget } from '../routing/decide.ts';
import { automaticModel, lookUpModel, pickerPrefix } from '../routing/names.ts';

export interface ModelEntry {
  id: string;
  type: 'model';
  object: 'model';
  display_name: string;
  description: string;
  created_at: string;
  created: number;
  owned_by: string;
  /** Context window in tokens, under the names that clients read. */
  context_window?: number;
  max_input_tokens?: number;
}

/** Fixed, so that answers don't change from call to call: model lists are cached by clients. */
const created = '2026-01-01T00:00:00Z';

/** All models: automatic, groups under the picker's prefix, groups and aliases by name, then every `provider/model`. */
export function listModels(config: RouterConfig): ModelEntry[] {
  const entries = new Map<string, ModelEntry>();
  const add = (each: ModelEntry) => {
    if (!entries.has(each.id)) entries.set(each.id, each);
  };
  const standard = defaultTarget(config);
  if (standard)
    add(
      entry(
        automaticModel,
        'Switchyard: automatic',
        `Routed by kind; default is ${formatTarget(standard)}`,
        contextOf(config, standard),
      ),
    );
  for (const group of config.groups.values()) {
    const window = contextOf(config, { kind: 'group', group: group.name });
    const description = `Group of ${group.targets.map(formatTarget).join(', ')}`;
    add(entry(pickerPrefix + group.name, `Switchyard: ${group.name}`, description, window));
    add(entry(group.name, group.name, description, window));
    for (const alias of group.aliases)
      if (!alias.includes('*')) add(entry(alias, alias, `Alias of group ${group.name}`, window));
  }
  for (const provider of config.providers.values()) {
    if (!provider.enabled) continue;
    for (const model of provider.models)
      add(entry(`${provider.name}/${model.id}`, model.id, `At provider ${provider.name}`, model.context));
  }
  return [...entries.values()];
}

/** The list as `GET /v1/models` answers it. */
export function modelList(config: RouterConfig): unknown {
  const data = listModels(config);
  return {
    object: 'list',
    data,
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

/** One model by any name that a request may use; undefined when the name means nothing here. */
export function findModel(config: RouterConfig, name: string): ModelEntry | undefined {
  const listed = listModels(config).find((each) => each.id === name);
  if (listed) return listed;
  const match = lookUpModel(config, name);
  return (
    match && entry(name, name, `Served by ${formatTarget(match.target)}`, contextOf(config, match.target))
  );
}

function entry(id: string, name: string, description: string, window: number | undefined): ModelEntry {
  const result: ModelEntry = {
    id,
    type: 'model',
    object: 'model',
    display_name: name,
    description: description.slice(0, 100),
    created_at: created,
    created: Date.parse(created) / 1000,
    owned_by: 'switchyard',
  };
  if (window !== undefined) {
    result.context_window = window;
    result.max_input_tokens = window;
  }
  return result;
}
