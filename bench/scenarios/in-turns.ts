// The core of every comparison: contenders in turn, round after round, so that all see the same machine.
import type { BenchRequest } from '../bodies.ts';
import type { Contender, Sample } from '../contender.ts';
import { cpuMicroseconds } from '../process-figures.ts';
import { median, quantile } from '../statistics.ts';

export interface Figures {
  requests: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Milliseconds to the first byte of the answer. */
  firstP50: number;
  /** Microseconds of CPU a request, median of the rounds; undefined for the direct way. */
  cpu?: number;
  /** The same as a multiple of the floor's in the same round, median of the rounds: machines have slow moments. */
  timesFloor?: number;
  /** A second, while the requests of a round run side by side. */
  rate: number;
  /** Why there are no figures. */
  failed?: string;
}

/** The contender that the others are compared with. */
export const floorName = 'floor';

export interface TurnOptions {
  /** Rounds before those that count: the engine compiles what is used often, for some hundred requests. */
  warmUp: number;
  rounds: number;
  /** In one round, for each contender. */
  requests: number;
  /** Slow peers get fewer. */
  peerRequests: number;
  /** Requests under way together. */
  parallel: number;
  request(): BenchRequest;
}

/** Measures all contenders. */
export async function inTurns(
  contenders: readonly Contender[],
  options: TurnOptions,
): Promise<Map<string, Figures>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  const cpu = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const failed = new Map<string, string>();
  for (let round = -options.warmUp; round < options.rounds; round++) {
    for (const contender of rotated(contenders, round + options.warmUp)) {
      if (failed.has(contender.name)) continue;
      const requests = Array.from({ length: contender.peer ? options.peerRequests : options.requests }, () =>
        options.request(),
      );
      const before = contender.pid === undefined ? 0 : cpuMicroseconds(contender.pid);
      const begun = performance.now();
      try {
        const round_ = await sendAll(contender, requests, options.parallel);
        if (round < 0) continue;
        samples.get(contender.name)?.push(...round_);
        rates.get(contender.name)?.push((requests.length * 1000) / (performance.now() - begun));
        if (contender.pid !== undefined)
          cpu.get(contender.name)?.push((cpuMicroseconds(contender.pid) - before) / requests.length);
      } catch (error) {
        failed.set(contender.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return new Map(
    contenders.map(({ name, pid }) => {
      const all = samples.get(name) ?? [];
      const why = failed.get(name);
      const figures: Figures = {
        requests: all.length,
        p50: median(all.map(({ total }) => total)),
        p99: quantile(
          all.map(({ total }) => total),
          0.99,
        ),
        firstP50: median(all.map(({ first }) => first)),
        rate: median(rates.get(name) ?? []),
        ...(pid === undefined
          ? {}
          : { cpu: median(cpu.get(name) ?? []), timesFloor: timesFloor(cpu.get(name), cpu.get(floorName)) }),
        ...(why === undefined ? {} : { failed: why }),
      };
      return [name, figures];
    }),
  );
}

/** Who comes after whom makes a difference: each is first once. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function timesFloor(own: readonly number[] = [], floor: readonly number[] = []): number {
  return median(own.flatMap((cpu, round) => (floor[round] === undefined ? [] : cpu / floor[round])));
}

async function sendAll(
  contender: Contender,
  requests: readonly BenchRequest[],
  parallel: number,
): Promise<Sample[]> {
  const waiting = requests.values();
  const samples: Sample[] = [];
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const request of waiting) samples.push(await contender.send(request));
    }),
  );
  return samples;
}
