// claude-code-router's `Router` and `fallback`.
import { defaultLongContext } from '../defaults.ts';
import { didYouMean } from '../names.ts';
import { nodeAt, type SourceNode } from '../source-node.ts';
import { freeName, type TranslateContext } from './context.ts';
import type { Fields } from './fields.ts';

const routes = ['default', 'background', 'think', 'longContext', 'webSearch', 'image'] as const;

/** Providers by the name that the file gives them. */
export type ProviderNames = ReadonlyMap<string, string>;

/** Adds the routes. One that names a provider which the file does not define falls to `default`, with a warning. */
export function translateCcrRouter(
  router: Fields | undefined,
  fallback: Fields | undefined,
  names: ProviderNames,
  context: TranslateContext,
): void {
  const { draft, report } = context;
  const threshold = router?.number('longContextThreshold');
  for (const route of routes) {
    const node = router?.get(route);
    const written = router?.text(route);
    const rest = fallback?.texts(route) ?? [];
    const target =
      node === undefined || !written ? undefined : targetOf(written, node, names, route, context);
    if (node === undefined || target === undefined) {
      const first = rest[0];
      if (first !== undefined)
        report.warn(first.node, `there is no route "${route}" that could fall back; this is left out`);
      continue;
    }
    const fallbacks = rest.flatMap(({ text, node: at }) => {
      const found = targetOf(text, at, names, undefined, context);
      return found === undefined ? [] : [{ text: found, node: at }];
    });
    let to = target;
    if (fallbacks.length > 0) {
      to = freeName(`${route}-route`, (name) => draft.has(['providers', name]));
      draft.push(['groups', to, 'targets'], target, node);
      for (const { text, node: at } of fallbacks) draft.push(['groups', to, 'fallbacks'], text, at);
    }
    const limit = route === 'longContext' ? router?.get('longContextThreshold') : undefined;
    if (limit === undefined || threshold === undefined) draft.set(['routes', route], to, node);
    else {
      draft.set(['routes', route, 'to'], to, node);
      draft.set(
        ['routes', route, 'threshold'],
        Math.max(1, Math.round(threshold)) || defaultLongContext,
        limit,
      );
    }
  }
  for (const [name, node] of router?.rest() ?? [])
    report.warn(node, `"${name}" is no route here; it is left out${didYouMean(name, routes)}`);
  for (const [name, node] of fallback?.rest() ?? [])
    report.warn(node, `"${name}" is no route; its fallbacks are left out${didYouMean(name, routes)}`);
}

/** `provider/model` with our provider's name; undefined after a warning. `default` must be right: its mistakes are errors later. */
function targetOf(
  written: string,
  node: SourceNode,
  names: ProviderNames,
  route: string | undefined,
  { draft, report }: TranslateContext,
): string | undefined {
  const cut = written.indexOf(',');
  const provider = (cut < 0 ? written : written.slice(0, cut)).trim();
  const model = cut < 0 ? undefined : written.slice(cut + 1).trim() || undefined;
  const name = names.get(provider) ?? sameButCase(provider, names);
  if (name !== undefined) {
    if (model !== undefined) return `${name}/${model}`;
    const models = nodeAt(draft.root, ['providers', name, 'models']);
    if (models?.kind === 'list' && models.items.length > 0) return name;
    report.warn(node, `names no model, and "${provider}" lists none; write "${provider},MODEL"`);
    return undefined;
  }
  // `provider/model` and the like: what our format understands, the resolver understands here too.
  if (model === undefined && [...names.values()].some((known) => written.startsWith(`${known}/`)))
    return written;
  if (route === 'default') return written;
  const consequence = route === undefined ? 'this is left out' : `"${route}" falls to the default route`;
  report.warn(
    node,
    `the file defines no provider "${provider}"${didYouMean(provider, names.keys())}; ${consequence}`,
  );
  return undefined;
}

function sameButCase(provider: string, names: ProviderNames): string | undefined {
  const lower = provider.toLowerCase();
  return [...names].find(([written]) => written.toLowerCase() === lower)?.[1];
}
