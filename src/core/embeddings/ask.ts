// A request for embeddings, free of dialects.
import type { JsonObject } from '../json/values.ts';

export interface EmbeddingInput {
  /** A text, the ids of its tokens, or an object of a provider's own (an image, say). Missing: more than text, told by `native` only. */
  value?: string | readonly number[] | JsonObject;
  /** Length of the vector that is wanted. */
  dimensions?: number;
  /** The client's own request for this input, where it is Gemini's. */
  native?: JsonObject;
}

export interface EmbeddingsAsk {
  /** As the client named it. */
  model: string;
  /** In the client's order; at least one. */
  inputs: readonly EmbeddingInput[];
  /** OpenAI's form of vector that the client reads; undefined: it did not say (numbers). */
  encoding?: 'float' | 'base64';
  /** The whole body of an OpenAI client. */
  body?: JsonObject;
}

/** A vector in the form in which it came: numbers, or base64 of 32-bit floats, little endian. */
export type Vector = readonly number[] | string;

export interface EmbeddingsAnswer {
  /** In the order of the inputs. */
  vectors: readonly Vector[];
  /** Input tokens; undefined when the upstream did not tell. */
  tokens?: number;
  /** They came in this order, with their index. */
  ordered?: boolean;
}

/** The request for one batch of inputs. */
export interface EncodedBatch {
  /** Path below the provider's base URL. */
  path: string;
  /** To an upstream of OpenAI's kind: a copy of the client's body, where that is OpenAI's too. */
  body: JsonObject;
  /** Sentences for the log: what was dropped. */
  notes: string[];
}
