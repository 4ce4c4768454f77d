// What the router promises, as ratios to the bare proxy of the same run, and what this run says of it.
import type { BenchDialect } from './answers.ts';
import type { Results } from './results.ts';

export interface Goal {
  what: string;
  limit: number;
  /** Undefined: not measured in this run. */
  value: number | undefined;
  unit: string;
  /** The comparison and upstream dialect that it is about, where a profile tells more. */
  about?: { id: string; dialect: BenchDialect };
}

/** Above this distance between the floor and its twin a run says nothing. */
export const mostNoise = 0.1;

/** Distance of the twin's CPU from the floor's, as a share, in each comparison that goals rest on. */
export function noise(results: Results): Record<string, number> {
  const entries = results.comparisons.flatMap(({ id, figures }) => {
    const twin = figures['floor (twin)']?.timesFloor;
    return twin === undefined ? [] : [[id, Math.abs(twin - 1)] as const];
  });
  return Object.fromEntries(entries);
}

export function goals(results: Results): Goal[] {
  const figures = (id: string) => results.comparisons.find((each) => each.id === id)?.figures;
  const cpuRatio = (id: string, name: string) => figures(id)?.[name]?.timesFloor;
  const addedRatio = (id: string, name: string) => {
    const all = figures(id);
    const [own, floor, direct] = [all?.[name]?.p50, all?.floor?.p50, all?.direct?.p50];
    if (own === undefined || floor === undefined || direct === undefined) return undefined;
    return (own - direct) / (floor - direct);
  };
  const converted = ['openai-chat', 'openai-responses', 'gemini'] as const;
  const memoryRatio = (name: string, state: 'waiting' | 'flowing') => {
    const [own, floor] = [results.memory?.[name]?.[state], results.memory?.floor?.[state]];
    return own === undefined || floor === undefined ? undefined : own / floor;
  };
  const start = results.start;
  const host = results.host;
  const ratio = (what: string, limit: number, value: number | undefined): Goal => ({
    what,
    limit,
    value,
    unit: '× the floor',
  });
  const cpu = (what: string, limit: number, id: string, dialect: BenchDialect): Goal => ({
    ...ratio(
      `CPU of ${what}, ${dialect === 'anthropic' ? 'same dialect' : `to ${dialect}`}`,
      limit,
      cpuRatio(id, dialect === 'anthropic' ? 'switchyard' : `switchyard → ${dialect}`),
    ),
    about: { id, dialect },
  });
  return [
    cpu('a small request', 1.5, 'small', 'anthropic'),
    cpu('a stream of 64 pieces', 1.5, 'stream-parallel', 'anthropic'),
    cpu('a 1 MB request', 3, '1m', 'anthropic'),
    ...converted.flatMap((dialect) => [
      cpu('a small request', 2, 'small', dialect),
      cpu('a stream of 64 pieces', 2.5, 'stream-parallel', dialect),
      cpu('a 1 MB request', 5, '1m', dialect),
    ]),
    ratio('added median latency of a small request, same dialect', 2, addedRatio('small', 'switchyard')),
    ...(['waiting', 'flowing'] as const).flatMap((state) => [
      ratio(`memory of a ${state} stream, same dialect`, 2, memoryRatio('switchyard', state)),
      ratio(`memory of a ${state} stream, converted`, 2, memoryRatio('switchyard → openai-chat', state)),
    ]),
    {
      what: 'memory at rest beyond the floor',
      limit: 60,
      value: start?.switchyard && start.floor && start.switchyard.memory - start.floor.memory,
      unit: 'MB',
    },
    { what: 'start until it listens', limit: 150, value: start?.switchyard?.listening, unit: 'ms' },
    {
      what: "p99 delay of the extension host's event loop with 4 MB requests, beyond that without",
      limit: 5,
      value: host && host.busy.p99 - host.quiet.p99,
      unit: 'ms',
    },
  ];
}
