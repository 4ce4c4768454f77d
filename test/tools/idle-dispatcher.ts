// A balancer that has seen nothing yet: everybody is well, nobody is busy.
import { Balancer } from '../../src/core/balance/balancer.ts';
import type { Dispatcher } from '../../src/core/gateway/context.ts';
import { fixedRandom, ManualClock } from './manual-clock.ts';

export function idleDispatcher(clock = new ManualClock()): Dispatcher {
  const balancer = new Balancer(clock, fixedRandom());
  return (input) => balancer.dispatch({ ...input, isHealthy: () => true });
}
