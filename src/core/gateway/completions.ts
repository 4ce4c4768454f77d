// POST /v1/completions and /v1/fim/completions: editors fill in the middle by them. The request goes up as it came and
// the answer comes back as it is, but for the model's name: no other dialect has such a thing to convert to.

import { ClientError } from '../client-error.ts';
import type { ClientDialect, DialectId, StreamEncoder } from '../dialects/dialect.ts';
import { failureInside } from '../dialects/failure-inside.ts';
import {
  CompletionPeek,
  completionChoices,
  completionUsage,
} from '../dialects/openai-chat/completion-peek.ts';
import { UpstreamFailure } from '../failure.ts';
import { changedPieces } from '../json/members.ts';
import { replaceTopLevelString } from '../json/top-level.ts';
import { type JsonObject, objectOf } from '../json/values.ts';
import { badStream } from '../resilience/classify.ts';
import type { Deployment } from '../routing/candidates.ts';
import { planNamed } from '../routing/named-target.ts';
import { lateCount } from '../tokens/late-count.ts';
import { textTokens } from '../tokens/text-tokens.ts';
import type { Committed } from './attempt-input.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import type { Rest } from './finish-exchange.ts';
import { holdStream } from './gate.ts';
import { type JsonCall, readEndpointFailure, readJson, upstreamCall } from './json-call.ts';
import { type AttemptCall, serveExchange } from './serve-exchange.ts';
import { RelayPath } from './stream-path.ts';
import type { UpstreamResponse } from './transport.ts';
import { callUpstream } from './upstream-call.ts';
import { answerHeaders } from './upstream-headers.ts';

export interface CompletionsRequest {
  context: GatewayContext;
  client: ClientDialect;
  request: ClientRequest;
  response: ClientResponse;
  startedAt: number;
  body: JsonObject;
  /** Below the provider's base URL. */
  path: string;
}

const dialects: readonly DialectId[] = ['openai-chat', 'openai-responses'];

/** Throws `ClientError` only before anything was sent. */
export async function serveCompletions(asked: CompletionsRequest): Promise<Rest | undefined> {
  const { body, context, request } = asked;
  const { model } = body;
  if (typeof model !== 'string' || model === '')
    throw new ClientError(400, 'invalid_request_error', "Missing required parameter: 'model'.");
  const stream = body.stream === true;
  const { config, dispatch } = context;
  const size = request.body.length;
  const prompt = typeof body.prompt === 'string' ? body.prompt : '';
  const { count: tokens, letGo } = lateCount(() => textTokens(prompt));
  return serveExchange({
    ...asked,
    asked: { model, stream },
    letGo,
    ...planNamed(config, model, { what: 'completions', dialects }, (target) =>
      dispatch({ config, target, kind: stream ? 'stream' : 'whole', tokens, size }),
    ),
    attempt: (deployment, call) => attemptOn(asked, model, deployment, call),
  });
}

function attemptOn(
  asked: CompletionsRequest,
  model: string,
  deployment: Deployment,
  { key, transport, note }: AttemptCall,
): Promise<Committed> {
  const { context, request, path, body } = asked;
  const stream = body.stream === true;
  const call: JsonCall = {
    context,
    transport,
    request,
    deployment,
    key,
    signal: request.signal,
    path,
    body: bodyFor(asked, deployment, note),
  };
  const renamed = deployment.model.id === model ? undefined : model;
  return callUpstream(
    upstreamCall(call, stream),
    async (answer, form, open) => {
      if (form === 'stream' && stream)
        return holdStream(
          {
            path: new RelayPath(new CompletionPeek(renamed, completionChoices(body))),
            encoder: asked.client.createStreamEncoder(),
            provider: deployment.provider,
            headers: answerHeaders(answer.headers),
            body: answer.body,
            clock: context.clock,
          },
          open,
        );
      if (form === 'stream')
        throw new UpstreamFailure(
          badStream(`${deployment.provider.name} streamed what was asked as a whole`),
        );
      const committed = await wholeAnswer(answer, deployment, renamed);
      open.finished();
      return stream ? asStream(committed, asked.client.createStreamEncoder()) : committed;
    },
    (answer) => readEndpointFailure(call, answer),
  );
}

/** The client's own bytes with what this deployment needs otherwise. */
function bodyFor(
  { body, request }: CompletionsRequest,
  { model, provider }: Deployment,
  note: (text: string) => void,
): readonly Uint8Array[] {
  const changed: JsonObject = { ...model.params, ...body, model: model.id };
  for (const field of provider.quirks.refuses) {
    if (!(field in body) || field in model.params) continue;
    delete changed[field];
    note(`${field} dropped: ${provider.name} refuses it`);
  }
  return changedPieces(request.body, body, changed);
}

type Whole = Committed & { kind: 'whole' };

async function wholeAnswer(
  answer: UpstreamResponse,
  deployment: Deployment,
  renamed: string | undefined,
): Promise<Whole> {
  const { value, bytes } = await readJson(answer, deployment);
  if (!Array.isArray(objectOf(value)?.choices))
    throw failureInside(value, `${deployment.provider.name} sent no completion`);
  const whole: Whole = {
    kind: 'whole',
    status: answer.status,
    headers: answerHeaders(answer.headers),
    body: renamed === undefined ? bytes : (replaceTopLevelString(bytes, 'model', renamed) ?? bytes),
  };
  const usage = completionUsage(objectOf(value) ?? {});
  if (usage) whole.usage = usage;
  return whole;
}

/** Some servers answer a stream as a whole: a whole completion reads like a chunk. */
function asStream({ body, usage }: Whole, encoder: StreamEncoder): Committed {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const data = text.replace(/\r?\n/g, ' ');
  return {
    kind: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    held: [{ bytes: `data: ${data}\n\ndata: [DONE]\n\n`, kind: 'end', ...(usage ? { usage } : {}) }],
    encoder,
    next: async () => undefined,
    complete: () => true,
    close() {},
  };
}
