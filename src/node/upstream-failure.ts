// Network errors in words: what failed, at which host, and what it means for the next attempt. Never a path, query or header.
import { type FailureKind, type FailureScope, isUpstreamFailure, UpstreamFailure } from '../core/failure.ts';

const causes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name could not be found',
  EAI_AGAIN: 'the name could not be looked up; is there a network?',
  ECONNREFUSED: 'the connection was refused; nothing listens there',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EADDRNOTAVAIL: 'the address cannot be reached from here',
  ETIMEDOUT: 'the connection timed out',
  EACCES: 'the connection was forbidden by this machine',
  EPERM: 'the connection was forbidden by this machine',
  UND_ERR_CONNECT_TIMEOUT: 'the connection did not stand in time',
  UND_ERR_PRX_TLS: 'the proxy has no valid certificate',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed (a company proxy?)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is unknown here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** Codes that mean a connection stood and was lost. */
const lost = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET']);

/** Where a failure happened: before the answer's head, or inside its body. */
export type Stage = 'head' | 'body';

/** Describes what undici or zlib threw. An aborted call gives back the reason if that is a failure already. */
export function upstreamFailure(
  error: unknown,
  host: string,
  stage: Stage,
  signal: AbortSignal,
): UpstreamFailure {
  if (isUpstreamFailure(error)) return error;
  if (signal.aborted) {
    return isUpstreamFailure(signal.reason) ? signal.reason : canceled(error);
  }
  const inner = innermost(error);
  const { kind, scope, words } = stage === 'body' ? brokenOff : explainHead(inner);
  const code = codeOf(inner);
  const message = `${words.replace('HOST', host)}${code === '' ? '' : ` (${code})`}.`;
  return new UpstreamFailure(
    { kind, scope, retry: 'next', status: 502, message, errorType: 'api_error' },
    { cause: inner },
  );
}

interface Explanation {
  kind: FailureKind;
  scope: FailureScope;
  /** A sentence without its full stop; HOST stands for the host. */
  words: string;
}

const brokenOff: Explanation = { kind: 'reset', scope: 'deployment', words: 'HOST broke off its answer' };

function explainHead(error: unknown): Explanation {
  const code = codeOf(error);
  const { name = '', message = '' } = error instanceof Error ? error : {};
  // undici asserts that a status has three digits.
  if (name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'ERR_ASSERTION')
    return {
      kind: 'bad-stream',
      scope: 'deployment',
      words: 'HOST answered with something that is not HTTP',
    };
  const tls = code === 'EPROTO' || code.startsWith('ERR_SSL_') || message.includes('secure TLS connection');
  if (lost.has(code) && !tls)
    return { kind: 'reset', scope: 'provider', words: 'HOST closed the connection without an answer' };
  const cause =
    proxyTrouble(name, message) ??
    causes[code] ??
    (tls ? 'the TLS handshake failed (is it http instead of https?)' : 'it failed');
  return { kind: 'connect', scope: 'provider', words: `No connection to HOST: ${cause}` };
}

function proxyTrouble(name: string, message: string): string | undefined {
  const status = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (status === '407' || message.includes('Proxy Authentication Required'))
    return 'the proxy wants a password (407)';
  if (status !== undefined) return `the proxy refused (${status})`;
  return name === 'ProxyConnectionError' ? 'the proxy broke the connection' : undefined;
}

function canceled(cause: unknown): UpstreamFailure {
  return new UpstreamFailure(
    {
      kind: 'canceled',
      scope: 'request',
      retry: 'never',
      status: 499,
      message: 'The client went away.',
      errorType: 'api_error',
    },
    { cause },
  );
}

/** Happy eyeballs wraps the errors of all addresses; wrappers carry the real one as `cause`. */
function innermost(error: unknown): unknown {
  let inner = error;
  for (let depth = 0; depth < 5; depth++) {
    if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0];
    else if (inner instanceof Error && inner.cause instanceof Error && !(codeOf(inner) in causes))
      inner = inner.cause;
    else break;
  }
  return inner;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
