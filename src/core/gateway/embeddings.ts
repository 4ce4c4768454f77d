// POST /v1/embeddings and Gemini's :embedContent and :batchEmbedContents.

import type { ClientDialect, DialectId } from '../dialects/dialect.ts';
import type { EmbeddingInput, EmbeddingsAnswer, EmbeddingsAsk, Vector } from '../embeddings/ask.ts';
import { type BatchLimits, batchesOf, batchLimits, inParallel, inputTokens } from '../embeddings/batches.ts';
import { encodeGeminiEmbeddings } from '../embeddings/gemini-answer.ts';
import type { EmbeddingVerb } from '../embeddings/gemini-ask.ts';
import { decodeGeminiBatch, encodeGeminiBatch } from '../embeddings/gemini-upstream.ts';
import type { EmbeddingHabits } from '../embeddings/habits.ts';
import { encodeOpenAiEmbeddings } from '../embeddings/openai-answer.ts';
import { decodeOpenAiBatch, encodeOpenAiBatch, refusesEncoding } from '../embeddings/openai-upstream.ts';
import { sayableTo } from '../embeddings/sayable.ts';
import { toldBatchLimit } from '../embeddings/told-limit.ts';
import { changedPieces } from '../json/members.ts';
import { replaceTopLevelString } from '../json/top-level.ts';
import type { Deployment } from '../routing/candidates.ts';
import { planNamed } from '../routing/named-target.ts';
import { lateCount } from '../tokens/late-count.ts';
import type { Committed } from './attempt-input.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import { targetProfile } from './encode-attempt.ts';
import type { Rest } from './finish-exchange.ts';
import { callJson, type JsonCall } from './json-call.ts';
import { type AttemptCall, serveExchange } from './serve-exchange.ts';

export interface EmbeddingsRequest {
  context: GatewayContext;
  client: ClientDialect;
  request: ClientRequest;
  response: ClientResponse;
  startedAt: number;
  ask: EmbeddingsAsk;
  /** Of Gemini's clients. */
  verb?: EmbeddingVerb;
  habits: EmbeddingHabits;
}

const dialects: readonly DialectId[] = ['openai-chat', 'openai-responses', 'gemini'];
/** Batches of one request that are under way at once: more would only run into rate limits. */
const parallelBatches = 4;

/** Throws `ClientError` only before anything was sent. */
export async function serveEmbeddings(asked: EmbeddingsRequest): Promise<Rest | undefined> {
  const { ask, context, request } = asked;
  const { config, dispatch } = context;
  const size = request.body.length;
  const { count: tokens, letGo } = lateCount(() => estimatedTokens(ask));
  const { decision, candidates, ...plan } = planNamed(
    config,
    ask.model,
    { what: 'embeddings', dialects },
    (target) => dispatch({ config, target, kind: 'whole', tokens, size }),
  );
  const { able, hints } = sayableTo(candidates, ask, (each) => targetProfile(each, config.dropParams));
  return serveExchange({
    ...asked,
    ...plan,
    asked: { model: ask.model, stream: false },
    candidates: able,
    letGo,
    decision: { ...decision, hints: [...decision.hints, ...hints] },
    attempt: (deployment, call) => attemptOn(asked, deployment, call),
  });
}

async function attemptOn(
  asked: EmbeddingsRequest,
  deployment: Deployment,
  call: AttemptCall,
): Promise<Committed> {
  const { provider } = deployment;
  const { inputs: learnt } = asked.habits;
  const limits = batchLimits(provider, learnt.get(provider));
  try {
    return await askInBatches(asked, deployment, call, limits);
  } catch (error) {
    const sent = Math.min(asked.ask.inputs.length, limits.inputs);
    const told = toldBatchLimit(error, sent);
    if (told === undefined) throw error;
    call.note(`${provider.name} takes ${told} inputs at once, not ${sent}: asked in several requests`);
    const answer = await askInBatches(asked, deployment, call, { ...limits, inputs: told });
    learnt.set(provider, told);
    return answer;
  }
}

async function askInBatches(
  asked: EmbeddingsRequest,
  deployment: Deployment,
  call: AttemptCall,
  limits: BatchLimits,
): Promise<Committed> {
  const { ask, context, request } = asked;
  const over = new AbortController();
  const signal = AbortSignal.any([request.signal, over.signal]);
  const batches = batchesOf(ask.inputs, limits, request.body.length);
  const { key, transport } = call;
  const common = { context, transport, request, deployment, key, signal };
  try {
    // The request has one slot at its key.
    const width = deployment.key.maxParallel === undefined ? parallelBatches : 1;
    const answers = await inParallel(batches, width, (batch) =>
      askBatch(asked, batch, common, batch === batches[0] ? call.note : () => {}),
    );
    const [only] = answers;
    return answers.length === 1 && only ? committed(asked, only) : committed(asked, joined(answers));
  } finally {
    // Of several batches one has failed: nobody waits for the others.
    over.abort();
  }
}

interface BatchAnswer extends EmbeddingsAnswer {
  /** The upstream's own bytes, where they are an answer in OpenAI's form. */
  bytes?: Uint8Array;
}

async function askBatch(
  asked: EmbeddingsRequest,
  batch: readonly EmbeddingInput[],
  call: Omit<JsonCall, 'path' | 'body'>,
  note: (text: string) => void,
): Promise<BatchAnswer> {
  const { ask, context } = asked;
  const { plain } = asked.habits;
  const { provider } = call.deployment;
  const target = targetProfile(call.deployment, context.config.dropParams);
  if (provider.dialect === 'gemini') {
    const { path, body, notes } = encodeGeminiBatch(ask, batch, target);
    for (const text of notes) note(text);
    const { value } = await callJson({ ...call, path, body });
    return decodeGeminiBatch(value, batch);
  }
  const send = async (withoutFormat: boolean): Promise<BatchAnswer> => {
    const { path, body, notes } = encodeOpenAiBatch(ask, batch, target, withoutFormat);
    for (const text of notes) note(text);
    const { value, bytes } = await callJson({
      ...call,
      path,
      body: ask.body ? changedPieces(call.request.body, ask.body, body) : body,
    });
    return { ...decodeOpenAiBatch(value, batch.length), bytes };
  };
  // Other batches may find out at the same time.
  const known = plain.has(provider);
  try {
    return await send(known);
  } catch (error) {
    if (known || ask.encoding === undefined || !refusesEncoding(error)) throw error;
    plain.add(provider);
    note(`${provider.name} refuses encoding_format: asked without it from now on`);
    return send(true);
  }
}

function joined(answers: readonly BatchAnswer[]): EmbeddingsAnswer {
  const vectors = answers.flatMap((answer) => answer.vectors);
  const tokens = answers.reduce<number | undefined>(
    (sum, answer) => (sum === undefined || answer.tokens === undefined ? undefined : sum + answer.tokens),
    0,
  );
  return tokens === undefined ? { vectors } : { vectors, tokens };
}

function committed(asked: EmbeddingsRequest, answer: BatchAnswer): Committed {
  const { ask, verb } = asked;
  const tokens = answer.tokens ?? estimatedTokens(ask);
  const whole: Committed & { kind: 'whole' } = {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body:
      verb === undefined
        ? (ownBytes(ask, answer) ?? JSON.stringify(encodeOpenAiEmbeddings(ask, answer, tokens)))
        : JSON.stringify(encodeGeminiEmbeddings(verb, answer, tokens)),
  };
  if (answer.tokens !== undefined) whole.usage = { input: answer.tokens };
  return whole;
}

/** The upstream's bytes, where nothing but the model's name has to change. */
function ownBytes(
  ask: EmbeddingsAsk,
  { bytes, vectors, tokens, ordered }: BatchAnswer,
): Uint8Array | undefined {
  const form = ask.encoding === 'base64' ? 'string' : 'object';
  const fits = tokens !== undefined && ordered && vectors.every((vector: Vector) => typeof vector === form);
  return bytes && fits ? replaceTopLevelString(bytes, 'model', ask.model) : undefined;
}

function estimatedTokens({ inputs }: EmbeddingsAsk): number {
  return inputs.reduce((sum, input) => sum + inputTokens(input), 0);
}
