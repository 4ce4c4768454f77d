// The upstream's own web search, as Anthropic's blocks.
import type { Random } from '../../clock.ts';
import { type JsonObject, listOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import type { HubContentBlock } from '../hub.ts';
import { type SearchSource, searchBlocks } from '../search-blocks.ts';

/** Collects searches and what they found. Sources come with the search where they were asked for, else as citations. */
export class WebSearches {
  readonly #random: Random;
  #query: string;
  readonly #known = new Set<string>();
  #cited: SearchSource[] = [];
  /** Searches whose result was not shown. */
  #open = 0;
  /** How many searches there were. */
  count = 0;

  /** @param query what the request seems to search for: stands in where the upstream does not tell */
  constructor(random: Random, query: string | undefined) {
    this.#random = random;
    this.#query = query ?? '';
  }

  /** @param item a `web_search_call`, or Perplexity's `search_results`, that is done; the blocks that it gives */
  call(item: JsonObject): HubContentBlock[] {
    const action = objectOf(item.action) ?? {};
    // Opened pages are no searches; what matters of them comes as a citation.
    if (action.type !== undefined && action.type !== 'search') return [];
    this.count++;
    const queries = listOf(action.queries ?? item.queries);
    this.#query = textOf(action.query) ?? textOf(queries[0]) ?? this.#query;
    const sources = objectsOf(action.sources ?? item.results).flatMap((source) => this.#fresh(source));
    if (sources.length === 0) {
      this.#open++;
      return [];
    }
    return this.#blocks(sources);
  }

  /** @param annotation of a text */
  cite(annotation: JsonObject): void {
    if (annotation.type === undefined || annotation.type === 'url_citation')
      this.#cited.push(...this.#fresh(objectOf(annotation.url_citation) ?? annotation));
  }

  /** The answer ends: citations that no search has shown, and a search that showed nothing. */
  rest(): HubContentBlock[] {
    if (this.#cited.length === 0 && this.#open === 0) return [];
    if (this.count === 0) this.count = 1;
    return this.#blocks(this.#cited);
  }

  #blocks(sources: readonly SearchSource[]): HubContentBlock[] {
    return searchBlocks(this.#random.id('srvtoolu_'), this.#query, sources);
  }

  #fresh(source: JsonObject): SearchSource[] {
    const url = textOf(source.url);
    if (url === undefined || this.#known.has(url)) return [];
    this.#known.add(url);
    return [{ url, title: textOf(source.title) ?? url }];
  }
}
