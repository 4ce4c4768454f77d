// One entry of claude-code-router's `Providers`.
import type { DialectId } from '../../dialects/dialect.ts';
import { normaliseBaseUrl } from '../base-url.ts';
import { nodeToData, type SourceNode } from '../source-node.ts';
import { type Effects, optionsOf, transformerOf } from './ccr-transformers.ts';
import { providerName, type TranslateContext } from './context.ts';
import type { Fields } from './fields.ts';
import { presetByHost } from './known-preset.ts';

type ProviderEffects = Effects & {
  /** The provider can't be called without what is missing. */
  off?: boolean;
};

/** What holds for all providers of the file. */
export interface CcrDefaults {
  proxy?: SourceNode;
  /** Seconds, with the node that says so. */
  timeout?: { seconds: number; node: SourceNode };
}

/** Adds the provider to the draft. Returns its name there and in the file; undefined when it has none. */
export function translateCcrProvider(
  entry: Fields,
  defaults: CcrDefaults,
  context: TranslateContext,
): { written: string; name: string } | undefined {
  const { draft, report, keys } = context;
  const written = entry.text('name');
  if (written === undefined || written === '') {
    report.warn(entry.node, 'this provider has no "name"; it is left out');
    return undefined;
  }
  const name = providerName(written);
  const nameNode = entry.get('name') ?? entry.node;
  if (name !== written)
    report.warn(nameNode, `is called "${name}" here: names hold no spaces, slashes, commas or colons`);
  const path = ['providers', name];
  if (draft.has(path))
    report.warn(nameNode, `a second provider is called "${written}"; it replaces the first`);
  draft.set(path, {}, entry.node);

  const transformer = entry.map('transformer');
  const effects = effectsOf(transformer, context);
  const urlNode = entry.get('api_base_url');
  const url = entry.text('api_base_url') ?? '';
  const dialect = effects.dialect ?? dialectOf(url);
  const preset = presetByHost(url, dialect);
  if (preset !== undefined) draft.set([...path, 'preset'], preset, entry.node);
  draft.set([...path, 'dialect'], dialect, transformer?.node ?? urlNode ?? entry.node);
  if (urlNode === undefined)
    report.warn(entry.node, 'this provider has no "api_base_url"; it is switched off');
  else draft.set([...path, 'base_url'], url, urlNode);
  if (effects.off || urlNode === undefined) {
    draft.set([...path, 'enabled'], false, entry.node);
    if (urlNode === undefined) draft.set([...path, 'base_url'], 'https://unset.invalid', entry.node);
  }

  const keyNode = entry.node.entries.get('api_key')?.node;
  const key = keys.refer(entry.text('api_key') ?? '', name);
  if (keyNode !== undefined && key === 'none')
    report.warn(keyNode, `the key of "${written}" is empty; the provider is called without one`);
  else if (key === 'none' && preset !== undefined)
    report.warn(entry.node, `"${written}" has no "api_key"; the provider is called without one`);
  draft.set([...path, 'keys'], [key], keyNode ?? entry.node);

  addModels(entry, [...path, 'models'], effects, transformer, context);
  if (Object.keys(effects.quirks).length > 0)
    draft.set([...path, 'quirks'], effects.quirks, transformer?.node ?? entry.node);
  addDefaults(path, url, dialect, defaults, context);
  if (entry.get('tokenizer') !== undefined)
    report.note(
      entry.get('tokenizer') ?? entry.node,
      'is not needed: tokens are estimated, and measured where the provider tells them',
    );
  for (const [field, node] of entry.rest()) report.warn(node, `"${field}" is not known; it is left out`);
  return { written, name };
}

function addDefaults(
  path: readonly string[],
  url: string,
  dialect: DialectId,
  defaults: CcrDefaults,
  { draft }: TranslateContext,
): void {
  const { proxy, timeout } = defaults;
  if (proxy !== undefined && !isNearby(url, dialect)) draft.set([...path, 'proxy'], nodeToData(proxy), proxy);
  if (timeout !== undefined) {
    const { seconds, node } = timeout;
    draft.set([...path, 'timeout'], { first_token: seconds, total: seconds }, node);
  }
}

/** Nobody means their proxy for a server on the same machine. */
function isNearby(url: string, dialect: DialectId): boolean {
  try {
    return /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(new URL(normaliseBaseUrl(url, dialect)).hostname);
  } catch {
    return false;
  }
}

/** What an endpoint's address tells of its wire format; everything else is chat completions. */
function dialectOf(url: string): DialectId {
  const path = url.replace(/[?#].*$/, '').replace(/\/+$/, '');
  if (path.endsWith('/messages')) return 'anthropic';
  if (path.endsWith('/responses')) return 'openai-responses';
  if (/\/v1(?:alpha|beta)\d*\/models(?:\/|$)/.test(path)) return 'gemini';
  return 'openai-chat';
}

function addModels(
  entry: Fields,
  path: readonly string[],
  effects: Effects,
  transformer: Fields | undefined,
  context: TranslateContext,
): void {
  const models = entry.texts('models');
  for (const { text, node } of models) {
    const own = transformer?.map(text);
    const model = own === undefined ? effects : modelEffects(own, effects, context);
    const details = {
      ...(model.maxOutput !== undefined && { max_output: model.maxOutput }),
      ...(Object.keys(model.params).length > 0 && { params: model.params }),
    };
    context.draft.push(path, Object.keys(details).length === 0 ? text : { id: text, ...details }, node);
  }
  for (const [name, node] of transformer?.rest() ?? [])
    context.report.warn(node, `"${name}" is no model of this provider; its transformers are left out`);
}

/** What a model adds to its provider. The wire format and its quirks are the provider's alone. */
function modelEffects(own: Fields, provider: Effects, context: TranslateContext): Effects {
  const effects = effectsOf(own, context);
  const quirks = Object.entries(effects.quirks).filter(
    ([name, value]) => (provider.quirks as Record<string, unknown>)[name] !== value,
  );
  const otherDialect = effects.dialect !== undefined && effects.dialect !== provider.dialect;
  if (quirks.length > 0 || otherDialect || effects.off)
    context.report.warn(
      own.node,
      'of one model only limits and parameters are carried over; make a second provider for what its wire format differs in',
    );
  const limits = [provider.maxOutput, effects.maxOutput].filter((limit) => limit !== undefined);
  return {
    quirks: {},
    params: { ...provider.params, ...effects.params },
    ...(limits.length > 0 && { maxOutput: Math.min(...limits) }),
  };
}

/** All of `use: ["name", ["name", {…}]]` together. */
function effectsOf(transformer: Fields | undefined, { report }: TranslateContext): ProviderEffects {
  const effects: ProviderEffects = { quirks: {}, params: {} };
  for (const item of transformer?.items('use') ?? []) {
    const [name, options] = item.kind === 'list' ? item.items : [item];
    if (name?.kind !== 'scalar' || name.value === null) {
      report.warn(item, 'must be the name of a transformer, or ["name", {options}]');
      continue;
    }
    const known = transformerOf(String(name.value));
    if (known === undefined)
      report.warn(item, `the transformer "${name.value}" is a program of your own; it is not run`);
    else if (known.missing !== undefined) {
      report.warn(item, `the transformer "${name.value}" ${known.missing}`);
      if (known.vital) effects.off = true;
    } else known.apply?.(effects, optionsOf(nodeToData(options)));
  }
  return effects;
}
