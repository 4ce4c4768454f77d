// The headers that tell a client who answered and why.
import { formatTarget } from '../config/target.ts';
import { headerValue } from '../http/header-value.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { RouteDecision } from '../routing/decide.ts';
import type { AttemptRecord, ExchangeRecord } from './exchange.ts';

/** `x-switchyard-*` for an exchange's answer; `overhead` in milliseconds: what the router itself took. */
export function routeHeaders(
  record: ExchangeRecord,
  attempt: AttemptRecord | undefined,
  overhead: number,
): Record<string, string> {
  return {
    'x-switchyard-exchange': record.id,
    ...routed(record.route, record.reason, record.target),
    'x-switchyard-attempts': String(record.attempts.length),
    ...overheadHeader(overhead),
    ...(attempt ? answeredBy(attempt.provider, attempt.model, attempt.key) : {}),
  };
}

/** For answers that are no exchange and leave no record, but follow a route. `deployment`: who answered, if anybody was asked. */
export function decisionHeaders(
  decision: RouteDecision,
  deployment: Deployment | undefined,
): Record<string, string> {
  return {
    ...routed(decision.route, decision.reason, formatTarget(decision.target)),
    ...(deployment ? answeredBy(deployment.provider.name, deployment.model.id, deployment.key.name) : {}),
  };
}

/** Milliseconds that the router itself took. */
export function overheadHeader(overhead: number): Record<string, string> {
  return { 'x-switchyard-overhead-ms': String(Math.max(0, Math.round(overhead))) };
}

function routed(route: string, reason: string, target: string): Record<string, string> {
  return {
    'x-switchyard-route': headerValue(route),
    'x-switchyard-reason': headerValue(reason),
    'x-switchyard-group': headerValue(target),
  };
}

function answeredBy(provider: string, model: string, key: string): Record<string, string> {
  return {
    'x-switchyard-provider': headerValue(provider),
    'x-switchyard-model': headerValue(model),
    'x-switchyard-key': headerValue(key),
  };
}
