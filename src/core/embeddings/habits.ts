// What providers have turned out not to take, until their configuration changes.
import type { ProviderConfig } from '../config/router-config.ts';

export class EmbeddingHabits {
  /** They refuse `encoding_format`: they are asked without it. */
  readonly plain = new WeakSet<ProviderConfig>();
  /** How many inputs they said that they take at once. */
  readonly inputs = new WeakMap<ProviderConfig, number>();
}
