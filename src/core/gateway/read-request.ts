// From an endpoint and the raw request to the hub's form: the body is parsed here, once.
import { ClientError } from '../client-error.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import { askedOf } from '../dialects/gemini/client/asked-request.ts';
import { geminiListClient } from '../dialects/gemini/client/client.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { clientDialect } from '../dialects/registry.ts';
import type { Endpoint } from '../http/endpoints.ts';
import { parseRequestBody } from '../http/request-body.ts';
import { isObject } from '../json/values.ts';
import type { ClientRequest } from './client.ts';

export interface ReadRequest {
  client: ClientDialect;
  /** The client's own body, with what stands in the path for dialects that put it there. */
  body: Record<string, unknown>;
  hub: HubRequest;
}

/** Throws `ClientError` (400) for a body that is no request of the endpoint's dialect, 404 for unknown verbs. */
export function readRequest(endpoint: Endpoint, request: ClientRequest): ReadRequest {
  const client = clientDialect(endpoint.dialect);
  if (!client) throw new ClientError(501, 'api_error', `${endpoint.dialect} clients are not served yet.`);
  const parsed = parseRequestBody(request.body);
  if (endpoint.kind !== 'gemini-verb') return { client, body: parsed, hub: client.decodeRequest(parsed) };
  const { model, verb } = endpoint;
  const stream = verb === 'streamGenerateContent';
  if (!stream && verb !== 'generateContent' && verb !== 'countTokens')
    throw new ClientError(404, 'not_found_error', `Models have no ${verb} here.`);
  // The SDKs wrap what is to be counted in a request of its own.
  const inner = parsed.generateContentRequest;
  const content = verb === 'countTokens' && isObject(inner) ? inner : parsed;
  const body = askedOf(content, model, stream);
  const streamsList = stream && request.query.get('alt') !== 'sse';
  return { client: streamsList ? geminiListClient : client, body, hub: client.decodeRequest(body) };
}
