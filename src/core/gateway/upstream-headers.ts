// Headers on their way up and back. Credentials of the client never go up; the upstream's are built from scratch.
import type { DialectId } from '../dialects/dialect.ts';
import type { Quirks } from '../dialects/quirks.ts';

type Headers = Readonly<Record<string, string>>;

/** Of the connection, not of the message (RFC 9110 §7.6.1), or rebuilt by us. */
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
  'expect',
  'forwarded',
  'via',
]);

const credentialHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'x-litellm-api-key',
  'cookie',
]);

/** They name an account of the client's own, which the provider's key is not of. */
const accountHeaders = new Set(['openai-organization', 'openai-project', 'x-goog-user-project']);

/** Headers of other gateways' making that carry credentials. */
const credentialName = /(?:^|-)(?:token|secret|password|credentials?|api-?key|authorization)$/;

/** Set by providers for browsers or for the connection; meaningless or harmful for our client. */
const droppedAnswerHeaders = new Set([
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'report-to',
  'nel',
  'date',
  'server',
]);

/** The client's own headers that a same-dialect upstream gets: everything but connection, credentials and our own. */
export function passThroughHeaders(client: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(client)) {
    if (hopHeaders.has(name) || credentialHeaders.has(name) || credentialName.test(name)) continue;
    if (accountHeaders.has(name)) continue;
    if (/^(?:x-switchyard-|x-forwarded-|sec-|origin$|referer$)/.test(name)) continue;
    headers[name] = value;
  }
  return headers;
}

/** The upstream's headers that the client gets. */
export function answerHeaders(upstream: Headers): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(upstream)) {
    if (hopHeaders.has(name) || droppedAnswerHeaders.has(name) || name.startsWith('access-control-'))
      continue;
    headers[name] = value;
  }
  return headers;
}

/** The key in the header that the provider reads it from; nothing without a key. */
export function authHeaders(
  provider: { dialect: DialectId; baseUrl: string; quirks?: Pick<Quirks, 'auth'> },
  key: string | undefined,
): Record<string, string> {
  if (key === undefined) return {};
  // Claude subscription tokens are bearers, whatever the endpoint reads otherwise.
  const style = key.startsWith('sk-ant-oat')
    ? 'bearer'
    : (provider.quirks?.auth ?? dialectAuth(provider.dialect));
  return style === 'bearer' ? { authorization: `Bearer ${key}` } : { [style]: key };
}

function dialectAuth(dialect: DialectId): NonNullable<Quirks['auth']> {
  if (dialect === 'anthropic') return 'x-api-key';
  return dialect === 'gemini' ? 'x-goog-api-key' : 'bearer';
}
