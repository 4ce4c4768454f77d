// Ids of tool calls, made such that each is unique in a conversation and fits the upstream's alphabet, with results
// following their calls. Models repeat ids (`call_0` in every turn), and each dialect allows other characters.
import type { Random } from '../clock.ts';

/**
 * Ids for the calls of one answer. Claude Code loses results of calls that share an id, and takes `x` and `x_2` for one
 * (measured with 2.1.330: it numbers the parts of a call so), so neither happens in a conversation.
 */
export class AnswerIds {
  readonly #random: Random;
  readonly #known = new Set<string>();
  /** Known ids without their number. */
  readonly #stems = new Set<string>();

  /** @param earlier ids of the calls in the conversation so far */
  constructor(earlier: ReadonlySet<string> | undefined, random: Random) {
    this.#random = random;
    for (const id of earlier ?? []) this.#add(id);
  }

  /** @param told the upstream's own id, if it gave one */
  give(told: string | undefined): string {
    const base = told ?? this.#random.id('toolu_');
    let id = base;
    for (let count = 2; this.#isTaken(id); count++) id = `${base}-${count}`;
    this.#add(id);
    return id;
  }

  #isTaken(id: string): boolean {
    const stem = stemOf(id);
    return this.#known.has(id) || this.#stems.has(id) || (stem !== undefined && this.#known.has(stem));
  }

  #add(id: string): void {
    this.#known.add(id);
    const stem = stemOf(id);
    if (stem !== undefined) this.#stems.add(stem);
  }
}

/** `x` of `x_2`. */
function stemOf(id: string): string | undefined {
  const end = /_\d+$/.exec(id);
  return end ? id.slice(0, end.index) : undefined;
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
