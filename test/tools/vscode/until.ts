// Waiting for a state of the window that no event announces.

import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `look` until it returns something other than undefined or false, and returns that.
 * @param what What is waited for, for the error; a function is asked at the end, so that it can tell what was seen.
 */
export async function until<T>(
  what: string | (() => string | Promise<string>),
  look: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 20,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let failure = '';
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      // The page may be between two states (an element went away while it was read).
      failure = `; last error: ${String(error)}`;
    }
    if (performance.now() > end) {
      const words = typeof what === 'string' ? what : await what();
      throw new Error(`not within ${seconds} s: ${words}${failure}`);
    }
    await delay(50);
  }
}
