// OpenAI's answer to `POST /embeddings`.
import type { CreateEmbeddingResponse, Embedding } from 'openai/resources/embeddings';
import type { EmbeddingsAnswer, EmbeddingsAsk } from './ask.ts';
import { base64Of, numbersOf } from './vector.ts';

/** With `encoding_format: base64` the vectors are texts. */
type Item = Omit<Embedding, 'embedding'> & { embedding: readonly number[] | string };
export type OpenAiEmbeddings = Omit<CreateEmbeddingResponse, 'data'> & { data: Item[] };

/** @param tokens input tokens, told or estimated: clients rely on the field */
export function encodeOpenAiEmbeddings(
  ask: EmbeddingsAsk,
  answer: EmbeddingsAnswer,
  tokens: number,
): OpenAiEmbeddings {
  const form = ask.encoding === 'base64' ? base64Of : numbersOf;
  return {
    object: 'list',
    data: answer.vectors.map((vector, index) => ({ object: 'embedding', index, embedding: form(vector) })),
    model: ask.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
