// Where the router's time goes while it serves the requests of one comparison, by the place of the code.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import type { BenchDialect } from './answers.ts';
import { startChild } from './child.ts';
import { contender } from './contender.ts';
import { programs, startSwitchyard, upstreamBase } from './contenders.ts';
import type { Comparison } from './scenarios/comparisons.ts';
import { inTurns } from './scenarios/in-turns.ts';

/** How the bundles are built; a script without types of its own. */
const { options } = (await import(new URL('../esbuild.mjs', import.meta.url).href)) as {
  options: BuildOptions;
};

interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

interface Profile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

export interface Share {
  /** A folder of the sources, a package, or what Node itself does. */
  place: string;
  /** Of the time that the process was busy; 0 to 1. */
  share: number;
}

/**
 * Shares of the busy time, largest first; on request of single functions. The bundles are built readable for it, in a
 * folder of their own.
 */
export async function profiled(
  comparison: Comparison,
  dialect: BenchDialect,
  functions = false,
): Promise<Share[]> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-profile-'));
  const dist = join(folder, 'dist');
  const upstream = await startChild(process.execPath, [join(programs, 'upstream.ts')]);
  try {
    await build({
      ...options,
      outdir: dist,
      minifyWhitespace: false,
      minifySyntax: false,
      logLevel: 'silent',
    });
    const base = upstreamBase(upstream.url, dialect);
    const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=200` };
    const router = await startSwitchyard(base, dialect, env, join(dist, 'cli.js'));
    const headers = { authorization: `Bearer ${router.token}` };
    const client = contender({ ...router, name: 'router', headers });
    // Long enough for the start to fade.
    await inTurns([client], { ...comparison, rounds: comparison.rounds * 4 });
    await client.stop();
    const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile')) ?? '';
    const places = new Places(dist);
    const nameOf = (frame: CallFrame) => {
      const place = places.of(frame);
      return functions && place !== undefined ? `${place}: ${frame.functionName}` : place;
    };
    return sharesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile, nameOf);
  } finally {
    await upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sharesOf(
  { nodes, samples, timeDeltas }: Profile,
  nameOf: (frame: CallFrame) => string | undefined,
): Share[] {
  const placeOf = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  // The first part is the program's start.
  const whole = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  let passed = 0;
  for (const [index, sample] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    passed += delta;
    const place = placeOf.get(sample);
    if (passed > whole * 0.4 && place !== undefined) times.set(place, (times.get(place) ?? 0) + delta);
  }
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([place, time]) => ({ place, share: time / busy })).sort((a, b) => b.share - a.share);
}

/** Which source a line of a bundle comes from: esbuild writes each file's path above its code. */
class Places {
  readonly #dist: string;
  readonly #bundles = new Map<string, string[]>();

  constructor(dist: string) {
    this.#dist = dist;
  }

  /** Undefined while the process is idle. */
  of({ functionName, url, lineNumber }: CallFrame): string | undefined {
    if (functionName === '(idle)') return undefined;
    if (functionName === '(garbage collector)') return 'garbage collection';
    if (/^(?:writev|write\w*String|writeBuffer|writeGeneric)$/.test(functionName) && url === '')
      return 'system calls that write to sockets';
    if (url.startsWith('node:')) return "Node's own HTTP, streams and timers";
    const name = url.split('/').at(-1) ?? '';
    if (url === '' || !name.endsWith('.js')) return 'native parts (parsers, strings, the engine itself)';
    const source = this.#sourceAt(name, lineNumber);
    const packaged = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
    return packaged ?? source.replace(/\/[^/]*$/, '');
  }

  #sourceAt(bundle: string, line: number): string {
    const lines = this.#bundles.get(bundle) ?? this.#read(bundle);
    return lines[line] ?? bundle;
  }

  #read(bundle: string): string[] {
    let source = bundle;
    const sources = readFileSync(join(this.#dist, bundle), 'utf8')
      .split('\n')
      .map((line) => {
        source = /^\/\/ ((?:src|node_modules)\/\S+)$/.exec(line)?.[1] ?? source;
        return source;
      });
    this.#bundles.set(bundle, sources);
    return sources;
  }
}
