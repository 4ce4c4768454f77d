// Gemini's answers to `:embedContent` and `:batchEmbedContents`.
import type { EmbeddingsAnswer } from './ask.ts';
import type { EmbeddingVerb } from './gemini-ask.ts';
import { numbersOf } from './vector.ts';

/** @param tokens input tokens, told or estimated */
export function encodeGeminiEmbeddings(
  verb: EmbeddingVerb,
  answer: EmbeddingsAnswer,
  tokens: number,
): Record<string, unknown> {
  const embeddings = answer.vectors.map((vector) => ({ values: numbersOf(vector) }));
  const usageMetadata = { promptTokenCount: tokens, totalTokenCount: tokens };
  return verb === 'embedContent'
    ? { embedding: embeddings[0], usageMetadata }
    : { embeddings, usageMetadata };
}
