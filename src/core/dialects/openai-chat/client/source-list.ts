// The sources of an answer as `annotations`: cited ones with their place in the text, others that a search found.
import { isObject, type JsonObject, objectsOf, textOf } from '../../../json/values.ts';

export class SourceList {
  readonly #cited: JsonObject[] = [];
  readonly #found = new Map<string, string>();

  /** @param block a `web_search_tool_result` */
  found(block: JsonObject): void {
    for (const { url, title } of objectsOf(block.content)) {
      const address = textOf(url);
      if (address !== undefined && !this.#found.has(address))
        this.#found.set(address, textOf(title) ?? address);
    }
  }

  /** @param start of the cited text in the answer's; `end` behind it */
  cited(citation: unknown, start: number, end: number): void {
    const url = isObject(citation) ? textOf(citation.url) : undefined;
    if (!isObject(citation) || url === undefined) return;
    this.#cited.push(annotation(url, textOf(citation.title) ?? this.#found.get(url) ?? url, start, end));
  }

  /** All of them; @param length of the answer's text, where those without a place stand */
  annotations(length: number): JsonObject[] {
    const known = new Set(this.#cited.map(({ url_citation }) => isObject(url_citation) && url_citation.url));
    const others = [...this.#found].filter(([url]) => !known.has(url));
    return [...this.#cited, ...others.map(([url, title]) => annotation(url, title, length, length))];
  }
}

function annotation(url: string, title: string, start_index: number, end_index: number): JsonObject {
  return { type: 'url_citation', url_citation: { url, title, start_index, end_index } };
}
