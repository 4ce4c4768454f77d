// The rest of an exchange once its answer has begun: the answer's bytes, and what they teach. A stream takes minutes and a
// request may have megabytes: nothing here holds the request, and nobody waits for this who does.
import type { Dispatch } from '../balance/dispatch.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import type { Failure } from '../failure.ts';
import { canceledFailure } from '../resilience/classify.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { TokenUsage } from '../tokens/usage.ts';
import type { Committed } from './attempt-input.ts';
import { endRecord, type LoopResult } from './attempt-loop.ts';
import type { ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import type { AttemptRecord, ExchangeRecord } from './exchange.ts';
import { type RelayOutcome, relayStream } from './relay.ts';
import { routeHeaders } from './route-headers.ts';
import { mergeUsage } from './usage.ts';

/** Sends what is left of an answer and books its end. */
export type Rest = () => Promise<void>;

/** What of an exchange is still needed. */
export interface BegunExchange {
  context: GatewayContext;
  /** Writes failures, and what the router itself says inside a stream. */
  client: ClientDialect;
  response: ClientResponse;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
  startedAt: number;
  /** Of the decision's target: the way through the limits of its deployments. */
  dispatch: Dispatch;
  /** The answer came to its end and said what it cost. */
  onUsage?: (usage: TokenUsage) => void;
}

type Begun = LoopResult & { ok: true };

export function restOf(exchange: BegunExchange, record: ExchangeRecord, result: Begun): Rest {
  return async () => {
    const { context, startedAt } = exchange;
    const committedAt = context.clock.now();
    let outcome: RelayOutcome = {};
    try {
      // Not at the end: a probe after a cooldown would keep others away for as long as its answer streams.
      context.health.committed(result.deployment);
      exchange.dispatch.committed(result.deployment, context.clock.elapsed() - result.begun);
      context.onHealth();
      const overhead = committedAt - startedAt - upstreamTime(record, committedAt);
      outcome = await send(exchange, result.committed, routeHeaders(record, result.record, overhead));
      bookEnd(exchange, result.deployment, outcome);
    } catch (error) {
      if (result.committed.kind === 'stream') result.committed.close();
      endAbandoned(context, record, 500);
      throw error;
    } finally {
      // Only now: who waits in line for this slot must know how its deployment is.
      result.lease.end(tokensOf(outcome.usage));
    }
    finish(exchange, record, result, outcome, committedAt);
  };
}

/** A mistake of ours ends the exchange: its record must not stay open. */
export function endAbandoned(context: GatewayContext, record: ExchangeRecord, status: number): void {
  const now = context.clock.now();
  record.status = status;
  record.duration = Math.max(now - record.startedAt, 0);
  const running = record.attempts.findLast((attempt) => attempt.outcome === 'running');
  if (running)
    Object.assign(running, { outcome: 'invalid-request', duration: Math.max(now - running.startedAt, 0) });
  context.onExchange(record);
}

async function send(
  exchange: BegunExchange,
  committed: Committed,
  headers: Record<string, string>,
): Promise<RelayOutcome> {
  const { response, context, client, signal } = exchange;
  if (committed.kind === 'stream') {
    const type = client.streamType === undefined ? {} : { 'content-type': client.streamType };
    response.writeHead(committed.status, {
      'cache-control': 'no-cache',
      ...committed.headers,
      ...type,
      ...headers,
    });
    return relayStream({ response, committed, context, signal });
  }
  response.writeHead(committed.status, { ...committed.headers, ...headers });
  response.end(committed.body);
  return committed.usage ? { usage: committed.usage } : {};
}

function bookEnd(
  { context }: BegunExchange,
  deployment: Deployment,
  { error, canceled }: RelayOutcome,
): void {
  if (error) context.health.failure(deployment, streamFailure(error), context.config.resilience);
  else if (!canceled) context.health.completed(deployment);
}

function finish(
  exchange: BegunExchange,
  record: ExchangeRecord,
  result: Begun,
  outcome: RelayOutcome,
  committedAt: number,
): void {
  const { context } = exchange;
  const now = context.clock.now();
  const failure = outcome.error ? streamFailure(outcome.error) : undefined;
  endRecord(result.record, outcome.canceled ? canceledFailure : failure, now);
  record.status = outcome.canceled ? 499 : result.committed.status;
  record.duration = Math.max(now - record.startedAt, 0);
  record.ttft = Math.max(committedAt - record.startedAt, 0);
  if (outcome.usage) {
    record.usage = mergeUsage({}, outcome.usage);
    if (!failure && !outcome.canceled) exchange.onUsage?.(record.usage);
  }
  if (!failure && !outcome.canceled) {
    const took = context.clock.elapsed() - result.begun;
    exchange.dispatch.completed(result.deployment, took, record.usage?.output ?? 0);
  }
  logAttempt(context, record, result.record);
  context.onHealth();
  context.onExchange(record);
}

/** All that was read and written, as providers count it against a key's limit; undefined when nothing was told. */
function tokensOf(usage: RelayOutcome['usage']): number | undefined {
  if (!usage) return undefined;
  const { input, output, cacheRead, cacheWrite } = mergeUsage({}, usage);
  return input + output + cacheRead + cacheWrite || undefined;
}

/** A break after content was sent: too late for another deployment, but it counts against this one. */
function streamFailure(error: NonNullable<RelayOutcome['error']>): Failure {
  return {
    kind: error.type === 'timeout_error' ? 'timeout' : 'reset',
    scope: 'deployment',
    retry: 'next',
    status: error.status ?? 502,
    message: error.message,
    errorType: error.type,
  };
}

/** Milliseconds that attempts took; the rest of an exchange's time is ours. */
export function upstreamTime(record: ExchangeRecord, now: number): number {
  return record.attempts.reduce((sum, attempt) => sum + (attempt.duration ?? now - attempt.startedAt), 0);
}

export function logAttempt(context: GatewayContext, record: ExchangeRecord, attempt: AttemptRecord): void {
  const where = `${record.id} attempt ${record.attempts.indexOf(attempt) + 1} ${attempt.provider}/${attempt.model} (key ${attempt.key})`;
  const took = `${((attempt.duration ?? 0) / 1000).toFixed(2)} s`;
  if (attempt.outcome === 'success') context.log('info', `${where}: ok in ${took}`);
  else
    context.log(
      attempt.outcome === 'canceled' ? 'info' : 'warn',
      `${where}: ${attempt.outcome} after ${took}: ${attempt.error ?? ''}`,
    );
}
