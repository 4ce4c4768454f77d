// Requests that found every key at its limit wait here for a place, first come, first served: who comes later can not
// overtake, and a place that comes free is handed to the one who waited longest for it.
import type { Clock } from '../clock.ts';
import type { Deployment } from '../routing/candidates.ts';
import { type Demand, keyName, type Lease, type LoadBook } from './load-book.ts';

export interface Place {
  deployment: Deployment;
  lease: Lease;
}

export interface PlaceWish {
  /** The deployments that would do now, best first; asked again each time that a place comes free. */
  wanted(): readonly Deployment[];
  demand: Demand;
  /** Longest wait. */
  milliseconds: number;
  /** Ends the wait. */
  signal: AbortSignal;
  /** Hears of the place at once, before the next in line is asked what he wants now. */
  onPlace?(deployment: Deployment): void;
}

interface Waiter {
  wish: PlaceWish;
  /** Names of the keys that it waits for. */
  keys: ReadonlySet<string>;
  leave(place: Place | undefined): void;
}

export class PlaceQueue {
  readonly #load: LoadBook;
  readonly #clock: Clock;
  /** Longest wait first. */
  readonly #waiters = new Set<Waiter>();
  /** How many wait for a key. */
  readonly #awaited = new Map<string, number>();
  #cancelWake = () => {};

  constructor(load: LoadBook, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
    load.onRoom = (key) => this.#serve(key);
  }

  /** Whether a call could begin at once. */
  hasRoom(deployment: Deployment, demand: Demand): boolean {
    return !this.#awaited.has(keyName(deployment)) && this.#load.hasRoom(deployment, demand);
  }

  /** Begins a call at once, unless its key is at a limit or others wait for it already. */
  begin(deployment: Deployment, demand: Demand): Lease | undefined {
    return this.#awaited.has(keyName(deployment)) ? undefined : this.#load.begin(deployment, demand);
  }

  /** Waits for a place; undefined when there was none in time or the signal came. */
  wait(wish: PlaceWish): Promise<Place | undefined> {
    return new Promise((resolve) => {
      const onAbort = () => waiter.leave(undefined);
      const cancelTimer = this.#clock.after(wish.milliseconds, onAbort);
      const waiter: Waiter = {
        wish,
        keys: new Set(wish.wanted().map(keyName)),
        leave: (place) => {
          if (!this.#waiters.delete(waiter)) return;
          cancelTimer();
          wish.signal.removeEventListener('abort', onAbort);
          this.#forget(waiter.keys);
          resolve(place);
          // Whoever leaves empty-handed may have kept others from a place that was too small for him.
          if (!place) for (const key of waiter.keys) this.#serve(key);
        },
      };
      this.#waiters.add(waiter);
      for (const key of waiter.keys) this.#awaited.set(key, (this.#awaited.get(key) ?? 0) + 1);
      wish.signal.addEventListener('abort', onAbort);
      if (wish.signal.aborted) onAbort();
      // Those who wait already may want something else by now.
      else for (const key of waiter.keys) this.#serve(key);
    });
  }

  /** Hands out the places of a key until one that is wanted can not be had. */
  #serve(key: string): void {
    for (const waiter of [...this.#waiters]) {
      if (!this.#waiters.has(waiter)) continue;
      const deployment = waiter.wish.wanted().find((each) => keyName(each) === key);
      if (!deployment) continue;
      const lease = this.#load.begin(deployment, waiter.wish.demand);
      if (!lease) break;
      waiter.wish.onPlace?.(deployment);
      waiter.leave({ deployment, lease });
    }
    this.#wakeWithTheMinute();
  }

  /** Places come free by themselves when old requests leave the minute. */
  #wakeWithTheMinute(): void {
    this.#cancelWake();
    this.#cancelWake = () => {};
    let first: { at: number; key: string } | undefined;
    for (const key of this.#awaited.keys()) {
      const at = this.#roomForFirst(key);
      if (at !== undefined && (!first || at < first.at)) first = { at, key };
    }
    if (!first) return;
    const { at, key } = first;
    this.#cancelWake = this.#clock.after(Math.max(at - this.#clock.now(), 1), () => this.#serve(key));
  }

  #roomForFirst(key: string): number | undefined {
    // As `#serve` looks for them: one may want by now what it did not wait for at first.
    for (const { wish } of this.#waiters) {
      const deployment = wish.wanted().find((each) => keyName(each) === key);
      if (deployment) return this.#load.minuteRoomAt(deployment, wish.demand);
    }
    return undefined;
  }

  #forget(keys: ReadonlySet<string>): void {
    for (const key of keys) {
      const left = (this.#awaited.get(key) ?? 1) - 1;
      if (left > 0) this.#awaited.set(key, left);
      else this.#awaited.delete(key);
    }
  }
}
