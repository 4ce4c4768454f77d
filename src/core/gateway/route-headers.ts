// The headers that tell a client who answered and why.
import { headerValue } from '../http/header-value.ts';
import type { AttemptRecord, ExchangeRecord } from './exchange.ts';

/** `x-switchyard-*` for an answer; `overhead` in milliseconds: what the router itself took. */
export function routeHeaders(
  record: ExchangeRecord,
  attempt: AttemptRecord | undefined,
  overhead: number,
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-switchyard-exchange': record.id,
    'x-switchyard-route': headerValue(record.route),
    'x-switchyard-reason': headerValue(record.reason),
    'x-switchyard-group': headerValue(record.target),
    'x-switchyard-attempts': String(record.attempts.length),
    'x-switchyard-overhead-ms': String(Math.max(0, Math.round(overhead))),
  };
  if (attempt) {
    headers['x-switchyard-provider'] = headerValue(attempt.provider);
    headers['x-switchyard-model'] = headerValue(attempt.model);
    headers['x-switchyard-key'] = headerValue(attempt.key);
  }
  return headers;
}
