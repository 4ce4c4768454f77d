// What the windows of a soak say: nothing that is held may grow, no exchange may be lost.
import type { Outcome } from './soak-client.ts';
import { median } from './statistics.ts';

/** What the router held at the end of a window, after a collection. */
export interface Held {
  /** Megabytes. */
  heap: number;
  external: number;
  files: number;
  timers: number;
  sockets: number;
  listeners: number;
}

export interface Window extends Held {
  outcomes: readonly Outcome[];
}

/** What may be more at the end than after the first windows, before it counts as growth. */
const allowance: Readonly<Record<keyof Held, number>> = {
  heap: 12,
  external: 4,
  files: 24,
  timers: 24,
  sockets: 24,
  listeners: 2,
};

/**
 * Compares the last windows with the early ones, but the first, in which caches fill. The least of each part counts:
 * what is kept for good is there in every reading.
 */
export function verdict(windows: readonly Window[]): { summary: string; complaints: string[] } {
  const early = windows.slice(1, 5);
  const late = windows.slice(-4);
  const complaints: string[] = [];
  for (const [name, allowed] of Object.entries(allowance) as [keyof Held, number][]) {
    const before = Math.min(...early.map((window) => window[name]));
    const after = Math.min(...late.map((window) => window[name]));
    if (after - before > allowed)
      complaints.push(`${name} grew from ${before.toFixed(1)} to ${after.toFixed(1)}`);
  }
  const outcomes = windows.flatMap((window) => window.outcomes);
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  for (const kind of ['mute', 'refused'] as const)
    if (count(kind) > 0)
      complaints.push(
        `${count(kind)} ${kind}, such as ${outcomes.find((outcome) => outcome.kind === kind)?.detail}`,
      );
  const pace = (part: readonly Window[]) =>
    median(part.flatMap((window) => window.outcomes).map(({ took }) => took));
  const summary = [
    `${outcomes.length} exchanges: ${count('complete')} complete, ${count('told')} broke off and said so, ${count('left')} left by the client.`,
    `Median ${pace(early).toFixed(1)} ms early, ${pace(late).toFixed(1)} ms late.`,
  ].join(' ');
  return { summary, complaints };
}
