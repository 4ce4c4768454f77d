// What the readers of output items have in common.
import type { JsonObject } from '../../json/values.ts';
import type { BlockWriter } from '../block-writer.ts';
import type { DecodeContext } from '../dialect.ts';
import type { AnswerIds } from '../tool-call-ids.ts';
import type { WebSearches } from './web-search.ts';

/** One item of the answer. Unknown events and fields change nothing. */
export interface OutputItem {
  /** An event about this item, by its type. */
  read(type: string, event: JsonObject): void;
  /** The item is complete; this is its final form. */
  done(item: JsonObject): void;
}

/** What the items of one answer share. */
export interface AnswerParts {
  context: DecodeContext;
  writer: BlockWriter;
  ids: AnswerIds;
  /** Absent when the client asked for no search: then none is shown. */
  searches?: WebSearches;
}
