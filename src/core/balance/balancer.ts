// What groups know about load across requests and across configurations: calls under way, the last minute of each key,
// latencies, turns, and where sessions stay. `dispatch` gives one exchange its order and its way through the limits.
import type { Clock, Random } from '../clock.ts';
import { Bindings } from './bindings.ts';
import { type Books, Dispatch, type DispatchInput } from './dispatch.ts';
import { LatencyBook } from './latency-book.ts';
import { LoadBook } from './load-book.ts';
import { SlotQueue } from './slot-queue.ts';
import { Turns } from './turns.ts';

export class Balancer implements Books {
  readonly clock: Clock;
  readonly random: Random;
  readonly load: LoadBook;
  readonly queue: SlotQueue;
  readonly latency = new LatencyBook();
  readonly turns = new Turns();
  readonly bindings = new Bindings();

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
    this.load = new LoadBook(clock);
    this.queue = new SlotQueue(this.load, clock);
  }

  /** The order of a target's deployments for one exchange, and its access to their limits. Changes nothing yet. */
  dispatch(input: DispatchInput): Dispatch {
    return new Dispatch(this, input);
  }

  /**
   * A provider is reached in another way now: its latency is another one, and its prompt caches are elsewhere. Calls
   * under way and the last minute stay, because the account's limits do.
   */
  forget(provider: string): void {
    this.latency.forget(provider);
    this.bindings.forget(provider);
  }

  /** What outlives the process, as plain data without content. */
  export(): unknown {
    return { bindings: this.bindings.export(this.clock.now()) };
  }

  import(data: unknown): void {
    if (typeof data === 'object' && data !== null && 'bindings' in data)
      this.bindings.import(data.bindings, this.clock.now());
  }
}
