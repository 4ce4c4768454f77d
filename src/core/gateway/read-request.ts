// From an endpoint and the raw request to the hub's form: the body is parsed here, once.
import { ClientError } from '../client-error.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import { askedOf } from '../dialects/gemini/client/asked-request.ts';
import { geminiListClient } from '../dialects/gemini/client/client.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { clientDialect } from '../dialects/registry.ts';
import type { Endpoint } from '../http/endpoints.ts';
import { parseRequestBody } from '../http/request-body.ts';
import { changeMembers } from '../json/members.ts';
import { isObject } from '../json/values.ts';
import type { ClientRequest } from './client.ts';

export interface ReadBody {
  client: ClientDialect;
  /** With the model that the path names, in bytes too. */
  request: ClientRequest;
  body: Record<string, unknown>;
}

/** `body`: also with what else stands in the path for dialects that put it there. */
export interface ReadRequest extends ReadBody {
  hub: HubRequest;
  /** The refusals for what only an upstream of the client's own dialect can be given. */
  carried: readonly ClientError[];
}

/** Throws `ClientError` (400) for a body that is no JSON object. */
export function readBody(endpoint: Endpoint, request: ClientRequest): ReadBody {
  const client = clientDialect(endpoint.dialect);
  if (!client) throw new ClientError(501, 'api_error', `${endpoint.dialect} clients are not served yet.`);
  const sent = parseRequestBody(request.body);
  if (endpoint.deployment === undefined) return { client, request, body: sent };
  const body = { ...sent, model: endpoint.deployment };
  return { client, request: { ...request, body: changeMembers(request.body, sent, body) }, body };
}

/** Throws `ClientError` (400) for a body that is no request of the endpoint's dialect, 404 for unknown verbs. */
export function readRequest(endpoint: Endpoint, asked: ClientRequest): ReadRequest {
  const { client, request, body: parsed } = readBody(endpoint, asked);
  const carried: ClientError[] = [];
  if (endpoint.kind !== 'gemini-verb')
    return { client, request, body: parsed, hub: client.decodeRequest(parsed, carried), carried };
  const { model, verb } = endpoint;
  const stream = verb === 'streamGenerateContent';
  if (!stream && verb !== 'generateContent' && verb !== 'countTokens')
    throw new ClientError(404, 'not_found_error', `Models have no ${verb} here.`);
  // The SDKs wrap what is to be counted in a request of its own.
  const inner = parsed.generateContentRequest;
  const content = verb === 'countTokens' && isObject(inner) ? inner : parsed;
  const body = askedOf(content, model, stream);
  const streamsList = stream && request.query.get('alt') !== 'sse';
  return {
    client: streamsList ? geminiListClient : client,
    request,
    body,
    hub: client.decodeRequest(body, carried),
    carried,
  };
}
