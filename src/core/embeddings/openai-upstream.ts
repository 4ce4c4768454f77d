// `POST /embeddings` of OpenAI and of all servers that imitate it.
import { ClientError } from '../client-error.ts';
import { failureInside } from '../dialects/failure-inside.ts';
import type { TargetProfile } from '../dialects/target-profile.ts';
import { isUpstreamFailure, UpstreamFailure } from '../failure.ts';
import { type JsonObject, numberOf, objectOf } from '../json/values.ts';
import { badStream } from '../resilience/classify.ts';
import type { EmbeddingInput, EmbeddingsAnswer, EmbeddingsAsk, EncodedBatch, Vector } from './ask.ts';

/**
 * @param plain the provider is known to refuse `encoding_format`
 * Throws `ClientError` (400) for what only Gemini can be asked.
 */
export function encodeOpenAiBatch(
  ask: EmbeddingsAsk,
  batch: readonly EmbeddingInput[],
  target: TargetProfile,
  plain: boolean,
): EncodedBatch {
  const notes: string[] = [];
  const body: JsonObject = { ...target.params, ...(ask.body ?? askedOf(batch)), model: target.model };
  if (batch.length < ask.inputs.length) body.input = batch.map(sayable);
  if (plain) delete body.encoding_format;
  for (const field of target.quirks.refuses) {
    if (!(field in body) || field in target.params) continue;
    delete body[field];
    // The form of the vectors is converted here; all else is lost.
    if (field !== 'encoding_format') notes.push(`${field} dropped: ${target.provider} refuses it`);
  }
  const lost = new Set(batch.flatMap(({ native = {} }) => lostFields.filter((field) => field in native)));
  for (const field of lost) notes.push(`${field} lost: OpenAI's embeddings have no such field`);
  return { path: '/embeddings', body, notes };
}

/** The request of a Gemini client in OpenAI's words. */
function askedOf(batch: readonly EmbeddingInput[]): JsonObject {
  const dimensions = commonDimensions(batch);
  return { input: batch.map(sayable), ...(dimensions === undefined ? {} : { dimensions }) };
}

const lostFields = ['taskType', 'task_type', 'title'];

/** Reads the answer for `count` inputs. Throws `UpstreamFailure` (bad-stream) when it is none or some are missing. */
export function decodeOpenAiBatch(body: unknown, count: number): EmbeddingsAnswer {
  const data = objectOf(body)?.data;
  if (!Array.isArray(data)) throw failureInside(body, 'the answer holds no embeddings');
  const vectors: Vector[] = [];
  let ordered = true;
  for (const [position, item] of data.entries()) {
    const vector = objectOf(item)?.embedding;
    const told = numberOf(objectOf(item)?.index);
    const index = told ?? position;
    ordered &&= told === position;
    if (isVector(vector) && Number.isInteger(index) && index >= 0 && index < count) vectors[index] = vector;
  }
  const found = Object.keys(vectors).length;
  if (found !== count)
    throw new UpstreamFailure(badStream(`the answer holds ${found} embeddings for ${count} inputs`));
  const usage = objectOf(objectOf(body)?.usage);
  const tokens = numberOf(usage?.prompt_tokens) ?? numberOf(usage?.total_tokens);
  return tokens === undefined ? { vectors, ordered } : { vectors, tokens, ordered };
}

/** Some servers send single numbers where a list was asked; an empty vector is none. */
export function isVector(value: unknown): value is Vector {
  if (typeof value === 'string') return value !== '';
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'number';
}

function sayable({ value }: EmbeddingInput): NonNullable<EmbeddingInput['value']> {
  if (value !== undefined) return value;
  throw new ClientError(
    400,
    'invalid_request_error',
    'This embedding model reads texts only; the content holds parts of other kinds.',
  );
}

function commonDimensions(batch: readonly EmbeddingInput[]): number | undefined {
  const [first] = batch;
  if (batch.every(({ dimensions }) => dimensions === first?.dimensions)) return first?.dimensions;
  throw new ClientError(
    400,
    'invalid_request_error',
    'outputDimensionality must be the same in all requests: the provider takes one for all.',
  );
}

/** The provider takes no `encoding_format`, or not this one: it is asked again without. */
export function refusesEncoding(error: unknown): boolean {
  if (!isUpstreamFailure(error)) return false;
  const { status, message, final } = error.failure;
  return !final && (status === 400 || status === 422) && /encoding[_ ]?format|base64/i.test(message);
}
