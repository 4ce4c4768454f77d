// What serves each endpoint.
import { ClientError } from '../client-error.ts';
import { clip } from '../clip.ts';
import type { Clock } from '../clock.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { decodeGeminiEmbeddings, isEmbeddingVerb } from '../embeddings/gemini-ask.ts';
import type { EmbeddingHabits } from '../embeddings/habits.ts';
import { decodeOpenAiEmbeddings } from '../embeddings/openai-ask.ts';
import type { Endpoint } from '../http/endpoints.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import { serveCompletions } from './completions.ts';
import type { GatewayContext } from './context.ts';
import { type CountlessProviders, serveCountTokens } from './count-tokens.ts';
import { serveEmbeddings } from './embeddings.ts';
import type { Rest } from './finish-exchange.ts';
import { serveMessages } from './messages.ts';
import { modelInfo } from './model-info.ts';
import { googleModelEntry, googleModelList, modelEntry, modelList } from './model-list.ts';
import { findModel } from './models.ts';
import { readBody, readRequest } from './read-request.ts';
import { overheadHeader } from './route-headers.ts';

/** What providers have turned out not to understand. */
export interface Learnt {
  countless: CountlessProviders;
  embeddings: EmbeddingHabits;
}

export interface Visit {
  request: ClientRequest;
  response: ClientResponse;
  startedAt: number;
  clock: Clock;
  learnt: Learnt;
  /** Throws `ClientError` (503) while there is nothing to serve with. */
  context(): GatewayContext;
  /** The same for what a model is asked; throws `ClientError` (429) for a client that asks too often, too. */
  admitted(): GatewayContext;
}

/** Answers, or begins to: what is left to do is returned. Throws `ClientError` only before anything was sent. */
export async function serveEndpoint(endpoint: Endpoint, visit: Visit): Promise<Rest | undefined> {
  const { request, response } = visit;
  switch (endpoint.kind) {
    case 'root':
    case 'hello':
      return answerText(request, response, 'Switchyard is running.\n');
    case 'health':
      return answerJson(visit, { status: 'ok', name: 'switchyard' });
    case 'unknown':
      throw new ClientError(
        404,
        'not_found_error',
        `There is no ${request.method} ${clip(request.path)} here.`,
      );
    case 'wrong-method':
      throw new ClientError(
        405,
        'invalid_request_error',
        `${clip(request.path)} takes ${endpoint.allow}, not ${request.method}.`,
        { allow: endpoint.allow },
      );
    case 'models': {
      const list = endpoint.dialect === 'gemini' ? googleModelList : modelList;
      return answerJson(visit, list(visit.context().config, request.query));
    }
    case 'model':
      return answerJson(visit, describeModel(visit.context().config, endpoint.model, endpoint.dialect));
    case 'model-info':
      return answerJson(visit, modelInfo(visit.context().config));
    case 'count-tokens': {
      const context = visit.context();
      return serveCountTokens({ ...visit, context, ...readRequest(endpoint, request) });
    }
    case 'gemini-verb':
      return serveGeminiVerb(endpoint, visit);
    case 'messages': {
      const context = visit.admitted();
      return serveMessages({ ...visit, context, ...readRequest(endpoint, request) });
    }
    case 'embeddings': {
      const context = visit.admitted();
      const read = readBody(endpoint, request);
      const { embeddings: habits } = visit.learnt;
      return serveEmbeddings({ ...visit, context, habits, ...read, ask: decodeOpenAiEmbeddings(read.body) });
    }
    case 'completions': {
      const context = visit.admitted();
      return serveCompletions({ ...visit, context, ...readBody(endpoint, request), path: endpoint.path });
    }
  }
}

function serveGeminiVerb(
  endpoint: Endpoint & { kind: 'gemini-verb' },
  visit: Visit,
): Promise<Rest | undefined> {
  const { request, learnt } = visit;
  const { model, verb } = endpoint;
  const counts = verb === 'countTokens';
  const context = counts ? visit.context() : visit.admitted();
  if (!isEmbeddingVerb(verb)) {
    const serve = counts ? serveCountTokens : serveMessages;
    return serve({ ...visit, context, ...readRequest(endpoint, request) });
  }
  const read = readBody(endpoint, request);
  const ask = decodeGeminiEmbeddings(read.body, model, verb);
  return serveEmbeddings({ ...visit, context, habits: learnt.embeddings, ...read, ask, verb });
}

/** Throws `ClientError` (404) for a name that means nothing here. */
function describeModel(config: RouterConfig, name: string, dialect: DialectId): unknown {
  const model = findModel(config, name);
  if (!model) throw new ClientError(404, 'not_found_error', `There is no model "${clip(name)}" here.`);
  return dialect === 'gemini' ? googleModelEntry(config, model) : modelEntry(config, model);
}

function answerJson({ request, response, startedAt, clock }: Visit, value: unknown): undefined {
  response.writeHead(200, {
    'content-type': 'application/json',
    ...overheadHeader(clock.now() - startedAt),
  });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(value));
}

function answerText(request: ClientRequest, response: ClientResponse, text: string): undefined {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(request.method === 'HEAD' ? undefined : text);
}
