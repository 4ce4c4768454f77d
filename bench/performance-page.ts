// docs/performance.md, from the results of one run.
import { type Goal, mostNoise, noise } from './goals.ts';
import type { Results } from './results.ts';
import type { Figures } from './scenarios/in-turns.ts';
import type { SoakResults } from './soak-results.ts';

/** @param soak the last one of full length, if there was any */
export function performancePage(
  results: Results,
  goals: readonly Goal[],
  soak: SoakResults | undefined,
): string {
  const { machine, notes } = results;
  const parts = [
    '# Performance',
    '',
    'Written by `npm run bench`; `bench/results.json` holds the numbers. All contenders ran in one run and in turns, each as a',
    'process of its own, before one upstream that answers at once. The **floor** is the least that any proxy on Node must do:',
    "Node's HTTP server, undici, bytes through. Its **twin** is the same program once more: what it differs by is noise, and a run",
    `in which it differs by more than ${Math.round(mostNoise * 100)} % is void. CPU is the kernel's count for the process, a request;`,
    'latency is what the client saw. Ratios are medians of the rounds, each against the floor in the same round. The rounds in which',
    'the engine still compiles what is used often do not count.',
    '',
    `${machine.processor}, ${machine.cores} cores, ${machine.memory} GB, ${machine.system}, Node ${machine.node}, ${machine.date}.`,
    '',
    '## Goals',
    '',
    '| what | goal | measured | |',
    '| --- | --- | --- | --- |',
    ...goals.map(goalRow),
    '',
    ...noiseLines(results),
    ...profilePart(results),
    ...results.comparisons.flatMap(({ id, title, figures }) => comparisonPart(id, title, figures)),
    ...sessionPart(results),
    ...memoryPart(results),
    ...startPart(results),
    ...hostPart(results),
    ...soakPart(soak),
    ...(notes.length === 0 ? [] : ['## Notes', '', ...notes.map((note) => `- ${note}`), '']),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function goalRow({ what, limit, value, unit }: Goal): string {
  if (value === undefined) return `| ${what} | ≤ ${limit} ${unit} | – | not measured |`;
  return `| ${what} | ≤ ${limit} ${unit} | ${value.toFixed(2)} | ${value <= limit ? 'met' : '**missed**'} |`;
}

function noiseLines(results: Results): string[] {
  const distances = Object.entries(noise(results));
  if (distances.length === 0) return [];
  const words = distances.map(([id, distance]) => `${id} ${(distance * 100).toFixed(1)} %`).join(', ');
  const void_ = distances.some(([, distance]) => distance > mostNoise);
  return [
    `Noise (twin against floor, CPU): ${words}.${void_ ? ' **This run is void where it is above the limit.**' : ''}`,
    '',
  ];
}

function profilePart({ profiles = {} }: Results): string[] {
  const entries = Object.entries(profiles);
  if (entries.length === 0) return [];
  return [
    '## Where the time goes where a goal was missed',
    '',
    'Own time by the place of the code, in percent of what the process was busy. What the floor does too (system calls,',
    "Node's HTTP, undici, the engine) can't be had for less; the rest is what a router does for a request: it checks the caller,",
    'reads and parses the body, decides, keeps limits and health, reads the answer for its usage, writes record and log.',
    '',
    ...entries.flatMap(([name, shares]) => [
      `| ${name} | % |`,
      '| --- | --: |',
      ...shares.slice(0, 14).map(({ place, share }) => `| ${place} | ${(100 * share).toFixed(1)} |`),
      '',
    ]),
  ];
}

function comparisonPart(id: string, title: string, all: Record<string, Figures>): string[] {
  const direct = all.direct;
  return [
    `## ${title} (\`${id}\`)`,
    '',
    '| contender | requests | p50 ms | added p50 ms | p99 ms | first byte p50 ms | CPU µs | × floor | a second |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...Object.entries(all).map(([name, figures]) => {
      if (figures.failed !== undefined)
        return `| ${name} | – | ${figures.failed.replaceAll(/[|\n]/g, ' ').slice(0, 120)} | | | | | | |`;
      const added = direct && name !== 'direct' ? (figures.p50 - direct.p50).toFixed(2) : '';
      const ratio = figures.timesFloor?.toFixed(2) ?? '';
      return `| ${name} | ${figures.requests} | ${figures.p50.toFixed(2)} | ${added} | ${figures.p99.toFixed(2)} | ${figures.firstP50.toFixed(2)} | ${figures.cpu?.toFixed(0) ?? ''} | ${ratio} | ${figures.rate.toFixed(0)} |`;
    }),
    '',
  ];
}

function sessionPart({ sessions }: Results): string[] {
  const first = Object.values(sessions ?? {})[0];
  if (!sessions || !first) return [];
  return [
    '## A growing session (`session`)',
    '',
    'CPU of a turn in microseconds, median of each tenth of the session.',
    '',
    `| contender | ${first.kilobytes.map((size) => `${Math.round(size)} kB`).join(' | ')} |`,
    `| --- | ${first.kilobytes.map(() => '--:').join(' | ')} |`,
    ...Object.entries(sessions).map(
      ([name, { cpu }]) => `| ${name} | ${cpu.map((value) => value.toFixed(0)).join(' | ')} |`,
    ),
    '',
  ];
}

function memoryPart({ memory }: Results): string[] {
  if (!memory) return [];
  const kinds = Object.keys(memory.switchyard?.waitingKinds ?? {}).sort();
  return [
    '## Open streams (`memory`)',
    '',
    'Heap and buffers after a collection, for each of 200 streams: while it waits for its first content, and while its content',
    'flows. Until there is content a router keeps what a proxy has passed on already: the request, as bytes and parsed, because',
    'another deployment may have to be asked. From then on it holds nothing of a large request.',
    '',
    '| contender | at rest MB | waiting kB | flowing kB |',
    '| --- | --: | --: | --: |',
    ...Object.entries(memory).map(
      ([name, { idle, waiting, flowing }]) =>
        `| ${name} | ${idle.toFixed(1)} | ${waiting.toFixed(1)} | ${flowing.toFixed(1)} |`,
    ),
    '',
    'What a waiting stream holds, in kilobytes, by what V8 tells of its heap (its own overhead left out). The floor has passed',
    'the request on; a router has its bytes twice, as they came and as they went up, and the same parsed; and the calls that lead',
    'from the listener to the attempt wait, each with its promises, registers and functions.',
    '',
    `| contender | ${kinds.join(' | ')} |`,
    `| --- |${' --: |'.repeat(kinds.length)}`,
    ...Object.entries(memory).map(
      ([name, { waitingKinds }]) =>
        `| ${name} | ${kinds.map((kind) => (waitingKinds[kind] ?? 0).toFixed(1)).join(' | ')} |`,
    ),
    '',
  ];
}

function startPart({ start }: Results): string[] {
  if (!start) return [];
  return [
    '## Start (`start`)',
    '',
    '| program | listens after ms | first answer after ms | memory MB |',
    '| --- | --: | --: | --: |',
    ...Object.entries(start).map(
      ([name, { listening, firstAnswer, memory }]) =>
        `| ${name} | ${listening.toFixed(0)} | ${firstAnswer.toFixed(0)} | ${memory.toFixed(1)} |`,
    ),
    '',
  ];
}

function hostPart({ host }: Results): string[] {
  if (!host) return [];
  const row = (name: string, { p50, p99, max }: typeof host.quiet) =>
    `| ${name} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${max.toFixed(2)} |`;
  return [
    "## The extension host's thread (`host`)",
    '',
    'Delay of its event loop in milliseconds (the meter itself ticks each millisecond), the router in its worker thread.',
    '',
    '| | p50 | p99 | most |',
    '| --- | --: | --: | --: |',
    row('nothing to do', host.quiet),
    row('4 MB requests, converted', host.busy),
    '',
  ];
}

function soakPart(soak: SoakResults | undefined): string[] {
  if (!soak) return [];
  return [
    '## Soak (`node bench/soak.ts`)',
    '',
    `${soak.seconds / 60} minutes on ${soak.date}: twelve clients of all dialects, streamed and whole, in sessions of a few turns, of which`,
    'one in twenty leaves early, before providers that refuse, break off, stall and send garbage; each group ends with one that',
    `works. ${soak.summary} Nothing that the router holds grew; memory is read when a collection frees nothing more.`,
    '',
    '| window | exchanges | complete | median ms | heap MB | external MB | files | timers | sockets |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...soak.windows.map(
      ({ exchanges, complete, pace, heap, external, files, timers, sockets }, index) =>
        `| ${index + 1} | ${exchanges} | ${complete} | ${pace.toFixed(0)} | ${heap.toFixed(1)} | ${external.toFixed(1)} | ${files} | ${timers} | ${sockets} |`,
    ),
    '',
  ];
}
