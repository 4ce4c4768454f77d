// Fits an imported configuration beside one that is there already: new names where old ones are taken, nothing of what
// is there is touched.
import { isObject, type JsonObject, listOf, objectOf } from '../../json/values.ts';
import type { Problem } from '../problem.ts';
import type { MapNode } from '../source-node.ts';
import { type Tell, tellIn } from './tell.ts';

/** A configuration as plain data of our own form. */
export type Present = Readonly<JsonObject>;

export interface Fitted {
  data: JsonObject;
  /** Providers and groups that are called otherwise now. */
  renamed: readonly { section: string; from: string; to: string }[];
}

/** `data` with names that are free beside `present`. What has to stay out is added to `report`. */
export function fitBeside(data: unknown, present: Present, tree: MapNode, report: Problem[]): Fitted {
  const own = objectOf(data) ?? {};
  if (Object.keys(present).length === 0) return { data: own, renamed: [] };
  const names = new Names(own, present);
  const tell = tellIn(tree, report);
  const result: JsonObject = {};
  for (const [section, value] of Object.entries(own)) {
    const there = present[section];
    if (section === 'providers') result.providers = renameKeys(value, names.provider);
    else if (section === 'groups') result.groups = groupsBeside(value, names, present, tell);
    else if (section === 'routes') result.routes = routesBeside(value, there, names, tell);
    else if (section === 'fallbacks') result.fallbacks = fallbacksBeside(value, there, names, tell);
    else if (section === 'clients') result.clients = clientsBeside(value, there);
    else if (there === undefined) result[section] = value;
    else tell([section], `is left out: the configuration has its own "${section}"`);
  }
  for (const name of names.renamed)
    tell(
      [name.section, name.from],
      `is called "${name.to}" here: the configuration has "${name.from}" already`,
    );
  const filled = Object.entries(result).filter(
    ([, value]) => !isObject(value) || Object.keys(value).length > 0,
  );
  return { data: Object.fromEntries(filled), renamed: names.renamed };
}

/** Old name → free name. */
class Names {
  readonly renamed: Fitted['renamed'][number][] = [];
  readonly #providers: ReadonlyMap<string, string>;
  readonly #groups: ReadonlyMap<string, string>;

  constructor(own: JsonObject, present: Present) {
    // One name must not be a provider here and a group there.
    const taken = [...fieldsOf(present.providers), ...fieldsOf(present.groups), ...aliasesOf(present)];
    this.#providers = this.#free('providers', fieldsOf(own.providers), taken);
    this.#groups = this.#free('groups', fieldsOf(own.groups), [...taken, ...this.#providers.values()]);
  }

  readonly provider = (name: string): string => this.#providers.get(name) ?? name;
  readonly group = (name: string): string => this.#groups.get(name) ?? name;

  /** A target as it is written. */
  readonly target = (text: string): string => {
    if (this.#groups.has(text)) return this.group(text);
    const cut = text.search(/[/,]/);
    if (cut < 0) return this.provider(text);
    return `${this.provider(text.slice(0, cut))}${text.slice(cut)}`;
  };

  #free(section: string, wanted: readonly string[], taken: readonly string[]): Map<string, string> {
    const used = new Set(taken.map((name) => name.toLowerCase()));
    const result = new Map<string, string>();
    for (const from of wanted) {
      let to = from;
      for (let number = 2; used.has(to.toLowerCase()); number++) to = `${from}-${number}`;
      used.add(to.toLowerCase());
      result.set(from, to);
      if (to !== from) this.renamed.push({ section, from, to });
    }
    return result;
  }
}

function groupsBeside(value: unknown, names: Names, present: Present, tell: Tell): JsonObject {
  const taken = new Set([...fieldsOf(present.groups), ...aliasesOf(present)]);
  const groups: [string, unknown][] = Object.entries(objectOf(value) ?? {}).map(([name, entry]) => {
    const group = objectOf(entry) ?? {};
    const aliases = listOf(group.aliases).filter((alias) => {
      if (!taken.has(String(alias))) return true;
      tell(
        ['groups', name, 'aliases'],
        `the alias "${alias}" is left out: the configuration has that name already`,
      );
      return false;
    });
    const { aliases: _, ...rest } = group;
    const lists = Object.fromEntries(
      ['targets', 'fallbacks', 'context_fallbacks'].flatMap((field) =>
        group[field] === undefined
          ? []
          : [[field, listOf(group[field]).map((item) => renameTarget(item, names))]],
      ),
    );
    return [names.group(name), { ...rest, ...lists, ...(aliases.length > 0 && { aliases }) }];
  });
  return Object.fromEntries(groups);
}

function routesBeside(value: unknown, there: unknown, names: Names, tell: Tell): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).flatMap(([route, entry]) => {
      if (!fieldsOf(there).includes(route)) return [[route, renameTarget(entry, names)]];
      tell(['routes', route], `is left out: the configuration has a route "${route}" already; it stays`);
      return [];
    }),
  );
}

function fallbacksBeside(value: unknown, there: unknown, names: Names, tell: Tell): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).flatMap(([group, targets]) => {
      const name = group === '*' ? group : names.group(group);
      if (!fieldsOf(there).includes(name))
        return [[name, listOf(targets).map((target) => renameTarget(target, names))]];
      tell(['fallbacks', group], `is left out: the configuration has fallbacks of "${name}" already`);
      return [];
    }),
  );
}

function clientsBeside(value: unknown, there: unknown): unknown[] {
  const taken = new Set(listOf(there).map((client) => objectOf(client)?.name));
  return listOf(value).map((client) => {
    const entry = objectOf(client) ?? {};
    let name = entry.name;
    for (let number = 2; taken.has(name); number++) name = `${entry.name}-${number}`;
    return { ...entry, name };
  });
}

function renameTarget(item: unknown, names: Names): unknown {
  if (typeof item === 'string') return names.target(item);
  return isObject(item) && typeof item.to === 'string' ? { ...item, to: names.target(item.to) } : item;
}

function renameKeys(value: unknown, rename: (name: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).map(([name, entry]) => [rename(name), entry]),
  );
}

function fieldsOf(value: unknown): string[] {
  return Object.keys(objectOf(value) ?? {});
}

function aliasesOf(present: Present): string[] {
  return Object.values(objectOf(present.groups) ?? {}).flatMap((group) =>
    listOf(objectOf(group)?.aliases).map(String),
  );
}
