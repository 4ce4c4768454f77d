// What a target's text means: group, `provider/model`, `provider,model`, a provider alone, or an alias.
import { closest } from './names.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ProviderConfig } from './router-config.ts';
import type { Path } from './source-node.ts';
import type { Target } from './target.ts';

/** All names that a target can mean. */
export interface KnownNames {
  groups: ReadonlySet<string>;
  /** Providers of the file, also those whose own entry has errors. */
  providerNames: ReadonlySet<string>;
  providers: ReadonlyMap<string, ProviderConfig>;
  /** Exact alias → group. */
  aliases: ReadonlyMap<string, string>;
  clients: ReadonlySet<string>;
}

/** The target, or undefined after an error at `path`. Exact case is tried first; a difference in case alone is a warning. */
export function resolveTarget(
  text: string,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): Target | undefined {
  const written = text.trim();
  if (names.groups.has(written)) return { kind: 'group', group: written };

  const cut = written.search(/[/,]/);
  const providerName = (cut < 0 ? written : written.slice(0, cut)).trim();
  const model = cut < 0 ? undefined : written.slice(cut + 1).trim();
  if (names.providerNames.has(providerName))
    return resolveModelTarget(providerName, model, path, names, context);

  const group = names.aliases.get(written);
  if (group !== undefined) return { kind: 'group', group };

  const corrected = inOtherCase(written, providerName, model, names);
  if (corrected !== undefined) {
    context.warn(path, `taken for "${corrected}": the names differ in upper and lower case`);
    return resolveTarget(corrected, path, names, context);
  }
  context.error(path, danglingMessage(written, providerName, model, names));
  return undefined;
}

function resolveModelTarget(
  provider: string,
  model: string | undefined,
  path: Path,
  names: KnownNames,
  context: ResolveContext,
): Target | undefined {
  // The provider's own errors are reported already.
  const models = names.providers.get(provider)?.models ?? [];
  if (model === '') {
    context.error(path, `names no model of "${provider}"`);
    return undefined;
  }
  if (model === undefined) {
    const first = models[0];
    if (first === undefined) {
      if (names.providers.has(provider)) {
        context.error(path, `"${provider}" is a provider without a list of models; write ${provider}/MODEL`);
      }
      return undefined;
    }
    context.warn(path, `"${provider}" is a provider; its first model "${first.id}" is taken`);
    return { kind: 'model', provider, model: first.id };
  }
  const id = inListedCase(model, models);
  if (id !== model)
    context.warn(path, `taken for "${provider}/${id}": the names differ in upper and lower case`);
  return { kind: 'model', provider, model: id };
}

/** What the text means when case does not count; undefined when still nothing. */
function inOtherCase(
  written: string,
  provider: string,
  model: string | undefined,
  names: KnownNames,
): string | undefined {
  const group = sameButCase(written, names.groups);
  if (group !== undefined) return group;
  const known = sameButCase(provider, names.providerNames);
  if (known === undefined || model === undefined) return known;
  return `${known}/${inListedCase(model, names.providers.get(known)?.models ?? [])}`;
}

/** The model as the provider lists it, or as it is written: a model need not be listed. */
function inListedCase(model: string, models: readonly { id: string }[]): string {
  const ids = models.map(({ id }) => id);
  return ids.includes(model) ? model : (sameButCase(model, ids) ?? model);
}

function sameButCase(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  return [...candidates].find((candidate) => candidate.toLowerCase() === lower);
}

function danglingMessage(
  written: string,
  provider: string,
  model: string | undefined,
  names: KnownNames,
): string {
  const groupHint = closest(written, [...names.groups, ...names.aliases.keys()]);
  if (model === undefined) {
    const hint = groupHint ?? closest(written, names.providerNames);
    return `no group or provider "${written}"${hint === undefined ? '' : `; did you mean "${hint}"?`}`;
  }
  const hint = closest(provider, names.providerNames) ?? groupHint;
  return `no provider "${provider}"${hint === undefined ? '' : `; did you mean "${hint}"?`}`;
}
