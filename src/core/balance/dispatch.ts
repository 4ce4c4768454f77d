// One exchange and the balancer: the order of its deployments, its way through the limits, and what its calls taught.
import type { Clock, Random } from '../clock.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { Target } from '../config/target.ts';
import type { Failure } from '../failure.ts';
import { candidatesOf, type Deployment } from '../routing/candidates.ts';
import type { Admission } from './admission.ts';
import type { Bindings } from './bindings.ts';
import type { AnswerKind, LatencyBook } from './latency-book.ts';
import type { Demand, Lease, LoadBook } from './load-book.ts';
import { type Order, orderOf, type Step } from './order.ts';
import type { Slot, SlotQueue } from './slot-queue.ts';
import type { Choice } from './strategies.ts';
import type { Turns } from './turns.ts';

/** What an exchange tells about itself. */
export interface DispatchInput extends Demand {
  config: RouterConfig;
  target: Target;
  /** How the answer is asked for. */
  kind: AnswerKind;
  /** Key of the session; without one nothing stays anywhere. */
  session?: string;
  /** It asks for what not all can give and the session's next request will not need: it may go elsewhere once. */
  isException?: boolean;
  isHealthy(deployment: Deployment): boolean;
}

/** What is known across exchanges; the balancer keeps it. */
export interface Books {
  readonly clock: Clock;
  readonly random: Random;
  readonly load: LoadBook;
  readonly queue: SlotQueue;
  readonly latency: LatencyBook;
  readonly turns: Turns;
  readonly bindings: Bindings;
}

export class Dispatch implements Admission {
  /** All that can serve, best first: own members by strategy, then fallbacks. */
  readonly candidates: Deployment[];
  readonly #balancer: Books;
  readonly #input: DispatchInput;
  readonly #steps = new Map<string, readonly Step[]>();
  /** Who could be called when the order was made. */
  readonly #usable = new Map<string, boolean>();
  /** What bound the session in each group when the order was made. */
  readonly #bound = new Map<string, string | undefined>();
  /** Picked because its session is there: that takes no turn. */
  readonly #stayed = new Set<string>();
  /** Picked to be measured: the session does not stay there. */
  readonly #explored = new Set<string>();

  constructor(balancer: Books, input: DispatchInput) {
    this.#balancer = balancer;
    this.#input = input;
    this.candidates = this.candidatesOf(input.target);
  }

  /** Of another target that may serve the exchange too, in the order in which they are tried. */
  candidatesOf(target: Target): Deployment[] {
    return candidatesOf(this.#input.config, target, (each) => this.#members(each));
  }

  begin(deployment: Deployment): Lease | undefined {
    const lease = this.#balancer.queue.begin(deployment, this.#input);
    if (lease) this.#takeTurn(deployment);
    return lease;
  }

  async wait(
    wanted: () => readonly Deployment[],
    milliseconds: number,
    signal: AbortSignal,
    onSlot: (deployment: Deployment) => void,
  ): Promise<Slot | undefined> {
    const demand = this.#input;
    const slot = await this.#balancer.queue.wait({ wanted, demand, milliseconds, signal, onSlot });
    if (slot) this.#takeTurn(slot.deployment);
    return slot;
  }

  expectedRoomAt(deployment: Deployment): number {
    return this.#balancer.load.expectedRoomAt(deployment, this.#input);
  }

  failed(deployment: Deployment, failure: Failure, milliseconds: number): void {
    if (failure.scope === 'request') return;
    const { latency, clock } = this.#balancer;
    const waited = failure.kind === 'timeout' ? milliseconds : undefined;
    latency.failed(deployment.id, this.#input.kind, clock.now(), waited);
  }

  /** The answer has begun, `milliseconds` after its call: from now on the session stays here. */
  committed(deployment: Deployment, milliseconds: number): void {
    const { latency, clock, bindings } = this.#balancer;
    const now = clock.now();
    if (this.#input.kind === 'stream') latency.streamed(deployment.id, milliseconds, now);
    const { session, isException } = this.#input;
    if (session === undefined || this.#explored.has(deployment.id)) return;
    if (isException && deployment.id !== this.candidates[0]?.id) return;
    for (const { scope, sticky } of this.#steps.get(deployment.id) ?? [])
      if (sticky) bindings.set(session, scope, deployment.id, this.#bound.get(scope), now);
  }

  /** A whole answer of `tokens` output tokens came after `milliseconds`. */
  completed(deployment: Deployment, milliseconds: number, tokens: number): void {
    const { latency, clock } = this.#balancer;
    if (this.#input.kind === 'whole') latency.answered(deployment.id, milliseconds, tokens, clock.now());
  }

  #members(target: Target): Deployment[] {
    const { random, turns } = this.#balancer;
    const { config } = this.#input;
    const order: Order = orderOf(
      {
        config,
        random,
        isUsable: (deployment) => this.#isUsable(deployment),
        measure: (deployment) => this.#measure(deployment),
        lastTurn: (scope, choice) => turns.of(scope, choice),
        boundTo: (scope) => this.#boundTo(scope),
      },
      target,
    );
    const [first] = order.ranked;
    if (first && order.first === 'bound') this.#stayed.add(first.deployment.id);
    if (first && order.first === 'explored') this.#explored.add(first.deployment.id);
    for (const { deployment, steps } of order.ranked)
      if (!this.#steps.has(deployment.id)) this.#steps.set(deployment.id, steps);
    return order.ranked.map(({ deployment }) => deployment);
  }

  #isUsable(deployment: Deployment): boolean {
    let usable = this.#usable.get(deployment.id);
    if (usable === undefined) {
      usable = this.#input.isHealthy(deployment) && this.#balancer.queue.hasRoom(deployment, this.#input);
      this.#usable.set(deployment.id, usable);
    }
    return usable;
  }

  #measure(deployment: Deployment): Omit<Choice, 'weight' | 'lastTurn'> {
    const { load, latency, clock } = this.#balancer;
    const now = clock.now();
    return {
      inFlight: load.inFlight(deployment.id),
      latency: latency.of(deployment.id, this.#input.kind, now),
      missed: latency.missedLately(deployment.id, now),
      ...load.lastMinute(deployment),
    };
  }

  #boundTo(scope: string): string | undefined {
    const { session } = this.#input;
    if (session === undefined) return undefined;
    if (!this.#bound.has(scope))
      this.#bound.set(scope, this.#balancer.bindings.get(session, scope, this.#balancer.clock.now()));
    return this.#bound.get(scope);
  }

  #takeTurn(deployment: Deployment): void {
    if (this.#stayed.has(deployment.id)) return;
    for (const { scope, choice, turns } of this.#steps.get(deployment.id) ?? [])
      if (turns) this.#balancer.turns.take(scope, choice);
  }
}
