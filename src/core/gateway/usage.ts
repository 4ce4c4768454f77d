// Usage arrives in parts: input counts at the start, output at the end, sometimes both twice.
import type { TokenUsage } from '../tokens/usage.ts';

/**
 * Later values win unless they are zero: some upstreams end with zeros. The prompt's counts belong together: when one
 * of them is told anew, a zero beside it is true (a prompt that came from the cache as a whole).
 */
export function mergeUsage(known: Partial<TokenUsage>, next: Partial<TokenUsage>): TokenUsage {
  const promptTold = Boolean(next.input || next.cacheRead || next.cacheWrite);
  const prompt = (count: 'input' | 'cacheRead' | 'cacheWrite') =>
    (promptTold ? next[count] : undefined) ?? known[count] ?? 0;
  return {
    input: prompt('input'),
    output: next.output || known.output || 0,
    cacheRead: prompt('cacheRead'),
    cacheWrite: prompt('cacheWrite'),
  };
}
