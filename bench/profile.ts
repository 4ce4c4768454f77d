// `node bench/profile.ts COMPARISON [DIALECT]`: where the router's time goes while it serves the requests of one
// comparison; the thirty functions with the most time of their own, in percent of what the process was busy.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchDialect, benchDialects } from './answers.ts';
import { startChild } from './child.ts';
import { contender } from './contender.ts';
import { programs, startSwitchyard, upstreamBase } from './contenders.ts';
import { comparisons } from './scenarios/comparisons.ts';
import { inTurns } from './scenarios/in-turns.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

function ownTimes({ nodes, samples, timeDeltas }: Profile): [name: string, microseconds: number][] {
  const names = new Map(
    nodes.map(({ id, callFrame }) => {
      const file = callFrame.url.split('/').at(-1) ?? '';
      const name = callFrame.functionName || '(anonymous)';
      return [id, file === '' ? name : `${name} ${file}:${callFrame.lineNumber + 1}`];
    }),
  );
  const times = new Map<string, number>();
  for (const [index, sample] of samples.entries()) {
    const name = names.get(sample) ?? '?';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return [...times].sort((a, b) => b[1] - a[1]);
}

const [id = 'small', asked = 'anthropic'] = process.argv.slice(2);
const comparison = comparisons(1).find((each) => each.id === id);
const dialect = benchDialects.find((each): each is BenchDialect => each === asked);
if (!comparison || !dialect) throw new Error(`usage: profile.ts COMPARISON [${benchDialects.join('|')}]`);

const folder = mkdtempSync(join(tmpdir(), 'switchyard-profile-'));
const upstream = await startChild(process.execPath, [join(programs, 'upstream.ts')]);
try {
  const router = await startSwitchyard(upstreamBase(upstream.url, dialect), dialect, {
    NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=200`,
  });
  const headers = { authorization: `Bearer ${router.token}` };
  const client = contender({ ...router, name: 'router', headers });
  // Long enough for the start to fade.
  await inTurns([client], { ...comparison, rounds: comparison.rounds * 4 });
  await client.stop();
  const file = readdirSync(folder)[0] ?? '';
  const times = ownTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
  const busy = times.filter(([name]) => name !== '(idle)' && name !== '(program)');
  const whole = busy.reduce((sum, [, time]) => sum + time, 0);
  for (const [name, time] of busy.slice(0, 30))
    process.stdout.write(`${((100 * time) / whole).toFixed(1).padStart(5)} %  ${name}\n`);
} finally {
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
}
