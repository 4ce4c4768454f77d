// LiteLLM's aliases, and the lists that lead from one group to others.
import { didYouMean } from '../names.ts';
import type { Path, SourceNode } from '../source-node.ts';
import type { TranslateContext } from './context.ts';
import type { Fields } from './fields.ts';
import type { LitellmProviders } from './litellm-providers.ts';

export class LitellmNames {
  readonly #groups: Set<string>;
  readonly #aliases = new Map<string, string>();
  readonly #providers: LitellmProviders;
  readonly #context: TranslateContext;

  constructor(groups: Set<string>, providers: LitellmProviders, context: TranslateContext) {
    this.#groups = groups;
    this.#providers = providers;
    this.#context = context;
  }

  /** `model_group_alias: { alias: group }` or `{ alias: { model: group } }`. */
  addAliases(aliases: Fields | undefined): void {
    for (const alias of aliases?.names ?? []) {
      const node = aliases?.get(alias);
      if (aliases === undefined || node === undefined) continue;
      const group = node.kind === 'map' ? aliases.map(alias)?.text('model') : aliases.text(alias);
      this.#addAlias(alias, group ?? '', node);
    }
  }

  /** `model_groups: [{ model_name, model_list: [names] }]`: one name for models that providers name differently. */
  addModelGroups(entries: readonly Fields[]): void {
    const { draft, report } = this.#context;
    for (const entry of entries) {
      const name = entry.text('model_name');
      const members = entry.texts('model_list');
      if (!name) {
        report.warn(entry.node, 'needs "model_name"; this is left out');
        continue;
      }
      const known = members.filter(({ text }) => text !== name && this.#groups.has(text));
      if (known.length === 0 && !this.#groups.has(name)) {
        const node = entry.get('model_name') ?? entry.node;
        report.warn(
          node,
          `no model of the file is called "${name}" or like one of its list; this is left out`,
        );
        continue;
      }
      this.#groups.add(name);
      for (const { text, node } of known) draft.push(['groups', name, 'targets'], text, node);
      for (const { text, node } of members) if (!this.#groups.has(text)) this.#addAlias(text, name, node);
    }
  }

  /**
   * `fallbacks: [{ group: [groups] }]`. Calls `add` for each that is known; the rest is named and left out.
   * @param any whether `"*"` may stand for all groups
   */
  eachFallback(
    entries: readonly Fields[],
    any: boolean,
    add: (group: string, target: string, node: SourceNode) => void,
  ): void {
    for (const entry of entries)
      for (const written of entry.names) {
        const node = entry.get(written);
        if (node === undefined) continue;
        const group = written === '*' && any ? '*' : this.#groupOf(written);
        if (group === undefined) {
          const hint = didYouMean(written, this.#groups);
          this.#context.report.warn(node, `the file defines no model "${written}"${hint}; this is left out`);
          continue;
        }
        for (const item of node.kind === 'list' ? node.items : [node]) {
          const target = this.target(item);
          if (target !== undefined) add(group, target, item);
        }
      }
  }

  /** What a fallback names: a group, an alias or `provider/model`; undefined after a warning. */
  target(node: SourceNode): string | undefined {
    const { report } = this.#context;
    const named = node.kind === 'map' ? node.entries.get('model')?.node : node;
    if (named?.kind !== 'scalar' || named.value === null) {
      report.warn(node, 'must be the name of a model; this is left out');
      return undefined;
    }
    if (node.kind === 'map' && node.entries.size > 1)
      report.warn(node, 'only the model of a fallback is taken; what the request says stays');
    const text = String(named.value).trim();
    if (this.#groupOf(text) !== undefined) return this.#groupOf(text);
    if (this.#providers.names.has(text.split('/')[0] ?? '') && text.includes('/')) return text;
    report.warn(
      named,
      `the file defines no model "${text}"${didYouMean(text, this.#groups)}; this is left out`,
    );
    return undefined;
  }

  #groupOf(name: string): string | undefined {
    return this.#groups.has(name) ? name : this.#aliases.get(name);
  }

  #addAlias(alias: string, group: string, node: SourceNode): void {
    const { draft, report } = this.#context;
    if (!this.#groups.has(group)) {
      const hint = didYouMean(group, this.#groups);
      report.warn(node, `the file defines no model "${group}"${hint}; the alias "${alias}" is left out`);
      return;
    }
    if (this.#groups.has(alias) && alias !== group)
      report.warn(
        node,
        `"${alias}" is a model of the file itself, which requests go to; the alias is left out`,
      );
    if (this.#groups.has(alias) || this.#aliases.has(alias)) return;
    this.#aliases.set(alias, group);
    const path: Path = ['groups', group, 'aliases'];
    draft.push(path, alias, node);
  }
}
