// One exchange from the decision to the begin of its answer, whatever is asked: its record, the attempts over its
// deployments, its failure, the log. Messages, embeddings and completions differ in how a deployment is asked.
import type { Lease } from '../balance/load-book.ts';
import { ClientError } from '../client-error.ts';
import { clip } from '../clip.ts';
import { formatTarget } from '../config/target.ts';
import type { Remedy } from '../dialects/remedy.ts';
import { type Failure, type FailureKind, UpstreamFailure } from '../failure.ts';
import { missingKeyFailure, unusableKeyFailure } from '../resilience/classify.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { RouteDecision } from '../routing/decide.ts';
import type { Committed } from './attempt-input.ts';
import { type LoopResult, runAttemptLoop } from './attempt-loop.ts';
import type { ClientRequest } from './client.ts';
import type { GatewayContext } from './context.ts';
import type { AttemptRecord, ExchangeRecord } from './exchange.ts';
import { failureAnswer } from './failure-answer.ts';
import {
  type BegunExchange,
  endAbandoned,
  logAttempt,
  type Rest,
  restOf,
  upstreamTime,
} from './finish-exchange.ts';
import { routeHeaders } from './route-headers.ts';
import type { Transport } from './transport.ts';

/** What the record and the log tell of a request. */
export interface AskedFor {
  /** As the client named it; '' for none. */
  model: string;
  stream: boolean;
  session?: string;
  agent?: string;
  agentType?: string;
}

export interface Exchange extends Omit<BegunExchange, 'signal'> {
  request: ClientRequest;
  asked: AskedFor;
  decision: RouteDecision;
  /** The profile that was in force. */
  profile?: string;
  /** Those of the dispatch that can serve, in the order in which they are tried. */
  candidates: readonly Deployment[];
  /** Where a prompt may fit that was refused as too long. */
  wider?(failure: Failure): readonly Deployment[];
  /** One attempt; throws `UpstreamFailure`, or `ClientError` when the request can't be said to this upstream. */
  attempt(deployment: Deployment, call: AttemptCall): Promise<Committed>;
  /** The answer has begun: what was only needed to ask is let go. */
  letGo?(): void;
}

export interface AttemptCall {
  /** The key's value; undefined for providers that need none. */
  key: string | undefined;
  /** For this attempt alone: it counts what it sends. */
  transport: Transport;
  /** A remark for the log: what was dropped or replaced. */
  note(text: string): void;
  /** The upstream refused the request and is asked again with it mended. */
  mended(failure: Failure, remedy: Remedy): void;
}

/**
 * Serves one exchange up to the begin of its answer; what is left to do is returned. Throws `ClientError` only before
 * anything was sent; everything else is answered here.
 */
export async function serveExchange(exchange: Exchange): Promise<Rest | undefined> {
  const { context } = exchange;
  const record = newRecord(exchange);
  logDecision(exchange, record);
  context.onExchange(record);

  const result = await attemptAll(exchange, record).catch((error: unknown) => {
    throw abandoned(exchange, record, error);
  });
  if (!result.ok) {
    context.onHealth();
    answerFailure(exchange, record, result);
    return undefined;
  }
  exchange.letGo?.();
  return restOf(begun(exchange), record, result);
}

/** Without the request. */
function begun({
  context,
  client,
  request,
  response,
  startedAt,
  dispatch,
  onUsage,
}: Exchange): BegunExchange {
  return {
    context,
    client,
    response,
    signal: request.signal,
    startedAt,
    dispatch,
    ...(onUsage && { onUsage }),
  };
}

/** One way through the deployments, and one more through wider ones where the prompt is too long for these. */
async function attemptAll(exchange: Exchange, record: ExchangeRecord): Promise<LoopResult> {
  const { context, request } = exchange;
  const { resilience } = context.config;
  const run = (candidates: readonly Deployment[]) =>
    runAttemptLoop({
      candidates,
      resilience: { ...resilience, maxAttempts: resilience.maxAttempts - record.attempts.length },
      health: context.health,
      admission: exchange.dispatch,
      clock: context.clock,
      random: context.random,
      signal: request.signal,
      attempt: (deployment, attempt, lease) => attemptOn(exchange, record, deployment, attempt, lease),
      onWait: () => context.log('info', `${record.id} waits: every key that could serve it is at a limit`),
      onAttempt: (attempt) => {
        record.attempts.push(attempt);
        context.onExchange(record);
      },
      onAttemptEnd: (attempt) => logAttempt(context, record, attempt),
    });
  const tried = (each: Deployment) =>
    record.attempts.some(
      ({ provider, model, key }) =>
        provider === each.provider.name && model === clip(each.model.id) && key === each.key.name,
    );
  const result = await run(exchange.candidates);
  if (result.ok || result.failure.kind !== 'context-length' || result.failure.final) return result;
  const wider = (exchange.wider?.(result.failure) ?? []).filter((each) => !tried(each));
  if (wider.length === 0 || record.attempts.length >= resilience.maxAttempts) return result;
  const names = wider.map(({ provider, model }) => `${provider.name}/${clip(model.id)}`);
  context.log('info', `${record.id} is too long; next: ${[...new Set(names)].join(', ')}`);
  const second = await run(wider);
  // What passes soon is worth another try of the client's; else all that it can do is to shorten its prompt.
  return second.ok || soonOver.has(second.failure.kind) ? second : result;
}

/** The lease holds the first request. Mended ones, batches and the rounds of a search are further ones. */
function counted(transport: Transport, lease: Lease): Transport {
  let sent = 0;
  return {
    send(request) {
      if (sent++ > 0) lease.again();
      return transport.send(request);
    },
  };
}

const soonOver: ReadonlySet<FailureKind> = new Set([
  'canceled',
  'connect',
  'reset',
  'timeout',
  'overloaded',
  'server',
  'bad-stream',
]);

function newRecord(exchange: Exchange): ExchangeRecord {
  const { context, client, startedAt, asked, decision } = exchange;
  const record: ExchangeRecord = {
    id: context.random.id('x'),
    startedAt,
    client: client.id,
    requestedModel: clip(asked.model),
    stream: asked.stream,
    route: decision.route,
    reason: clip(decision.reason, 500),
    target: clip(formatTarget(decision.target)),
    attempts: [],
  };
  if (asked.session !== undefined) record.session = asked.session;
  if (asked.agent !== undefined) record.agent = asked.agent;
  if (exchange.request.clientName !== undefined) record.clientName = exchange.request.clientName;
  if (exchange.profile !== undefined) record.profile = exchange.profile;
  return record;
}

/** Throws `UpstreamFailure` for a key that is missing or that no header can carry. */
function attemptOn(
  exchange: Exchange,
  record: ExchangeRecord,
  deployment: Deployment,
  attempt: AttemptRecord,
  lease: Lease,
): Promise<Committed> {
  const { context } = exchange;
  const { reference } = deployment.key;
  const { baseUrl } = deployment.provider;
  const key = reference === 'none' ? undefined : context.readKey(reference, baseUrl);
  if (reference !== 'none' && key === undefined)
    throw new UpstreamFailure(
      missingKeyFailure(deployment.provider.name, context.explainKey(reference, baseUrl)),
    );
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key))
    throw new UpstreamFailure(unusableKeyFailure(deployment.provider.name, reference));
  const where = `${record.id} ${deployment.provider.name}/${deployment.model.id}`;
  return exchange.attempt(deployment, {
    key,
    transport: counted(context.transport, lease),
    note: (text) => context.log('info', `${where}: ${text}`),
    mended(failure, { what }) {
      attempt.mended = [...(attempt.mended ?? []), what];
      const why = clip(failure.message, 500);
      context.log('warn', `${where} refused the request (${why}): ${what}, asked again`);
      context.onExchange(record);
    },
  });
}

/**
 * The request could not even be written for a deployment: the record must not stay open. Returns the error, with the
 * exchange's headers where the client gets it.
 */
function abandoned(exchange: Exchange, record: ExchangeRecord, error: unknown): unknown {
  const { context } = exchange;
  const told = error instanceof ClientError ? error : undefined;
  endAbandoned(context, record, told?.status ?? 500);
  if (!told) return error;
  const now = context.clock.now();
  const overhead = now - record.startedAt - upstreamTime(record, now);
  const headers = routeHeaders(record, record.attempts.at(-1), overhead);
  return new ClientError(told.status, told.type, told.message, { ...told.headers, ...headers });
}

function answerFailure(exchange: Exchange, record: ExchangeRecord, result: LoopResult & { ok: false }): void {
  const { context, client, response, startedAt } = exchange;
  const now = context.clock.now();
  record.duration = now - startedAt;
  record.status = result.failure.status;
  if (result.failure.kind !== 'canceled') {
    const answer = failureAnswer(client, clean(context, result), now);
    record.status = answer.status;
    response.writeHead(answer.status, {
      ...answer.headers,
      ...routeHeaders(record, record.attempts.at(-1), now - startedAt - upstreamTime(record, now)),
    });
    response.end(answer.body);
    const why = clip(result.failure.message, 1000);
    context.log('warn', `${record.id} failed with ${answer.status}: ${why}`);
  } else response.end();
  context.onExchange(record);
}

/** Some providers repeat the key in an error, also where they answer with status 200. */
function clean(context: GatewayContext, result: LoopResult & { ok: false }): LoopResult & { ok: false } {
  const failure = { ...result.failure, message: context.redact(result.failure.message) };
  if (failure.answer) {
    const told = new TextDecoder().decode(failure.answer.body);
    const body = context.redact(told);
    if (body !== told) failure.answer = { ...failure.answer, body: new TextEncoder().encode(body) };
  }
  return { ...result, failure };
}

function logDecision({ context, asked, decision }: Exchange, record: ExchangeRecord): void {
  const agent = record.agent === undefined ? '' : ` (subagent ${clip(asked.agentType ?? record.agent)})`;
  const client = record.clientName === undefined ? '' : `${clip(record.clientName)}: `;
  context.log(
    'info',
    `${record.id} ${client}${record.requestedModel || 'no model'}${agent} → route ${record.route} → ${record.target}: ${record.reason}`,
  );
  for (const hint of decision.hints) context.log('warn', `${record.id} ${clip(hint, 500)}`);
}
