// The hub's blocks as parts, each when it is complete or, for texts and thoughts, as its pieces come.
import { type JsonObject, objectOf, objectsOf, textOf } from '../../../json/values.ts';
import { carryThinking } from './carried-thinking.ts';

export class PartWriter {
  readonly #showThoughts: boolean;
  /** Thinking since the last call or text. */
  #thinking: JsonObject[] = [];
  #queries: string[] = [];
  readonly #sources: JsonObject[] = [];

  /** @param showThoughts the client wants to see them; they are carried in any case */
  constructor(showThoughts: boolean) {
    this.#showThoughts = showThoughts;
  }

  thought(piece: string): JsonObject[] {
    return this.#showThoughts && piece !== '' ? [{ text: piece, thought: true }] : [];
  }

  text(piece: string): JsonObject[] {
    return piece === '' ? [] : [this.#signed({ text: piece })];
  }

  /** @param block complete */
  whole(block: JsonObject): JsonObject[] {
    switch (block.type) {
      case 'thinking':
      case 'redacted_thinking':
        this.#thinking.push(block);
        return [];
      case 'tool_use':
        return [
          this.#signed({
            functionCall: { id: block.id, name: block.name, args: objectOf(block.input) ?? {} },
          }),
        ];
      case 'server_tool_use': {
        const query = textOf(objectOf(block.input)?.query);
        if (query !== undefined) this.#queries.push(query);
        return [];
      }
      case 'web_search_tool_result':
        for (const { url, title } of objectsOf(block.content))
          if (textOf(url) !== undefined) this.#sources.push({ web: { uri: url, title: title ?? url } });
        return [];
      default:
        return [];
    }
  }

  /** The parts that are left when the answer ends: thinking behind the last call or text, in a part that says nothing. */
  end(): JsonObject[] {
    const part = this.#signed({ text: '' });
    return 'thoughtSignature' in part ? [part] : [];
  }

  /** What was searched, for the candidate. */
  grounding(): JsonObject {
    if (this.#queries.length === 0 && this.#sources.length === 0) return {};
    return { groundingMetadata: { webSearchQueries: this.#queries, groundingChunks: this.#sources } };
  }

  #signed(part: JsonObject): JsonObject {
    const thoughtSignature = carryThinking(this.#thinking);
    this.#thinking = [];
    return thoughtSignature === undefined ? part : { ...part, thoughtSignature };
  }
}
