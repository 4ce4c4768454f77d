// People paste a root, a `/v1` or a whole endpoint URL; all mean the same server.
import type { DialectId } from '../dialects/dialect.ts';
import { azurePath, isAzure } from './azure-url.ts';

/** Endpoints that are cut off when they end a pasted URL, longest first. */
const endpoints = [
  '/messages/count_tokens',
  '/messages/batches',
  '/messages',
  '/chat/completions',
  '/completions',
  '/responses',
  '/embeddings',
];
/** Parameters that belong to one endpoint, not to the server. */
const ofEndpoints: ReadonlySet<string> = new Set(['beta', 'alt']);
/** A slipped scheme (`http:/x`, `https//x`) must not become the host's name; nor has a URL spaces or quotes. */
const mistyped = /^[a-z]+:\/(?!\/)|^https?\/\/|[\s"'<>]/i;
/** `$NAME` as or in the host. */
const hostVariable = /^(?:[a-z]+:\/\/)?[^/]*\$/i;
const versionSegment = /^v\d+(?:[a-z]+\d*)?$/;

/**
 * The base URL in the form that `upstreamUrl` puts the paths of the dialect into: no trailing slash; for `anthropic`
 * without `/v1`, for the OpenAI dialects with a version segment (`/v1` unless another one is there), for `gemini` with
 * `/v1beta`. A URL that named its endpoint is taken at its word: nothing is added to what stood before it. Of a query
 * only `api-version` stays; `{model}` in the path stands for the model's id.
 * Throws an `Error` with one sentence for people; it never repeats the input, which might hold a key.
 */
export function normaliseBaseUrl(input: string, dialect: DialectId): string {
  const url = parse(input.trim());
  if (url.protocol === 'demo:') return `demo://${url.host}`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error('must begin with http:// or https://');
  if (url.username !== '' || url.password !== '') {
    throw new Error('must not hold a user name or password; put the key into "keys"');
  }
  const parameters = [...url.searchParams.keys()].filter((name) => !ofEndpoints.has(name));
  if (parameters.some((name) => name !== 'api-version'))
    throw new Error('must not hold a query ("?…") other than api-version');

  const written = url.pathname
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .replace(/%7Bmodel%7D/i, '{model}');
  const version = url.searchParams.get('api-version') || undefined;
  const { path, explicit } = cutEndpoint(written);
  const azure = isAzure(url.hostname) ? azurePath(path, dialect, version) : undefined;
  const place = azure ?? forDialect(path, explicit, dialect);
  // The newer addresses of Azure have no dated versions.
  const kept =
    version === undefined || azure === '/openai/v1' ? '' : `?api-version=${encodeURIComponent(version)}`;
  return `${url.protocol}//${url.host}${place}${kept}`;
}

function parse(text: string): URL {
  if (text === '') throw new Error('must not be empty');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write
  if (hostVariable.test(text)) throw new Error('is not a URL; variables are written "${env:NAME}"');
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${guessScheme(text)}://${text}`;
  const url = URL.parse(withScheme);
  if (url === null || url.host === '' || mistyped.test(text)) throw new Error('is not a URL');
  return url;
}

/** Names without dots, addresses and `.local` are machines nearby, which rarely have certificates. */
function guessScheme(text: string): 'http' | 'https' {
  const host = text.replace(/[/?#].*$/, '').replace(/:\d+$/, '');
  const nearby =
    !host.includes('.') || /^[\d.]+$/.test(host) || host.startsWith('[') || host.endsWith('.local');
  return nearby ? 'http' : 'https';
}

function cutEndpoint(path: string): { path: string; explicit: boolean } {
  for (const endpoint of endpoints) {
    if (path.endsWith(endpoint)) return { path: path.slice(0, -endpoint.length), explicit: true };
  }
  // `/models` and `/models/x:generateContent`, which are endpoints only below a version.
  const models = path.match(/^(.*\/v\d[a-z0-9]*(?:\/openai)?)\/models(?:\/.*)?$/);
  return models?.[1] === undefined ? { path, explicit: false } : { path: models[1], explicit: true };
}

function forDialect(path: string, explicit: boolean, dialect: DialectId): string {
  if (dialect === 'anthropic') return path.replace(/\/v1$/, '');
  if (path.includes('/deployments/')) return path;
  const hasVersion = path.split('/').some((segment) => versionSegment.test(segment));
  if (hasVersion || explicit) return path;
  return dialect === 'gemini' ? `${path}/v1beta` : `${path}/v1`;
}
