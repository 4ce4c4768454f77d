// Usage arrives in parts: input counts at the start, output at the end, sometimes both twice.
import type { TokenUsage } from './exchange.ts';

/** Later values win unless they are zero: some upstreams end with zeros. */
export function mergeUsage(known: Partial<TokenUsage>, next: Partial<TokenUsage>): TokenUsage {
  return {
    input: next.input || known.input || 0,
    output: next.output || known.output || 0,
    cacheRead: next.cacheRead || known.cacheRead || 0,
    cacheWrite: next.cacheWrite || known.cacheWrite || 0,
  };
}
