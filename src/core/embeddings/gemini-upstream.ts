// `:embedContent` and `:batchEmbedContents` of Gemini's API and of relays of it.
import { ClientError } from '../client-error.ts';
import { modelName, modelPath } from '../dialects/gemini/model-path.ts';
import type { TargetProfile } from '../dialects/target-profile.ts';
import { UpstreamFailure } from '../failure.ts';
import { type JsonObject, numberOf, objectOf, objectsOf } from '../json/values.ts';
import { badStream } from '../resilience/classify.ts';
import type { EmbeddingInput, EmbeddingsAnswer, EmbeddingsAsk, EncodedBatch } from './ask.ts';
import { unitVector } from './vector.ts';

/** What of OpenAI's request is said here, or done by ourselves. */
const understood = new Set(['model', 'input', 'dimensions', 'encoding_format']);

/** Throws `ClientError` (400) for inputs that are no texts. */
export function encodeGeminiBatch(
  ask: EmbeddingsAsk,
  batch: readonly EmbeddingInput[],
  target: TargetProfile,
): EncodedBatch {
  const requests = batch.map((input) => requestOf(input, target.model));
  const lost = Object.keys(ask.body ?? {}).filter((field) => !understood.has(field));
  const [only] = requests;
  const path = modelPath(target.model);
  return {
    ...(requests.length === 1 && only
      ? { path: `${path}:embedContent`, body: only }
      : { path: `${path}:batchEmbedContents`, body: { requests } }),
    notes: lost.map((field) => `${field} lost: Gemini's embeddings have no such field`),
  };
}

/**
 * Reads the answer for `batch`. Google's vectors have length 1 only in their full size (ai.google.dev, Embeddings,
 * "Ensuring quality for smaller dimensions"), OpenAI's always: clients that are not Google's own rely on it.
 * Throws `UpstreamFailure` (bad-stream) when the answer is none or some vectors are missing.
 */
export function decodeGeminiBatch(body: unknown, batch: readonly EmbeddingInput[]): EmbeddingsAnswer {
  const answer = objectOf(body) ?? {};
  const items = answer.embedding ? objectsOf([answer.embedding]) : objectsOf(answer.embeddings);
  const lists = items.map(({ values }) => values);
  if (lists.length !== batch.length || !lists.every(isNumbers))
    throw new UpstreamFailure(
      badStream(`the answer holds ${lists.filter(isNumbers).length} embeddings for ${batch.length} inputs`),
    );
  const vectors = lists.map((vector, index) => {
    const { dimensions, native } = batch[index] ?? {};
    return dimensions === undefined || native ? vector : unitVector(vector);
  });
  const tokens = numberOf(objectOf(answer.usageMetadata)?.promptTokenCount);
  return tokens === undefined ? { vectors } : { vectors, tokens };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'number';
}

function requestOf({ value, dimensions, native }: EmbeddingInput, id: string): JsonObject {
  const model = modelName(id);
  if (native) return { ...native, model };
  if (typeof value !== 'string')
    throw new ClientError(
      400,
      'invalid_request_error',
      'Gemini embeds texts; the input is given as token ids or objects. Send texts (LangChain: check_embedding_ctx_length=False).',
    );
  const request: JsonObject = { model, content: { parts: [{ text: value }] } };
  if (dimensions !== undefined) request.outputDimensionality = dimensions;
  return request;
}
