// Refusals and failures in the client's own dialect.
import type { ClientError } from '../client-error.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { clientDialect } from '../dialects/registry.ts';

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The whole HTTP answer for an error, as a client of `dialect` expects it. */
export function errorAnswer(dialect: DialectId, error: ClientError): ErrorAnswer {
  const encoder = clientDialect(dialect) ?? clientDialect('anthropic');
  const body = encoder?.encodeError({ status: error.status, type: error.type, message: error.message });
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', ...error.headers },
    body: JSON.stringify(body),
  };
}
