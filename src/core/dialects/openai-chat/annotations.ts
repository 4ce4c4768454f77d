// What a model's own web search found, from citations in any of their forms, as Anthropic's result blocks. Claude Code
// takes its links from there.
import type { Random } from '../../clock.ts';
import { isObject, type JsonObject, listOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import type { HubContentBlock } from '../hub.ts';
import { type SearchSource, searchBlocks } from '../search-blocks.ts';

export class SearchSources {
  readonly #known = new Set<string>();
  #fresh: SearchSource[] = [];
  #blocks = 0;

  /**
   * Forms: OpenAI's and OpenRouter's `annotations`, Perplexity's `search_results` and `citations`, Zhipu's `web_search`,
   * DashScope's `search_info`, Groq's `executed_tools`.
   */
  read(chunk: JsonObject, message: JsonObject | undefined): void {
    for (const annotation of objectsOf(message?.annotations))
      this.#add(objectOf(annotation.url_citation) ?? annotation);
    const lists = [
      chunk.search_results,
      chunk.web_search,
      message?.search_results,
      objectOf(chunk.search_info)?.search_results,
      ...objectsOf(message?.executed_tools).map(
        ({ search_results: found }) => objectOf(found)?.results ?? found,
      ),
    ];
    for (const list of lists) for (const result of objectsOf(list)) this.#add(result);
    // Bare addresses last: they have no titles.
    for (const citation of [...listOf(chunk.citations), ...listOf(message?.citations)])
      this.#add(typeof citation === 'string' ? { url: citation } : isObject(citation) ? citation : {});
  }

  /** How many searches the answer shows. */
  get searches(): number {
    return this.#blocks;
  }

  /** A call and its result for the sources since the last time; empty when there are none. */
  takeBlocks(random: Random, query: string | undefined): HubContentBlock[] {
    if (this.#fresh.length === 0) return [];
    const sources = this.#fresh;
    this.#fresh = [];
    this.#blocks++;
    return searchBlocks(random.id('srvtoolu_'), query ?? '', sources);
  }

  #add(source: JsonObject): void {
    const url = textOf(source.url) ?? textOf(source.link);
    if (url === undefined || this.#known.has(url)) return;
    this.#known.add(url);
    this.#fresh.push({ url, title: textOf(source.title) ?? url });
  }
}
