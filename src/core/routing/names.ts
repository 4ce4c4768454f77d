// What a model name of a client means. Looked up as group, then `provider/model` (or CCR's `provider,model`), then
// alias; exact case first, and a difference only in case is accepted with a hint.
import { clip } from '../clip.ts';
import { didYouMean } from '../config/names.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { Target } from '../config/target.ts';
import { matchesGlob } from '../glob.ts';

/** Groups appear under this prefix in model lists, because Claude Code's discovery keeps only ids that name Claude. */
export const pickerPrefix = 'claude-switchyard/';
/** Stands for "no model named": the routes decide. */
export const automaticModel = `${pickerPrefix}auto`;

export interface NameMatch {
  /** explicit: the client chose this target; alias: the name only says what the default route resolves to. */
  kind: 'explicit' | 'alias';
  target: Target;
  /** Set when only the case differed. */
  hint?: string;
}

/** Finds what `name` means, or undefined for unknown names and for `claude-switchyard/auto`. */
export function lookUpModel(config: RouterConfig, name: string): NameMatch | undefined {
  if (name === '' || name === automaticModel) return undefined;
  const asked = name.startsWith(pickerPrefix) ? name.slice(pickerPrefix.length) : name;
  return explicitMatch(config, asked) ?? aliasMatch(config, name);
}

function explicitMatch(config: RouterConfig, name: string): NameMatch | undefined {
  if (config.groups.has(name)) return { kind: 'explicit', target: { kind: 'group', group: name } };
  const exact = splitTarget(config, name, (text) => text);
  if (exact) return { kind: 'explicit', target: exact };

  const lower = name.toLowerCase();
  const group = [...config.groups.keys()].find((candidate) => candidate.toLowerCase() === lower);
  const target: Target | undefined = group
    ? { kind: 'group', group }
    : splitTarget(config, name, (text) => text.toLowerCase());
  if (!target) return undefined;
  const meant = target.kind === 'group' ? target.group : `${target.provider}/${target.model}`;
  return { kind: 'explicit', target, hint: `"${name}" was taken for "${meant}": they differ only in case` };
}

/** No provider has longer names: what is longer is a mistake, and would be kept in health, records and log lines. */
const longestModel = 256;

/** `provider/model` or `provider,model`, the provider compared after `fold`. An unlisted model goes up as it is written. */
function splitTarget(config: RouterConfig, name: string, fold: (text: string) => string): Target | undefined {
  const cut = name.search(/[/,]/);
  if (cut <= 0 || cut === name.length - 1 || name.length - cut > longestModel) return undefined;
  const wanted = fold(name.slice(0, cut));
  const model = name.slice(cut + 1).trim();
  for (const provider of config.providers.values()) {
    if (fold(provider.name) !== wanted) continue;
    const listed = provider.models.find((candidate) => fold(candidate.id) === fold(model));
    return { kind: 'model', provider: provider.name, model: listed?.id ?? model };
  }
  return undefined;
}

function aliasMatch(config: RouterConfig, name: string): NameMatch | undefined {
  let glob: string | undefined;
  for (const group of config.groups.values()) {
    for (const alias of group.aliases) {
      if (alias === name) return { kind: 'alias', target: { kind: 'group', group: group.name } };
      if (glob === undefined && alias.includes('*') && matchesGlob(alias, name)) glob = group.name;
    }
  }
  return glob === undefined ? undefined : { kind: 'alias', target: { kind: 'group', group: glob } };
}

/**
 * What to say of a name that means nothing here. Undefined for no name and for names of Claude's, which Claude Code
 * sends by itself: routing them by kind is what the router is for.
 */
export function unknownName(config: RouterConfig, name: string): string | undefined {
  if (name === '' || name === automaticModel) return undefined;
  const asked = name.startsWith(pickerPrefix) ? name.slice(pickerPrefix.length) : name;
  if (asked === name && /^claude-[^/,]*$/i.test(name)) return undefined;
  const bare = providerOf(config, asked);
  if (bare !== undefined)
    return `"${clip(asked, 80)}" does not say which provider is meant; ask for "${bare}/${asked}"`;
  return `"${clip(asked, 80)}" is no group, model or alias here${didYouMean(asked, config.groups.keys())}`;
}

/** The first provider that lists a model of this id. */
function providerOf(config: RouterConfig, id: string): string | undefined {
  for (const provider of config.providers.values())
    if (provider.models.some((model) => model.id === id)) return provider.name;
  return undefined;
}
