// `node bench/soak.ts [--seconds 1800] [--seed 1]`: mixed traffic of all dialects with faults, aborts and changing
// sessions; nothing that the router holds may grow. Ends with 1 and a reason when something does. One of full length that
// held is kept in bench/soak.json, for docs/performance.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { seeded } from '../test/tools/seeded.ts';
import { benchDialects } from './answers.ts';
import { startChild, stopProcess } from './child.ts';
import { programs, upstreamBase } from './contenders.ts';
import { SoakClient } from './soak-client.ts';
import { figuresOf, keepSoak } from './soak-results.ts';
import { type Held, verdict, type Window } from './soak-verdict.ts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '1800' }, seed: { type: 'string', default: '1' } },
});
const fullLength = 1800;
const seconds = Number(options.seconds);
const seed = Number(options.seed);
const windows = 10;
const clients = 12;

/** Every group has one target that never fails: no exchange may be lost but by a cut after its first content. */
function configuration(upstream: string): string {
  const providers = Object.fromEntries(
    benchDialects.flatMap((dialect) =>
      ['flaky', 'steady'].map((kind) => [
        `${kind}-${dialect}`,
        {
          dialect,
          base_url: upstreamBase(kind === 'steady' ? `${upstream}/steady` : upstream, dialect),
          keys: ['env:BENCH_KEY'],
          models: ['bench-model'],
        },
      ]),
    ),
  );
  const flaky = benchDialects.map((dialect) => `flaky-${dialect}/bench-model`);
  const groups = Object.fromEntries(
    benchDialects.map((dialect) => [
      `mixed-${dialect}`,
      { targets: [...flaky, `steady-${dialect}/bench-model`] },
    ]),
  );
  return stringify({
    providers,
    groups,
    routes: { default: 'mixed-anthropic' },
    resilience: { cooldown: 0.5, max_wait: 2 },
  });
}

const upstream = await startChild(process.execPath, [join(programs, 'faulty-upstream.ts'), String(seed)]);
const home = mkdtempSync(join(tmpdir(), 'switchyard-soak-'));
const file = join(home, 'config.yaml');
writeFileSync(file, configuration(upstream.url));
const router = spawn(process.execPath, ['--expose-gc', join(programs, 'soaked.ts'), home, file], {
  env: { PATH: process.env.PATH ?? '', HOME: home, BENCH_KEY: 'sk-bench-0000000000000000' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface(router.stdout);
const next = async () => JSON.parse(String((await once(lines, 'line'))[0])) as Record<string, unknown>;

async function held(): Promise<Held> {
  const answer = next();
  router.stdin.write('read\n');
  return (await answer) as unknown as Held;
}

try {
  const { url, token } = await next();
  const random = seeded(seed);
  const measured: Window[] = [];
  for (let window = 0; window < windows; window++) {
    const end = performance.now() + (seconds * 1000) / windows;
    const crew = Array.from(
      { length: clients },
      () => new SoakClient(String(url), String(token), (below) => random(below)),
    );
    await Promise.all(crew.map((client) => client.runUntil(end)));
    const outcomes = crew.flatMap((client) => client.outcomes);
    await Promise.all(crew.map((client) => client.close()));
    // Sockets that were just closed take a moment to go.
    await delay(500);
    const now = { ...(await held()), outcomes };
    measured.push(now);
    const { exchanges, complete, pace, heap, external, files, timers, sockets } = figuresOf(now);
    process.stderr.write(
      `window ${window + 1}: ${exchanges} exchanges, ${complete} complete, ${pace.toFixed(0)} ms, heap ${heap.toFixed(1)} MB, external ${external.toFixed(1)} MB, ${files} files, ${timers} timers, ${sockets} sockets\n`,
    );
  }
  const { summary, complaints } = verdict(measured);
  process.stdout.write(`${summary}\n${complaints.map((complaint) => `FAILED: ${complaint}\n`).join('')}`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
  if (complaints.length === 0 && seconds >= fullLength)
    keepSoak({
      date: new Date().toISOString().slice(0, 10),
      seconds,
      summary,
      windows: measured.map(figuresOf),
    });
} finally {
  await stopProcess(router);
  await upstream.stop();
  rmSync(home, { recursive: true, force: true });
}
