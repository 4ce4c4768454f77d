// The strategies: in which order the choices of a group are tried. Pure functions of what is measured and of chance;
// every one returns all its choices, so that the next takes over where one fails.
import type { Random } from '../clock.ts';
import type { Strategy } from '../config/router-config.ts';

/** One choice of a group: a deployment, or a nested group as measured by the deployment that it would pick. */
export interface Choice {
  weight: number;
  /** Number of the turn that it had last; 0 = none yet. */
  lastTurn: number;
  /** Calls under way. */
  inFlight: number;
  /** Moving average of its latency; undefined when unmeasured. Only compared, whatever its unit. */
  latency: number | undefined;
  /** It failed a moment ago. */
  missed: boolean;
  /** What its key has sent in the last 60 seconds. */
  requests: number;
  tokens: number;
}

type Order = <C extends Choice>(choices: readonly C[], random: Random) => C[];

/** Latencies within this share of the lowest count as equal. */
export const latencyBuffer = 0.2;

export const strategyOrder: Readonly<Record<Strategy, Order>> = {
  /** As written. */
  failover: (choices) => [...choices],
  /** Who had no turn for the longest time. One that could not be used is next as soon as it can. */
  'round-robin': (choices) => choices.toSorted((a, b) => a.lastTurn - b.lastTurn),
  /** Drawn by weight, without putting back. */
  weighted: drawByWeight,
  /** Fewest calls under way. */
  'least-busy': (choices, random) => shuffle(choices, random).sort((a, b) => a.inFlight - b.inFlight),
  latency: byLatency,
  /** Fewest tokens in the last minute, then fewest requests. */
  usage: (choices, random) =>
    shuffle(choices, random).sort((a, b) => a.tokens - b.tokens || a.requests - b.requests),
};

/** Whether `latency` tries a choice to get to know it: each unmeasured one by one call at a time. */
export function isExplored({ latency, inFlight, missed }: Choice): boolean {
  return latency === undefined && inFlight === 0 && !missed;
}

/**
 * One to explore, those about as fast as the fastest in random order, the slower ones, then whoever is unmeasured: a
 * request that failed once is no longer used to explore.
 */
function byLatency<C extends Choice>(choices: readonly C[], random: Random): C[] {
  const mixed = shuffle(choices, random);
  const explored = mixed.find(isExplored);
  const measured = mixed.flatMap((choice) =>
    choice.latency === undefined ? [] : [{ choice, latency: choice.latency }],
  );
  const fast = Math.min(...measured.map(({ latency }) => latency)) * (1 + latencyBuffer);
  const rank = (latency: number) => (latency <= fast ? 0 : latency);
  measured.sort((a, b) => rank(a.latency) - rank(b.latency));
  const unmeasured = mixed
    .filter((choice) => choice.latency === undefined && choice !== explored)
    .sort((a, b) => a.inFlight - b.inFlight);
  return [...(explored ? [explored] : []), ...measured.map(({ choice }) => choice), ...unmeasured];
}

/** Those without weight come last, as written. */
function drawByWeight<C extends Choice>(choices: readonly C[], random: Random): C[] {
  const left = choices.filter(({ weight }) => weight > 0);
  const drawn: C[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    let point = random.fraction() * total;
    let index = left.findIndex(({ weight }) => {
      point -= weight;
      return point < 0;
    });
    // Rounding may leave a crumb behind the last one.
    if (index === -1) index = left.length - 1;
    drawn.push(...left.splice(index, 1));
  }
  return [...drawn, ...choices.filter(({ weight }) => weight <= 0)];
}

/** A new array in random order (Fisher and Yates). */
function shuffle<C>(choices: readonly C[], random: Random): C[] {
  const mixed = [...choices];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random.fraction() * (last + 1));
    const [a, b] = [mixed[last], mixed[other]];
    if (a === undefined || b === undefined) continue;
    mixed[last] = b;
    mixed[other] = a;
  }
  return mixed;
}
