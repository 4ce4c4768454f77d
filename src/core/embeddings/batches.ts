// Providers take only so many inputs at once; clients know the limit of OpenAI.
import type { ProviderConfig } from '../config/router-config.ts';

/** platform.openai.com/docs/api-reference/embeddings: at most 2048 inputs. */
const openAiLimit = 2048;
/** ai.google.dev, BatchEmbedContents: at most 100 requests in one batch. */
const geminiLimit = 100;

/** How many inputs the provider takes in one request. */
export function batchLimit({ dialect, quirks }: ProviderConfig): number {
  return quirks.embeddingBatch ?? (dialect === 'gemini' ? geminiLimit : openAiLimit);
}

export function batchesOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length <= size) return [items];
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
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
