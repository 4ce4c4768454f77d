// Writes the upstream request of one attempt: the original bytes where the dialects agree, a converted body otherwise.

import type { ProviderConfig } from '../config/router-config.ts';
import { prepareAnthropicRequest } from '../dialects/anthropic/pass-through.ts';
import type { AnswerMemory, DialectId, TargetProfile, UpstreamDialect } from '../dialects/dialect.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { upstreamDialect } from '../dialects/registry.ts';
import { UpstreamFailure } from '../failure.ts';
import { replaceTopLevelString } from '../json/top-level.ts';
import { resetFailure } from '../resilience/classify.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { ClientRequest } from './client.ts';
import { authHeaders, passThroughHeaders } from './upstream-headers.ts';
import { upstreamUrl } from './upstream-url.ts';

export interface EncodedAttempt {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  dialect: UpstreamDialect;
  /** The upstream speaks the client's dialect: its answer is relayed as it is. */
  passThrough: boolean;
  /** The model name in the upstream's answer differs from what the client asked for. */
  modelReplaced: boolean;
  memory: AnswerMemory;
  notes: string[];
}

export interface EncodeInput {
  /** The client's dialect. */
  client: DialectId;
  request: ClientRequest;
  hub: HubRequest;
  deployment: Deployment;
  key: string | undefined;
  dropParams: boolean;
  version: string;
}

const encoder = new TextEncoder();
const noMemory: AnswerMemory = { toolNames: new Map() };

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
  const same = input.client === dialect.id && dialect.id === 'anthropic';
  return same ? passThrough(input, dialect) : converted(input, dialect);
}

function passThrough(input: EncodeInput, dialect: UpstreamDialect): EncodedAttempt {
  const { request, hub, deployment, key } = input;
  const { provider, model } = deployment;
  const prepared = prepareAnthropicRequest(hub, targetProfile(deployment, input.dropParams));
  const sameModel = hub.model === model.id;
  const body = prepared.changed
    ? encoder.encode(JSON.stringify({ ...prepared.request, model: model.id }))
    : sameModel
      ? request.body
      : (replaceTopLevelString(request.body, 'model', model.id) ?? request.body);
  return {
    url: upstreamUrl(provider.baseUrl, messagesPath, model.id, forwardedQuery(request.query)),
    headers: relayedHeaders(request, provider, key),
    body,
    dialect,
    passThrough: true,
    modelReplaced: !sameModel,
    memory: noMemory,
    notes: prepared.notes,
  };
}

export const messagesPath = '/v1/messages';

function converted(input: EncodeInput, dialect: UpstreamDialect): EncodedAttempt {
  const { hub, deployment, key } = input;
  const { provider, model } = deployment;
  const encoded = dialect.encodeRequest(hub, targetProfile(deployment, input.dropParams));
  return {
    url: upstreamUrl(provider.baseUrl, encoded.path, model.id),
    headers: ownHeaders(provider, key, {
      accept: hub.stream === true ? 'text/event-stream' : 'application/json',
      'user-agent': `switchyard/${input.version}`,
    }),
    body: encoder.encode(JSON.stringify(encoded.body)),
    dialect,
    passThrough: false,
    modelReplaced: true,
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

/** `first`, then what every call of the provider's dialect needs, then the provider's own headers and key. */
function ownHeaders(
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

/** The client's query without its credential. */
export function forwardedQuery(query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  kept.delete('key');
  const text = kept.toString();
  return text === '' ? '' : `?${text}`;
}
