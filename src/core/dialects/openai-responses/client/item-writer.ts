// Writers of output items: each turns the events of one or more hub blocks into one item and its events.
import type { JsonObject } from '../../../json/values.ts';

/** Takes an event without its place in the output and its number. */
export type Emit = (type: string, fields: JsonObject) => void;

/** One output item that is being written. */
export interface ItemWriter {
  readonly item: JsonObject;
  /** A piece of the current block. */
  delta(delta: JsonObject): void;
  /** The current block is complete. */
  stop(): void;
  /** Nothing more comes. */
  end(): void;
}
