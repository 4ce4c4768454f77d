// Providers: presets filled in, addresses normalised, everything checked that a call would trip over.
import type { DialectId } from '../dialects/dialect.ts';
import { modelPlaceholder } from '../gateway/upstream-url.ts';
import { authProblem, isCredentialHeader } from './auth.ts';
import { normaliseBaseUrl } from './base-url.ts';
import { defaultTimeouts } from './defaults.ts';
import { didYouMean, nameProblem } from './names.ts';
import type { Preset } from './preset.ts';
import { presetOf, presets } from './presets.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveKeys } from './resolve-keys.ts';
import { resolveModels } from './resolve-models.ts';
import { resolveQuirks } from './resolve-quirks.ts';
import type { ProviderConfig, Timeouts } from './router-config.ts';
import type { ConfigEntry } from './schema.ts';
import type { ProviderEntry } from './schema-provider.ts';
import type { Path } from './source-node.ts';

/** All providers of the file that are free of errors. */
export function resolveProviders(
  entries: ConfigEntry['providers'],
  context: ResolveContext,
): Map<string, ProviderConfig> {
  const providers = new Map<string, ProviderConfig>();
  for (const [name, entry] of Object.entries(entries ?? {})) {
    const path = ['providers', name];
    const complaint = nameProblem(name);
    if (complaint !== undefined) context.error(path, complaint, 'key');
    const provider = resolveProvider(name, entry, path, context);
    if (provider !== undefined) providers.set(name, provider);
  }
  return providers;
}

function resolveProvider(
  name: string,
  entry: ProviderEntry,
  path: Path,
  context: ResolveContext,
): ProviderConfig | undefined {
  const preset = presetOf(entry.preset);
  if (entry.preset !== undefined && preset === undefined) {
    const hint = didYouMean(entry.preset, Object.keys(presets));
    context.error([...path, 'preset'], `there is no preset "${entry.preset}"${hint}`);
    return undefined;
  }
  const dialect = entry.dialect ?? preset?.dialect;
  if (dialect === undefined) {
    context.error(path, 'needs "preset", or "dialect" and "base_url"');
    return undefined;
  }
  const address = resolveAddress(entry, preset, dialect, path, context);
  if (address === undefined) return undefined;
  const complaint = authProblem(entry.quirks?.auth);
  if (complaint !== undefined) context.error([...path, 'quirks', 'auth'], complaint);
  warnOfOneDeployment(entry, address.baseUrl, path, context);
  const proxy = resolveProxy(entry.proxy, [...path, 'proxy'], context);
  const keys = resolveKeys(entry.keys, [...path, 'keys'], context);
  if (entry.keys === undefined && preset?.needsKey && entry.base_url === undefined) {
    context.warn(path, `has no key; add one with "Switchyard: Set Key…" or "keys: [secret:${name}]"`, 'key');
  }
  // Going on without the proxy or to the wrong address would send requests where the user did not want them.
  const usable = address.known && !context.isLeftOut([...path, 'proxy']) && !context.isBarred(name);
  return {
    name,
    ...(entry.preset !== undefined && { preset: entry.preset }),
    enabled: entry.enabled !== false && usable,
    dialect,
    baseUrl: address.baseUrl,
    keys,
    models: resolveModels(entry.models, preset, [...path, 'models'], context),
    headers: resolveHeaders(entry.headers, [...path, 'headers'], context),
    ...(proxy !== undefined && { proxy }),
    timeout: resolveTimeouts(entry.timeout, preset),
    quirks: resolveQuirks(entry.quirks, preset, dialect),
  };
}

function resolveAddress(
  entry: ProviderEntry,
  preset: Preset | undefined,
  dialect: DialectId,
  path: Path,
  context: ResolveContext,
): { baseUrl: string; known: boolean } | undefined {
  if (entry.base_url !== undefined) {
    try {
      return { baseUrl: normaliseBaseUrl(entry.base_url, dialect), known: true };
    } catch (error) {
      context.error([...path, 'base_url'], error instanceof Error ? error.message : 'is not a URL');
      return undefined;
    }
  }
  // Reserved by RFC 2606: can never be reached by accident.
  if (context.isLeftOut([...path, 'base_url'])) return { baseUrl: 'https://unset.invalid', known: false };
  const own = preset?.dialect === dialect ? preset.baseUrl : preset?.alternatives?.[dialect]?.baseUrl;
  if (own) return { baseUrl: own, known: true };
  const reason = preset?.baseUrl ? `: the preset has no address for the dialect "${dialect}"` : '';
  context.error(path, `needs "base_url"${reason}`);
  return undefined;
}

/** An address that names one deployment serves every model with it, whatever it is called. */
function warnOfOneDeployment(
  entry: ProviderEntry,
  baseUrl: string,
  path: Path,
  context: ResolveContext,
): void {
  if (!/\/deployments\/(?!\{)/.test(baseUrl) || (entry.models?.length ?? 0) < 2) return;
  context.warn(
    [...path, 'base_url'],
    `names one deployment for all models: write "${modelPlaceholder}" in its place`,
  );
}

function resolveProxy(proxy: string | undefined, path: Path, context: ResolveContext): string | undefined {
  if (proxy === undefined || proxy === 'direct') return proxy;
  const url = URL.parse(proxy);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return proxy;
  context.error(path, 'must be "direct" or a URL such as http://127.0.0.1:7890');
  return undefined;
}

const connectionHeaders =
  /^(?:connection|content-length|content-encoding|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** Names in lower case, so that they replace a client's own header of that name. */
function resolveHeaders(
  headers: ProviderEntry['headers'],
  path: Path,
  context: ResolveContext,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      context.error([...path, name], 'is not a header name', 'key');
    else if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      context.error([...path, name], 'a header value can not hold line breaks or characters beyond Latin-1');
    } else if (isCredentialHeader(name)) {
      context.warn([...path, name], 'keys belong into "keys"; this header is left out', 'key');
    } else if (connectionHeaders.test(name)) {
      context.warn([...path, name], 'is set by the connection itself; this header is left out', 'key');
    } else result[name.toLowerCase()] = value;
  }
  return result;
}

function resolveTimeouts(entry: ProviderEntry['timeout'], preset: Preset | undefined): Timeouts {
  return {
    connect: entry?.connect ?? defaultTimeouts.connect,
    firstToken: entry?.first_token ?? preset?.firstToken ?? defaultTimeouts.firstToken,
    idle: entry?.idle ?? defaultTimeouts.idle,
    total: entry?.total ?? defaultTimeouts.total,
  };
}
