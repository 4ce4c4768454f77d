// Input that nobody should send, the same in every run.
import assert from 'node:assert/strict';
import { ClientError } from '../../../src/core/client-error.ts';
import { isUpstreamFailure } from '../../../src/core/failure.ts';

type Pick = (below: number) => number;

export interface Garbage {
  randomValue(pick: Pick, depth?: number): unknown;
  /** The value with one place in it replaced by something else. */
  disturb(value: unknown, pick: Pick): unknown;
}

/** @param words names and texts that mean something to the reader: nonsense of other words would soon be thrown away */
export function garbageOf(words: readonly string[]): Garbage {
  function randomValue(pick: Pick, depth = 0): unknown {
    const kind = pick(depth > 4 ? 5 : 8);
    if (kind === 0) return null;
    // The object can't be made a text.
    if (kind === 1) return pick(3) === 0 ? { toString: 1 } : pick(2) === 0;
    if (kind === 2) return pick(1000) - 500 + (pick(2) === 0 ? 0.5 : 0);
    if (kind <= 4) return words[pick(words.length)];
    const size = pick(5);
    if (kind === 5) return Array.from({ length: size }, () => randomValue(pick, depth + 1));
    return Object.fromEntries(
      Array.from({ length: size }, () => [words[pick(words.length)], randomValue(pick, depth + 1)]),
    );
  }

  function disturb(value: unknown, pick: Pick): unknown {
    if (pick(6) === 0) return randomValue(pick, 2);
    if (Array.isArray(value)) {
      if (value.length === 0) return [randomValue(pick, 2)];
      const at = pick(value.length);
      return value.map((item, index) => (index === at ? disturb(item, pick) : item));
    }
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      const at = pick(entries.length || 1);
      return Object.fromEntries(
        entries.map(([key, item], index) => [key, index === at ? disturb(item, pick) : item]),
      );
    }
    return randomValue(pick, 3);
  }

  return { randomValue, disturb };
}

/** Whether it ran through; fails when it throws anything but what the gateway answers. */
export function onlyKnownErrors(run: () => void, what: unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof ClientError || isUpstreamFailure(error)) return false;
    assert.fail(
      `${error instanceof Error ? error.stack : error}\nfor ${JSON.stringify(what)?.slice(0, 2000)}`,
    );
  }
}
