// Writes the upstream request of one attempt: the original bytes where the dialects agree, a converted body otherwise.

import type { ProviderConfig } from '../config/router-config.ts';
import type { AnswerMemory, ClientDialect, UpstreamDialect } from '../dialects/dialect.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { upstreamDialect } from '../dialects/registry.ts';
import type { Relay, StreamPeek } from '../dialects/relay.ts';
import { mendedProfile, type Remedy } from '../dialects/remedy.ts';
import type { TargetProfile } from '../dialects/target-profile.ts';
import { type Failure, UpstreamFailure } from '../failure.ts';
import { changedPieces } from '../json/members.ts';
import { replaceTopLevelString } from '../json/top-level.ts';
import type { JsonObject } from '../json/values.ts';
import { resetFailure } from '../resilience/classify.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { ClientRequest } from './client.ts';
import { authHeaders, passThroughHeaders } from './upstream-headers.ts';
import { upstreamUrl, withoutCredential } from './upstream-url.ts';

export interface EncodedAttempt {
  url: string;
  headers: Record<string, string>;
  /** Pieces that follow each other: those of the client's own body are not copied. */
  body: readonly Uint8Array[];
  dialect: UpstreamDialect;
  /** The upstream speaks the client's dialect: how its answer goes back as it is. */
  relayed?: RelayedAnswer;
  memory: AnswerMemory;
  notes: string[];
}

export interface RelayedAnswer {
  createPeek(): StreamPeek;
  /** A whole answer with the name of the model that the client asked for. */
  putModelBack(body: Uint8Array): Uint8Array;
  /** An error's body, parsed, means to the client what it means to us. */
  understands(error: unknown, failure: Failure): boolean;
}

export interface EncodeInput {
  client: ClientDialect;
  request: ClientRequest;
  /** The client's own body, parsed. */
  body: Readonly<JsonObject>;
  hub: HubRequest;
  /** `hub` says something else than `body`. */
  rewritten: boolean;
  /** Something in `body` has no place in `hub`. */
  mustRelay: boolean;
  deployment: Deployment;
  key: string | undefined;
  dropParams: boolean;
  /** What helped against refusals of this deployment. */
  remedies: readonly Remedy[];
  version: string;
}

const encoder = new TextEncoder();
/** Said when bytes must pass that the hub can't hold, and the hub was changed. */
const unheeded = 'sent as it came: what a rule or a subagent tag changes does not reach this request';
const noNames: AnswerMemory['toolNames'] = new Map();

export function targetProfile(deployment: Deployment, dropParams: boolean): TargetProfile {
  const { provider, model } = deployment;
  const profile: TargetProfile = {
    provider: provider.name,
    model: model.id,
    quirks: provider.quirks,
    vision: model.vision,
    pdf: model.pdf,
    params: model.params,
    dropParams,
  };
  if (model.maxOutput !== undefined) profile.maxOutput = model.maxOutput;
  return profile;
}

/** Throws `ClientError` when the request can't be said in the upstream's dialect. */
export function encodeAttempt(input: EncodeInput): EncodedAttempt {
  const { provider } = input.deployment;
  const dialect = upstreamDialect(provider.dialect);
  if (!dialect) {
    const failure = resetFailure(`${provider.name} speaks ${provider.dialect}, which is not supported yet`);
    throw new UpstreamFailure({ ...failure, status: 501 });
  }
  const target = mendedProfile(targetProfile(input.deployment, input.dropParams), input.remedies);
  const relay = input.client.id === dialect.id ? input.client.relay : undefined;
  const canRelay =
    input.mustRelay ||
    ((input.remedies.length === 0 || relay?.heeds(target) === true) &&
      (!input.rewritten || relay?.readsHub === true));
  return relay && canRelay ? relayed(input, dialect, relay, target) : converted(input, dialect, target);
}

function relayed(
  input: EncodeInput,
  dialect: UpstreamDialect,
  relay: Relay,
  target: TargetProfile,
): EncodedAttempt {
  const { request, body, hub, deployment, key } = input;
  const { provider, model } = deployment;
  const asked = { body, hub, query: withoutCredential(request.query) };
  const prepared = relay.prepare(asked, target);
  const toolNames = prepared.toolNames ?? noNames;
  const told = hub.model === model.id ? undefined : hub.model;
  const encoded: EncodedAttempt = {
    url: upstreamUrl(provider.baseUrl, prepared.path, model.id),
    headers: withoutBetas(relayedHeaders(request, provider, key), target.refusedBetas),
    body: changedPieces(request.body, body, prepared.body),
    dialect,
    memory: { toolNames },
    notes: input.rewritten && relay.readsHub !== true ? [...prepared.notes, unheeded] : prepared.notes,
  };
  // Names in the answer have to be changed back: it is converted.
  if (toolNames.size > 0) return encoded;
  encoded.relayed = {
    createPeek: () => prepared.createPeek(told),
    putModelBack: (answer) =>
      (told === undefined ? undefined : replaceTopLevelString(answer, relay.modelField, told)) ?? answer,
    understands: relay.understands,
  };
  return encoded;
}

function converted(input: EncodeInput, dialect: UpstreamDialect, target: TargetProfile): EncodedAttempt {
  const { hub, deployment, key } = input;
  const { provider, model } = deployment;
  const encoded = dialect.encodeRequest(hub, target);
  const streams = hub.stream === true && encoded.memory.echoed === undefined;
  return {
    url: upstreamUrl(provider.baseUrl, encoded.path, model.id),
    headers: writtenHeaders(provider, key, input.version, streams),
    body: [encoder.encode(JSON.stringify(encoded.body))],
    dialect,
    memory: encoded.memory,
    notes: encoded.notes,
  };
}

/** The headers of a call that carries a client's own request on. */
export function relayedHeaders(
  request: ClientRequest,
  provider: ProviderConfig,
  key: string | undefined,
): Record<string, string> {
  return ownHeaders(provider, key, passThroughHeaders(request.headers));
}

/** The headers of a call that is written anew. */
export function writtenHeaders(
  provider: ProviderConfig,
  key: string | undefined,
  version: string,
  stream: boolean,
): Record<string, string> {
  return ownHeaders(provider, key, {
    accept: stream ? 'text/event-stream' : 'application/json',
    'user-agent': `switchyard/${version}`,
  });
}

/** `first`, then what every call of the provider's dialect needs, then the provider's own headers and key. */
export function ownHeaders(
  provider: ProviderConfig,
  key: string | undefined,
  first: Record<string, string>,
): Record<string, string> {
  const version = provider.dialect === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
  const headers: Record<string, string> = {
    ...version,
    ...first,
    'content-type': 'application/json',
    ...provider.headers,
    ...authHeaders(provider, key),
  };
  addOauthBeta(headers, key);
  return headers;
}

/** A subscription token is only taken together with this beta. */
function addOauthBeta(headers: Record<string, string>, key: string | undefined): void {
  if (!key?.startsWith('sk-ant-oat')) return;
  const betas = headers['anthropic-beta'];
  headers['anthropic-beta'] = betas === undefined ? 'oauth-2025-04-20' : `${betas},oauth-2025-04-20`;
}

function withoutBetas(
  headers: Record<string, string>,
  refused: TargetProfile['refusedBetas'],
): Record<string, string> {
  const { 'anthropic-beta': betas, ...others } = headers;
  if (betas === undefined || refused === undefined) return headers;
  const kept = betas.split(',').filter((beta) => refused !== 'all' && !refused.includes(beta.trim()));
  return kept.length === 0 ? others : { ...others, 'anthropic-beta': kept.join(',') };
}
