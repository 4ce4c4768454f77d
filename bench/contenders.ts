// Who is measured, each as a process of its own in front of the one upstream. All take Anthropic Messages requests.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type BenchDialect, benchDialects } from './answers.ts';
import { type Child, startChild } from './child.ts';
import { type Contender, contender } from './contender.ts';
import { startPeers } from './peers.ts';

export const programs = join(import.meta.dirname, 'programs');
export const routerProgram = join(import.meta.dirname, '..', 'dist', 'cli.js');

/** The base URL of the bench's upstream in each dialect. */
export function upstreamBase(upstream: string, dialect: BenchDialect): string {
  if (dialect === 'anthropic') return upstream;
  return dialect === 'gemini' ? `${upstream}/v1beta` : `${upstream}/v1`;
}

/** The routes of a usual set-up, all to one upstream; returns the file's path. */
export function writeConfig(home: string, base: string, dialect: BenchDialect): string {
  const file = join(home, 'config.yaml');
  const target = 'upstream/bench-model';
  writeFileSync(
    file,
    stringify({
      providers: { upstream: { dialect, base_url: base, keys: ['env:BENCH_KEY'], models: ['bench-model'] } },
      groups: { coder: { targets: [target] } },
      routes: {
        default: 'coder',
        background: target,
        think: { to: target, effort: 'xhigh' },
        longContext: { to: 'coder', threshold: 60_000 },
      },
    }),
  );
  return file;
}

/** A headless router before the upstream at `base`. */
export async function startSwitchyard(
  base: string,
  dialect: BenchDialect,
  env: Record<string, string> = {},
  program = routerProgram,
): Promise<Child & { token: string }> {
  const home = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
  const file = writeConfig(home, base, dialect);
  const child = await startChild(
    process.execPath,
    [program, 'serve', '--json', '--port', '0', '--config', file],
    { SWITCHYARD_HOME: home, HOME: home, BENCH_KEY: 'sk-bench-0000000000000000', ...env },
  );
  const stop = async () => {
    await child.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { ...child, stop, token: String(child.told.token) };
}

/** All contenders before this upstream, the floor and its twin first. */
export async function startContenders(
  upstream: string,
  options: { peers: boolean; note(text: string): void },
): Promise<Contender[]> {
  const floor = async (name: string) => {
    const { pid, url, stop } = await startChild(process.execPath, [join(programs, 'floor.ts'), upstream]);
    return contender({ name, url, pid, stop });
  };
  const switchyard = async (dialect: BenchDialect) => {
    const { pid, url, token, stop } = await startSwitchyard(upstreamBase(upstream, dialect), dialect);
    const name = dialect === 'anthropic' ? 'switchyard' : `switchyard → ${dialect}`;
    return contender({ name, url, pid, stop, headers: { authorization: `Bearer ${token}` } });
  };
  return [
    contender({ name: 'direct', url: upstream }),
    await floor('floor'),
    await floor('floor (twin)'),
    ...(await Promise.all(benchDialects.map(switchyard))),
    ...(options.peers ? await startPeers(upstream, options.note) : []),
  ];
}
