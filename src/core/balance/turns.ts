// Whose turn it was last, for `round-robin`. Turns are counted, not pointed at: a choice that could not be used keeps
// its old number and is the next one as soon as it can.

export class Turns {
  #count = 0;
  readonly #last = new Map<string, Map<string, number>>();

  /** Number of the last turn; 0 = none yet. */
  of(group: string, choice: string): number {
    return this.#last.get(group)?.get(choice) ?? 0;
  }

  take(group: string, choice: string): void {
    let turns = this.#last.get(group);
    if (!turns) {
      turns = new Map();
      this.#last.set(group, turns);
    }
    turns.set(choice, ++this.#count);
  }

  /** Keeps the turns of these groups only. */
  keep(groups: ReadonlyMap<string, unknown>): void {
    for (const group of this.#last.keys()) if (!groups.has(group)) this.#last.delete(group);
  }
}
