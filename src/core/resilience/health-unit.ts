// The health of one thing that can fail: a provider's host, a key, a model family of a key, a deployment. Two clocks that
// never mix: `rest` is our own guess how long it needs, `limit` is the upstream's word (or a lasting matter). A success
// ends a rest; a limit ends at its time. Neither is ever shortened by another failure.
import type { Resilience } from '../config/router-config.ts';
import type { Failure } from '../failure.ts';
import type { UnitHealth } from '../snapshot.ts';

const strikeWindow = 60_000;
const longestRest = 30 * 60_000;
const quotaLimit = 60 * 60_000;
const missingModelLimit = 12 * 60 * 60_000;

/** Deadlines in milliseconds since the epoch, 0 = none. */
export interface Deadlines {
  rest: number;
  restReason: string;
  /** Length of the last rest in milliseconds, for doubling; 0 = none since the last success. */
  restLength: number;
  limit: number;
  limitReason: string;
  /** Milliseconds from when the limit was told to its end. */
  limitLength: number;
  /** `keyMark` of the key that the limit was told to; undefined where it is the same for all. */
  key?: string | undefined;
}

export class HealthUnit {
  readonly #deadlines: Deadlines = {
    rest: 0,
    restReason: '',
    restLength: 0,
    limit: 0,
    limitReason: '',
    limitLength: 0,
  };
  /** It has cooled since its last success: the next request is a trial. */
  #halfOpen = false;
  /** Times of passing failures within the last minute. */
  #strikes: number[] = [];
  /** The request that is trying it. */
  #prober: object | undefined;
  /** Refused by the upstream: out until the key's value differs from this one. */
  refused?: { value: string | undefined; reason: string };

  /** When it is left alone no longer, in milliseconds since the epoch. */
  until(now: number): number {
    this.#keepLength(now);
    return Math.max(this.#deadlines.rest, this.#deadlines.limit);
  }

  /** Until when it cools by the upstream's own word, or for a matter that lasts; 0 = never told. */
  limit(now: number): number {
    this.#keepLength(now);
    return this.#deadlines.limit;
  }

  /** Nothing is known that would be missed. */
  get isIdle(): boolean {
    return !this.#halfOpen && !this.probing && !this.refused && this.#strikes.length === 0;
  }

  state(now: number): UnitHealth {
    const until = this.until(now);
    const { rest, restReason, limit, limitReason } = this.#deadlines;
    if (until > now) return { state: 'cooling', until, reason: limit >= rest ? limitReason : restReason };
    if (this.probing) return { state: 'cooling', until: now, reason: 'one request is trying it again' };
    return { state: 'ok' };
  }

  /** One request is trying it. */
  get probing(): boolean {
    return this.#prober !== undefined;
  }

  /** An attempt begins, `trial` to `release`: the first one after, or during, a cooldown tries it. */
  begin(trial: object): void {
    if (this.#halfOpen) this.#prober ??= trial;
  }

  /** The attempt ended. True when it was the one that tried. */
  release(trial: object): boolean {
    if (this.#prober !== trial) return false;
    this.#prober = undefined;
    return true;
  }

  /** An answer has begun: it is well, unless a limit was told meanwhile. */
  succeed(now: number): void {
    this.#prober = undefined;
    Object.assign(this.#deadlines, { rest: 0, restLength: 0 });
    if (this.#deadlines.limit > now) return;
    this.#deadlines.limit = 0;
    this.#halfOpen = false;
  }

  forgetStrikes(): void {
    this.#strikes = [];
  }

  /**
   * Books a failure of this unit. `probed`: of the request that tried it after, or during, a cooldown. `key`: `keyMark` of
   * the key that was used.
   */
  fail(failure: Failure, resilience: Resilience, now: number, probed: boolean, key?: string): void {
    this.#keepLength(now);
    // A success of another request may have ended the trial.
    const tried = probed && this.#halfOpen;
    const limit = limitOf(failure, now);
    if (limit !== undefined) {
      if (limit <= Math.max(this.#deadlines.limit, now)) return;
      Object.assign(this.#deadlines, { limit, limitReason: failure.message, limitLength: limit - now, key });
    } else {
      if (!coolsAtOnce(failure) && !this.#isStruckOut(resilience, now, tried)) return;
      const length = this.#nextRest(resilience, now, tried);
      if (now + length <= Math.max(this.#deadlines.rest, now)) return;
      Object.assign(this.#deadlines, { rest: now + length, restLength: length, restReason: failure.message });
    }
    this.#halfOpen = true;
    this.#strikes = [];
  }

  /** Forgets a limit that was told to another key than this one. */
  keepTo(key: () => string | undefined): void {
    const told = this.#deadlines.key;
    if (told !== undefined && told !== key()) Object.assign(this.#deadlines, { limit: 0, key: undefined });
  }

  export(): Deadlines {
    return { ...this.#deadlines };
  }

  import(deadlines: Deadlines): void {
    Object.assign(this.#deadlines, deadlines);
    this.#halfOpen = true;
  }

  /** After the clock was set back an end would come late: nothing lasts longer than it was meant to from here. */
  #keepLength(now: number): void {
    const deadlines = this.#deadlines;
    deadlines.rest = Math.min(deadlines.rest, now + deadlines.restLength);
    deadlines.limit = Math.min(deadlines.limit, now + deadlines.limitLength);
  }

  /** Passing failures are forgiven until there are more than allowed; a failed trial is not. */
  #isStruckOut(resilience: Resilience, now: number, tried: boolean): boolean {
    this.#strikes = [...this.#strikes.filter((time) => time <= now && now - time < strikeWindow), now];
    return tried || this.#strikes.length > resilience.allowedFails;
  }

  /** Doubled only after a trial: requests that were under way together are one failure, however late they fail. */
  #nextRest(resilience: Resilience, now: number, tried: boolean): number {
    const { rest, restLength } = this.#deadlines;
    const first = resilience.cooldown * 1000;
    if (restLength === 0) return first;
    if (rest > now) return rest - now;
    return Math.max(first, tried ? Math.min(restLength * 2, longestRest) : restLength);
  }
}

/** The end that was told, or that of a matter that lasts; undefined = only a guess is possible. */
function limitOf({ kind, until }: Failure, now: number): number | undefined {
  // One that is over already (`retry-after: 0`, clocks that differ) tells nothing.
  if (until !== undefined) return until > now ? until : undefined;
  if (kind === 'quota') return now + quotaLimit;
  return kind === 'model-not-found' ? now + missingModelLimit : undefined;
}

/** A silence is longer than the minute within which others are counted: it would never add up. */
function coolsAtOnce({ kind }: Failure): boolean {
  return kind === 'connect' || kind === 'rate-limit' || kind === 'timeout';
}
