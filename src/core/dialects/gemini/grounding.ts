// What Google's search found for an answer.
import { type JsonObject, listOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import type { DecodeContext } from '../dialect.ts';
import type { HubContentBlock } from '../hub.ts';
import { type SearchSource, searchBlocks } from '../search-blocks.ts';

export class GroundingReader {
  readonly #context: DecodeContext;
  readonly #sources = new Map<string, SearchSource>();
  #queries: string[] = [];
  #shown = false;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  /** Later metadata repeat and complete earlier ones. */
  read(candidate: JsonObject): void {
    const grounding = objectOf(candidate.groundingMetadata);
    if (!grounding) return;
    const queries = listOf(grounding.webSearchQueries).filter((query) => textOf(query) !== undefined);
    if (queries.length > 0) this.#queries = queries.map(String);
    for (const chunk of objectsOf(grounding.groundingChunks)) {
      const source = objectOf(chunk.web) ?? objectOf(chunk.retrievedContext);
      const url = textOf(source?.uri);
      if (url !== undefined) this.#sources.set(url, { url, title: textOf(source?.title) ?? url });
    }
  }

  /** How many searches the answer shows. */
  get searches(): number {
    return this.#shown ? Math.max(1, this.#queries.length) : 0;
  }

  /** A call and its result, once; empty when nothing was searched or the client asked for no search. */
  takeBlocks(): HubContentBlock[] {
    const { memory, random } = this.#context;
    const searched = this.#sources.size > 0 || this.#queries.length > 0;
    if (this.#shown || !searched || memory.webSearchTool === undefined) return [];
    this.#shown = true;
    const query = this.#queries.join('; ') || memory.webSearchQuery || '';
    return searchBlocks(random.id('srvtoolu_'), query, [...this.#sources.values()]);
  }
}
