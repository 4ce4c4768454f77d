// What an answer cost, as providers count it.

export interface TokenUsage {
  /** Without cached tokens. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}
