// A call that carries JSON up and JSON back, for what is no conversation.
import { upstreamDialect } from '../dialects/registry.ts';
import { type Failure, UpstreamFailure } from '../failure.ts';
import type { JsonObject } from '../json/values.ts';
import { badStream } from '../resilience/classify.ts';
import type { Deployment } from '../routing/candidates.ts';
import { readAll } from './bytes.ts';
import type { ClientRequest } from './client.ts';
import type { GatewayContext } from './context.ts';
import { writtenHeaders } from './encode-attempt.ts';
import { readFailedAnswer } from './failed-answer.ts';
import type { Transport, UpstreamResponse } from './transport.ts';
import { callUpstream, type UpstreamCall } from './upstream-call.ts';
import { upstreamUrl } from './upstream-url.ts';

export interface JsonCall {
  context: GatewayContext;
  transport: Transport;
  request: ClientRequest;
  deployment: Deployment;
  key: string | undefined;
  signal: AbortSignal;
  /** Below the provider's base URL. */
  path: string;
  /** Pieces of bytes go up as they are. */
  body: JsonObject | readonly Uint8Array[];
}

export interface JsonAnswer {
  value: unknown;
  bytes: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const largestAnswer = 256 * 1024 * 1024;

/** The request as `callUpstream` takes it. */
export function upstreamCall(call: JsonCall, stream: boolean): UpstreamCall {
  const { context, transport, deployment, key, signal, path, body } = call;
  const { clock, log, version } = context;
  const { provider, model } = deployment;
  return {
    transport,
    clock,
    log,
    deployment,
    encoded: {
      url: upstreamUrl(provider.baseUrl, path, model.id),
      headers: writtenHeaders(provider, key, version, stream),
      body: Array.isArray(body) ? body : [encoder.encode(JSON.stringify(body))],
    },
    stream,
    errorRules: context.config.errorRules,
    signal,
  };
}

/** Throws `UpstreamFailure` when the call fails or its answer is no JSON. */
export function callJson(call: JsonCall): Promise<JsonAnswer> {
  return callUpstream(
    upstreamCall(call, false),
    async (answer, _form, open) => {
      const read = await readJson(answer, call.deployment);
      open.finished();
      return read;
    },
    (answer) => readEndpointFailure(call, answer),
  );
}

/** Throws `UpstreamFailure` (bad-stream) when the body is no JSON. */
export async function readJson(answer: UpstreamResponse, { provider }: Deployment): Promise<JsonAnswer> {
  const bytes = await readAll(answer.body, largestAnswer, 'fail');
  try {
    return { value: JSON.parse(decoder.decode(bytes)), bytes };
  } catch (error) {
    throw new UpstreamFailure(badStream(`${provider.name} sent an answer that is not JSON`), {
      cause: error,
    });
  }
}

/** What a refusal means here: a provider that lacks this endpoint may serve conversations all the same. */
export async function readEndpointFailure(call: JsonCall, answer: UpstreamResponse): Promise<Failure> {
  const { deployment, context } = call;
  const dialect = upstreamDialect(deployment.provider.dialect);
  if (!dialect) return badStream(`${deployment.provider.name} speaks an unknown dialect`);
  const { failure } = await readFailedAnswer(answer, dialect, deployment, context.clock);
  const lacks = answer.status === 404 || answer.status === 405 || answer.status === 501;
  return lacks ? { ...failure, scope: 'request', retry: 'next' } : failure;
}
