// Other gateways that npm provides, kept in the developer's cache; each converts to or passes on to the bench's upstream.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureNpmProgram } from '../src/dev/npm-program.ts';
import { stopProcess } from './child.ts';
import { type Contender, contender } from './contender.ts';
import { freePort } from './free-port.ts';

/** Starts what can be started; says what could not. */
export async function startPeers(upstream: string, note: (text: string) => void): Promise<Contender[]> {
  const started: Contender[] = [];
  for (const [name, start] of Object.entries({
    'claude-code-router 2.0.0': startCcr,
    'Portkey 1.15.2': startPortkey,
  })) {
    try {
      started.push(await start(name, upstream));
    } catch (error) {
      note(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return started;
}

/** Converts to chat completions: its usual job. */
async function startCcr(name: string, upstream: string): Promise<Contender> {
  const script = await ensureNpmProgram('ccr');
  const home = mkdtempSync(join(tmpdir(), 'switchyard-bench-ccr-'));
  const port = await freePort();
  mkdirSync(join(home, '.claude-code-router'), { recursive: true });
  const target = 'upstream,bench-model';
  writeFileSync(
    join(home, '.claude-code-router', 'config.json'),
    JSON.stringify({
      LOG: false,
      HOST: '127.0.0.1',
      PORT: port,
      APIKEY: 'bench',
      NON_INTERACTIVE_MODE: true,
      Providers: [
        {
          name: 'upstream',
          api_base_url: `${upstream}/v1/chat/completions`,
          api_key: 'sk-bench-0000000000000000',
          models: ['bench-model'],
        },
      ],
      Router: {
        default: target,
        background: target,
        think: target,
        longContext: target,
        longContextThreshold: 60_000,
      },
    }),
  );
  const child = spawn(process.execPath, [script, 'start'], {
    env: { PATH: process.env.PATH ?? '', HOME: home, SERVICE_PORT: String(port) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return contender({
    name,
    url,
    peer: true,
    headers: { 'x-api-key': 'bench' },
    pid: child.pid ?? 0,
    async stop() {
      await stopProcess(child);
      rmSync(home, { recursive: true, force: true });
    },
  });
}

/** Passes Anthropic's dialect on to Anthropic's dialect. */
async function startPortkey(name: string, upstream: string): Promise<Contender> {
  const script = await ensureNpmProgram('portkey');
  const port = await freePort();
  const child = spawn(process.execPath, [script, `--port=${port}`, '--headless'], {
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), TRUSTED_CUSTOM_HOSTS: '127.0.0.1' },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return contender({
    name,
    url,
    peer: true,
    headers: {
      'x-portkey-provider': 'anthropic',
      'x-portkey-custom-host': `${upstream}/v1`,
      'x-api-key': 'sk-bench-0000000000000000',
      authorization: 'Bearer sk-bench-0000000000000000',
    },
    pid: child.pid ?? 0,
    stop: () => stopProcess(child),
  });
}

/** Waits until something listens at `url`, whatever it answers; 20 s at most. */
async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      await fetch(url);
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error('nothing listens after 20 s');
}
