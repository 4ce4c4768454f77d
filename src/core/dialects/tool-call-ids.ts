// Ids of tool calls, made such that each is unique in a conversation and fits the upstream's alphabet, with results
// following their calls. Models repeat ids (`call_0` in every turn), and each dialect allows other characters.
import type { Random } from '../clock.ts';

/** Ids for the calls of one answer. Claude Code drops the second of two calls with one id, so each is given once in a conversation. */
export class AnswerIds {
  readonly #earlier: ReadonlySet<string> | undefined;
  readonly #random: Random;
  readonly #given = new Set<string>();

  /** @param earlier ids of the calls in the conversation so far */
  constructor(earlier: ReadonlySet<string> | undefined, random: Random) {
    this.#earlier = earlier;
    this.#random = random;
  }

  /** @param told the upstream's own id, if it gave one */
  give(told: string | undefined): string {
    const base = told ?? this.#random.id('toolu_');
    let id = base;
    for (let count = 2; this.#given.has(id) || this.#earlier?.has(id); count++) id = `${base}_${count}`;
    this.#given.add(id);
    return id;
  }
}

export class ToolCallIds {
  readonly #clean: (id: string) => string;
  readonly #used = new Set<string>();
  /** The client's id → ids given to the calls of the last assistant turn that have no result yet. */
  #open = new Map<string, string[]>();

  /** @param clean must give the same for the same id */
  constructor(clean: (id: string) => string) {
    this.#clean = clean;
  }

  /** An assistant turn begins: calls before it get no more results. Returns the ids that were left without. */
  beginTurn(): string[] {
    const left = this.unanswered();
    this.#open = new Map();
    return left;
  }

  call(id: string): string {
    const base = this.#clean(id);
    let unique = base;
    for (let count = 2; this.#used.has(unique); count++) unique = this.#clean(`${base}_${count}`);
    this.#used.add(unique);
    const waiting = this.#open.get(id);
    if (waiting) waiting.push(unique);
    else this.#open.set(id, [unique]);
    return unique;
  }

  /** The id of the call that this result answers; undefined when no call of the last turn waits for it. */
  result(id: string): string | undefined {
    const waiting = this.#open.get(id);
    const unique = waiting?.shift();
    if (waiting?.length === 0) this.#open.delete(id);
    return unique;
  }

  unanswered(): string[] {
    return [...this.#open.values()].flat();
  }
}
