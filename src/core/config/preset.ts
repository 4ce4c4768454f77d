// What is known of a provider beforehand.
import type { DialectId } from '../dialects/dialect.ts';
import type { Quirks } from '../dialects/quirks.ts';

/** A model that is offered before the provider's own list is fetched. Limits in tokens. */
export interface SuggestedModel {
  id: string;
  context?: number;
  maxOutput?: number;
  vision?: boolean;
  pdf?: boolean;
}

export interface Preset {
  /** As shown in the picker. */
  label: string;
  dialect: DialectId;
  /** Already normalised for the dialect; '' when only the user knows it. */
  baseUrl: string;
  /** What differs from a plain server of the dialect. */
  quirks: Partial<Quirks>;
  /** Where a key is made. */
  keyPage?: string;
  docs?: string;
  /**
   * The provider's own list of models: a path below `baseUrl`, or a whole URL on the same host. Null: there is none for a
   * key, and asking would look as if the key were refused. Absent: the dialect's usual place is tried.
   */
  modelsPath?: string | null;
  /** Without a key nothing works. */
  needsKey: boolean;
  /** The environment variable in which people usually keep the key. */
  keyVariable?: string;
  suggestedModels?: readonly SuggestedModel[];
  /** What to assume of a model of which nothing is known. */
  models: { vision: boolean; pdf: boolean };
  /** The same provider's other dialects, used when `dialect` is set in the config. */
  alternatives?: Partial<
    Record<DialectId, { baseUrl: string; quirks: Partial<Quirks>; modelsPath?: string | null }>
  >;
  /** The same service for other parts of the world; keys of one don't work at another. */
  regions?: readonly { label: string; baseUrl: string }[];
  /** Seconds until the first token, where 120 are too short. */
  firstToken?: number;
}
