// Which of an answer's choices (`n`, `candidateCount`) have come to their end: one that is through is not the whole.

export class ChoiceEnds {
  readonly #expected: number;
  readonly #open = new Set<unknown>();
  readonly #done = new Set<unknown>();

  /** @param expected how many choices there will be; 1 where nobody can tell */
  constructor(expected = 1) {
    this.#expected = expected;
  }

  /** The choice at `place` said something, at its end with the reason why. */
  mark(place: unknown, ended: boolean): void {
    if (ended) {
      this.#done.add(place);
      this.#open.delete(place);
    } else if (!this.#done.has(place)) this.#open.add(place);
  }

  /** All choices that are expected or have begun gave a reason. */
  get finished(): boolean {
    return this.#done.size >= this.#expected && this.#open.size === 0;
  }
}
