// Providers take only so much at once; clients know the limits of OpenAI.
import type { ProviderConfig } from '../config/router-config.ts';
import { textTokens } from '../tokens/text-tokens.ts';
import type { EmbeddingInput } from './ask.ts';

/** platform.openai.com/docs/api-reference/embeddings: at most 2048 inputs. */
const openAiLimit = 2048;
/** ai.google.dev, BatchEmbedContents: at most 100 requests in one batch. */
const geminiLimit = 100;
/** OpenAI's page too: 300 000 tokens in all inputs of a request. Ours are estimates, which may be a few percent low. */
const openAiTokens = 270_000;

/** What one request may hold. */
export interface BatchLimits {
  inputs: number;
  tokens: number;
}

/** @param learnt how many inputs the provider said that it takes */
export function batchLimits({ dialect, quirks }: ProviderConfig, learnt: number | undefined): BatchLimits {
  const isGemini = dialect === 'gemini';
  const inputs = quirks.embeddingBatch ?? (isGemini ? geminiLimit : openAiLimit);
  return {
    inputs: Math.min(inputs, learnt ?? inputs),
    tokens: isGemini ? Number.POSITIVE_INFINITY : openAiTokens,
  };
}

/** @param bytes of the request that held all inputs: no text has more tokens than bytes, so that few have to be counted */
export function batchesOf(
  inputs: readonly EmbeddingInput[],
  limits: BatchLimits,
  bytes: number,
): (readonly EmbeddingInput[])[] {
  const counted = bytes > limits.tokens;
  if (!counted && inputs.length <= limits.inputs) return [inputs];
  const batches: EmbeddingInput[][] = [];
  let batch: EmbeddingInput[] = [];
  let tokens = 0;
  for (const input of inputs) {
    const more = counted ? inputTokens(input) : 0;
    if (batch.length > 0 && (batch.length === limits.inputs || tokens + more > limits.tokens)) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(input);
    tokens += more;
  }
  return [...batches, batch];
}

/** An estimate; 0 for what is no text. */
export function inputTokens({ value }: EmbeddingInput): number {
  if (typeof value === 'string') return textTokens(value);
  return Array.isArray(value) ? value.length : 0;
}

/** Runs `task` on all items, at most `width` at once. Results in order; the first failure ends it and is thrown. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const work = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await task(items[index] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
