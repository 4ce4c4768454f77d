// Requests that found every key at its limit wait here for a slot, first come, first served: who comes later can not
// overtake, and a slot that comes free is handed to the one who waited longest for it.
import type { Clock } from '../clock.ts';
import type { Deployment } from '../routing/candidates.ts';
import { type Demand, keyName, type Lease, type LoadBook } from './load-book.ts';

export interface Slot {
  deployment: Deployment;
  lease: Lease;
}

export interface SlotWish {
  /** The deployments that would do now, best first; asked again each time that a slot comes free. None ends the wait. */
  wanted(): readonly Deployment[];
  demand: Demand;
  /** Longest wait. */
  milliseconds: number;
  /** Ends the wait. */
  signal: AbortSignal;
  /** Hears of the slot at once, before the next in line is asked what he wants now. */
  onSlot?(deployment: Deployment): void;
}

interface Waiter {
  wish: SlotWish;
  /** Names of the keys that it waits for. */
  keys: ReadonlySet<string>;
  leave(slot: Slot | undefined): void;
}

export class SlotQueue {
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

  /** Waits for a slot; undefined when there was none in time, none is wanted any more, or the signal came. */
  wait(wish: SlotWish): Promise<Slot | undefined> {
    return new Promise((resolve) => {
      const onAbort = () => this.#dismiss([waiter]);
      const cancelTimer = this.#clock.after(wish.milliseconds, onAbort);
      const waiter: Waiter = {
        wish,
        keys: new Set(wish.wanted().map(keyName)),
        leave: (slot) => {
          this.#waiters.delete(waiter);
          cancelTimer();
          wish.signal.removeEventListener('abort', onAbort);
          this.#forget(waiter.keys);
          resolve(slot);
        },
      };
      this.#waiters.add(waiter);
      for (const key of waiter.keys) this.#awaited.set(key, (this.#awaited.get(key) ?? 0) + 1);
      wish.signal.addEventListener('abort', onAbort);
      if (wish.signal.aborted || waiter.keys.size === 0) onAbort();
      // Those who wait already may want something else by now.
      else for (const key of waiter.keys) this.#serve(key);
    });
  }

  /** They leave empty-handed, and may have kept others from slots that were too small for them. */
  #dismiss(leaving: readonly Waiter[]): void {
    for (const waiter of leaving) waiter.leave(undefined);
    for (const key of new Set(leaving.flatMap(({ keys }) => [...keys]))) this.#serve(key);
  }

  /**
   * Hands out the slots of a key until one that is wanted can not be had. Whoever wants none at all any more, because
   * all that he waited for turned out to be limited, need not stand here until his time is up.
   */
  #serve(key: string): void {
    const aimless: Waiter[] = [];
    for (const waiter of [...this.#waiters]) {
      if (!this.#waiters.has(waiter)) continue;
      const wanted = waiter.wish.wanted();
      if (wanted.length === 0) aimless.push(waiter);
      const deployment = wanted.find((each) => keyName(each) === key);
      if (!deployment) continue;
      const lease = this.#load.begin(deployment, waiter.wish.demand);
      if (!lease) break;
      waiter.wish.onSlot?.(deployment);
      waiter.leave({ deployment, lease });
    }
    if (aimless.length > 0) this.#dismiss(aimless);
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
