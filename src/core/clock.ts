// Time and chance are handed in, so that every rule that depends on them can be tested without waiting.

/** Wall-clock time, durations and timers, all in milliseconds. */
export interface Clock {
  /** Since the epoch. The user or the network may set it forward or back at any moment: for deadlines, not for spans. */
  now(): number;
  /** Since some fixed moment; never set back. For how long something took or has been quiet. */
  elapsed(): number;
  /**
   * Calls `run` once after `ms` milliseconds, or after 24 days if that is sooner: look at the time again before acting
   * on a longer wait. The returned function cancels it. Never keeps the process alive by itself.
   */
  after(ms: number, run: () => void): () => void;
}

/** The only source of chance. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A new id such as `msg_4f…`: `prefix` followed by 24 characters of [0-9a-z], unique in practice. */
  id(prefix: string): string;
}

/** What a timer holds; JavaScript fires at once beyond it. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, longestTimer));
    timer.unref?.();
    return () => clearTimeout(timer);
  },
};

const idLength = 24;
/** Drawn for many ids at once: each draw goes through the operating system's generator. */
const drawn = new Uint8Array(idLength * 128);
let used = drawn.length;

export const systemRandom: Random = {
  fraction: () => Math.random(),
  id(prefix) {
    if (used === drawn.length) {
      crypto.getRandomValues(drawn);
      used = 0;
    }
    let id = prefix;
    for (const end = used + idLength; used < end; used++) id += ((drawn[used] ?? 0) % 36).toString(36);
    return id;
  },
};
