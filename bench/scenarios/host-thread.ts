// How long the extension host's own thread is kept from its work while the router's thread serves 4 MB requests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { conversation } from '../bodies.ts';
import { stopProcess } from '../child.ts';
import { contender } from '../contender.ts';
import { programs, writeConfig } from '../contenders.ts';

interface LoopDelay {
  /** Milliseconds. */
  p50: number;
  p99: number;
  max: number;
}

export interface HostThreadFigures {
  quiet: LoopDelay;
  busy: LoopDelay;
}

/** `base`: where the upstream speaks chat completions, so that each request is converted. */
export async function hostThread(base: string, requests: number): Promise<HostThreadFigures> {
  const home = mkdtempSync(join(tmpdir(), 'switchyard-bench-host-'));
  const file = writeConfig(home, base, 'openai-chat');
  const child = spawn(process.execPath, [join(programs, 'host.ts'), home, file], {
    env: { PATH: process.env.PATH ?? '', HOME: home, BENCH_KEY: 'sk-bench-0000000000000000' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface(child.stdout);
  const next = async () => JSON.parse(String((await once(lines, 'line'))[0])) as Record<string, unknown>;
  const read = async () => {
    const answer = next();
    child.stdin.write('read\n');
    return (await answer) as unknown as LoopDelay;
  };
  try {
    const { url, token } = await next();
    const client = contender({
      name: 'router in a worker',
      url: String(url),
      headers: { authorization: `Bearer ${token}` },
    });
    await client.send(conversation(4 * 1024 * 1024, 1));
    child.stdin.write('reset\n');
    await delay(5_000);
    const quiet = await read();
    child.stdin.write('reset\n');
    for (let index = 0; index < requests; index++)
      await client.send(conversation(4 * 1024 * 1024, 2 + index));
    const busy = await read();
    await client.stop();
    return { quiet, busy };
  } finally {
    await stopProcess(child);
    rmSync(home, { recursive: true, force: true });
  }
}
