// `npm run bench [-- --quick] [--no-peers] [--only ID,…] [--page]`: measures the router beside a bare proxy, in one run and
// in turns, and writes bench/results.json and docs/performance.md; with `--page` only the page, of what was measured
// before. Not a part of `npm test`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Child, startChild } from './child.ts';
import { type Contender, contender } from './contender.ts';
import { programs, startContenders, startSwitchyard, upstreamBase } from './contenders.ts';
import { goals } from './goals.ts';
import { describeMachine } from './machine.ts';
import { performancePage } from './performance-page.ts';
import { profiled, type Share } from './profiled.ts';
import type { Results } from './results.ts';
import { comparisons } from './scenarios/comparisons.ts';
import { growingSession } from './scenarios/growing-session.ts';
import { hostThread } from './scenarios/host-thread.ts';
import { inTurns } from './scenarios/in-turns.ts';
import { openStreams } from './scenarios/open-streams.ts';
import { startUp } from './scenarios/startup.ts';
import { keptSoak } from './soak-results.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
    only: { type: 'string' },
    page: { type: 'boolean', default: false },
  },
});
const only = options.only?.split(',');
const wanted = (id: string) => only === undefined || only.includes(id);
const say = (text: string) => process.stderr.write(`${text}\n`);

const floorOf = (upstream: string, env = {}) =>
  startChild(process.execPath, [join(programs, 'floor.ts'), upstream], env);

async function measure(upstream: Child): Promise<Results> {
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    say(text);
  };
  const results: Results = { machine: describeMachine(), comparisons: [], notes };
  const contenders = await startContenders(upstream.url, { peers: !options['no-peers'], note });
  try {
    for (const { id, title, ...turns } of comparisons(options.quick ? 0.2 : 1)) {
      if (!wanted(id)) continue;
      say(`${id}: ${title} …`);
      results.comparisons.push({ id, title, figures: Object.fromEntries(await inTurns(contenders, turns)) });
    }
    if (wanted('session')) results.sessions = await measureSessions(contenders);
  } finally {
    await Promise.all(contenders.map((each) => each.stop()));
  }
  if (wanted('memory')) results.memory = await measureMemory(upstream.url);
  if (wanted('start')) results.start = await measureStart(upstream.url);
  if (wanted('host')) {
    say('host: event loop of the extension host …');
    results.host = await hostThread(upstreamBase(upstream.url, 'openai-chat'), options.quick ? 10 : 50);
  }
  return results;
}

async function measureSessions(contenders: readonly Contender[]): Promise<NonNullable<Results['sessions']>> {
  const turns = options.quick ? 50 : 200;
  const sessions: NonNullable<Results['sessions']> = {};
  for (const [index, each] of contenders.entries()) {
    if (each.pid === undefined || each.peer || each.name === 'floor (twin)') continue;
    say(`session: ${turns} turns through ${each.name} …`);
    sessions[each.name] = await growingSession(each, turns, 500_000 + index);
  }
  return sessions;
}

async function measureMemory(upstream: string): Promise<NonNullable<Results['memory']>> {
  const streams = 200;
  say(`memory: ${streams} open streams …`);
  const memory: NonNullable<Results['memory']> = {
    floor: await openStreams(
      upstream,
      async (env) => contender({ ...(await floorOf(upstream, env)), name: 'floor' }),
      streams,
    ),
  };
  for (const dialect of ['anthropic', 'openai-chat'] as const) {
    const name = dialect === 'anthropic' ? 'switchyard' : `switchyard → ${dialect}`;
    const start = async (env: Record<string, string>) => {
      const router = await startSwitchyard(upstreamBase(upstream, dialect), dialect, env);
      return contender({ ...router, name, headers: { authorization: `Bearer ${router.token}` } });
    };
    memory[name] = await openStreams(upstream, start, streams);
  }
  return memory;
}

async function measureStart(upstream: string): Promise<NonNullable<Results['start']>> {
  say('start: until it listens …');
  const times = options.quick ? 4 : 10;
  return {
    floor: await startUp(() => floorOf(upstream), times),
    switchyard: await startUp(() => startSwitchyard(upstream, 'anthropic'), times),
  };
}

/** For each goal that was missed: where the time goes. */
async function profileMissed(results: Results): Promise<Record<string, Share[]>> {
  const profiles: Record<string, Share[]> = {};
  for (const { value, limit, about } of goals(results)) {
    const comparison = about && comparisons(1).find(({ id }) => id === about.id);
    if (!comparison || value === undefined || value <= limit) continue;
    say(`profile: ${about.id}, ${about.dialect} …`);
    profiles[`${about.id}, ${about.dialect}`] = await profiled(comparison, about.dialect);
  }
  return profiles;
}

const resultsFile = join(import.meta.dirname, 'results.json');
const pageFile = join(import.meta.dirname, '..', 'docs', 'performance.md');
const pageOf = (results: Results) => performancePage(results, goals(results), keptSoak());

async function measureAll(): Promise<void> {
  const upstream = await startChild(process.execPath, [join(programs, 'upstream.ts')]);
  try {
    const results = await measure(upstream);
    results.profiles = await profileMissed(results);
    const page = pageOf(results);
    process.stdout.write(page);
    // A look at a part must not replace the whole.
    if (only !== undefined || options.quick || options['no-peers']) return;
    writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
    writeFileSync(pageFile, page);
  } finally {
    await upstream.stop();
  }
}

if (options.page) writeFileSync(pageFile, pageOf(JSON.parse(readFileSync(resultsFile, 'utf8')) as Results));
else await measureAll();
