// Fault schedules as plain data: a fleet, what fails when, who asks when. From a seed, and smaller as long as it fails.
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import { group, key, provider, routerConfig, target } from '../config-builder.ts';
import { seeded } from '../seeded.ts';
import { type FaultName, faultNames } from './faults.ts';

/** Milliseconds from the beginning. */
type Time = number;

export interface Ask {
  id: number;
  at: Time;
  /** A group or `provider/model`. */
  model: string;
  stream: boolean;
  session?: string;
  /** The client goes away so long after it has asked. */
  leavesAfter?: Time;
  /** The client takes so long to read each part. */
  reads?: Time;
}

export interface Fault {
  from: Time;
  to: Time;
  /** A provider's name, `provider/key` or `provider/key/model`. */
  of: string;
  what: FaultName;
}

export interface Event {
  at: Time;
  what: 'health leaves and returns' | 'the same configuration once more' | 'a new key';
  provider: string;
}

export interface Schedule {
  seed: number;
  config: RouterConfig;
  asks: Ask[];
  faults: Fault[];
  events: Event[];
}

const strategies = ['failover', 'round-robin', 'weighted', 'least-busy', 'latency', 'usage'] as const;
const modelNames = ['plain', 'claude-opus-5', 'claude-sonnet-5'];

export function scheduleOf(seed: number): Schedule {
  const below = seeded(seed * 7919 + 17);
  // The first numbers of neighbouring seeds are alike.
  for (let turn = 0; turn < 5; turn++) below(2);
  const chance = (percent: number) => below(100) < percent;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  /** Never a whole number: no two things happen at the same time. */
  const time = (most: number): Time => below(most) + (below(1 << 20) + 1) / (1 << 21);

  const providers = Array.from({ length: 1 + below(4) }, (_, index) => {
    const name = `p${index}`;
    const keys = Array.from({ length: chance(70) ? 1 : 2 }, (_, number) =>
      key(`k${number}`, {
        reference: `env:${name}k${number}`,
        weight: 1 + below(3),
        ...(chance(20) ? { maxParallel: 1 + below(3) } : {}),
        ...(chance(10) ? { rpm: 2 + below(10) } : {}),
      }),
    );
    const models = modelNames.slice(0, 1 + below(2));
    const timeout = { connect: 10, firstToken: 10 + below(30), idle: 10 + below(30), total: 200 };
    return provider(name, models, { keys, timeout });
  });
  const all = providers.flatMap(({ name, models }) => models.map(({ id }) => `${name}/${id}`));
  const some = (most: number) => {
    const list = all.filter(() => chance(60)).slice(0, most);
    return (list.length > 0 ? list : [pick(all)]).map(target);
  };
  const rest = () => ({ strategy: pick(strategies), sticky: chance(70) });
  const inner = group('inner', some(3), rest());
  const outer = group(
    'outer',
    [...some(4).map((each) => ({ ...each, weight: 1 + below(3) })), ...(chance(30) ? [target('inner')] : [])],
    {
      ...rest(),
      fallbacks: chance(50) ? [target('inner')] : [],
      contextFallbacks: chance(30) ? some(2) : [],
    },
  );
  const config = routerConfig({
    providers,
    groups: [inner, outer],
    routes: { default: 'outer' },
    ...(chance(20) ? { fallbacks: { '*': [pick(all)] } } : {}),
    resilience: {
      retries: below(4),
      maxAttempts: 1 + below(12),
      cooldown: pick([5, 20, 60]),
      allowedFails: below(4),
      maxWait: pick([0, 5, 10, 30]),
    },
  });
  if (chance(20))
    config.errorRules = [
      pick([
        { statuses: [500], do: 'cool' as const, seconds: 25 },
        { statuses: [500], do: 'cool' as const },
        { statuses: [500], do: 'next' as const },
        { statuses: [500], do: 'stop' as const },
      ]),
    ];
  const span = pick([5_000, 40_000, 200_000]);
  const asks = Array.from(
    { length: 4 + below(28) },
    (_, id): Ask => ({
      id,
      at: time(span),
      model: chance(80) ? 'outer' : chance(50) ? 'inner' : pick(all),
      stream: chance(80),
      ...(chance(60) ? { session: `session-${below(4)}` } : {}),
      ...(chance(15) ? { leavesAfter: time(chance(50) ? 1_000 : 20_000) } : {}),
      ...(chance(20) ? { reads: time(3_000) } : {}),
    }),
  );
  const units = providers.flatMap(({ name, keys, models }) =>
    keys.flatMap((each) => [
      name,
      `${name}/${each.name}`,
      ...models.map(({ id }) => `${name}/${each.name}/${id}`),
    ]),
  );
  const faults = Array.from({ length: below(14) }, (): Fault => {
    const from = time(span);
    return { from, to: from + time(pick([500, 5_000, 60_000])), of: pick(units), what: pick(faultNames) };
  });
  const events = Array.from(
    { length: below(5) },
    (): Event => ({
      at: time(span),
      what: pick(['health leaves and returns', 'the same configuration once more', 'a new key']),
      provider: pick(providers).name,
    }),
  );
  return { seed, config, asks, faults, events };
}

/** The schedule with as little in it as still fails. */
export async function shrunk(
  schedule: Schedule,
  fails: (smaller: Schedule) => Promise<boolean>,
): Promise<Schedule> {
  let best = schedule;
  for (const part of ['asks', 'faults', 'events'] as const)
    for (let size = Math.ceil(best[part].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let start = 0; start < best[part].length; ) {
        const smaller = { ...best, [part]: best[part].toSpliced(start, size) };
        if (await fails(smaller)) best = smaller;
        else start += size;
      }
  return best;
}
