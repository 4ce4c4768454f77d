// Chance for tests that is the same in every run.
import type { Random } from '../../src/core/clock.ts';

/** Numerical Recipes' generator. The function gives a whole number from 0 to below its argument. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The same as the program's own source of chance. */
export function seededRandom(seed: number): Random {
  const next = seeded(seed);
  let count = 0;
  return { fraction: () => next(2 ** 32) / 2 ** 32, id: (prefix) => `${prefix}${++count}` };
}
