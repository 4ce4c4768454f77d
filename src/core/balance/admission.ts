// What the attempt loop asks before each call, whatever the call is about: may it begin, and if not, when.
import type { Failure } from '../failure.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { Lease } from './load-book.ts';
import type { Slot } from './slot-queue.ts';

/** One exchange's access to the limits that all exchanges share. */
export interface Admission {
  /** Begins a call, unless the deployment's key is at a limit or others wait for it. End the lease in every case. */
  begin(deployment: Deployment): Lease | undefined;
  /**
   * Waits up to `milliseconds` for a slot at one of the `wanted`, which is asked again each time that one comes free.
   * Undefined when there was none, none is wanted any more, or the signal came. `onSlot` is called at once, before the next in line is asked.
   */
  wait(
    wanted: () => readonly Deployment[],
    milliseconds: number,
    signal: AbortSignal,
    onSlot: (deployment: Deployment) => void,
  ): Promise<Slot | undefined>;
  /** When a call can probably begin, in milliseconds since the epoch. */
  expectedRoomAt(deployment: Deployment): number;
  /** A call failed after `milliseconds`, before its answer began. */
  failed(deployment: Deployment, failure: Failure, milliseconds: number): void;
}
