// The router in a process of its own that tells what it holds: memory after a collection, sockets, timers, listeners.
// Run with --expose-gc. Lines on stdin: `read`. `node --expose-gc soaked.ts HOME CONFIG`
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Router } from '../../src/node/router.ts';

const [, , home = '', configFile = ''] = process.argv;
const tell = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
let token = '';

const router = new Router(
  {
    version: '0.0.0',
    home,
    configFile,
    env: { BENCH_KEY: process.env.BENCH_KEY ?? '' },
    secrets: {},
    port: 0,
    headless: true,
  },
  {
    token: (value) => {
      token = value;
    },
    log() {},
  },
);
const claim = await router.start();
await router.ready();
tell({ url: `http://127.0.0.1:${claim.port}`, token });

/**
 * Collects until nothing more is freed. Buffers are let go in the round after the one that found them dead: a reading
 * after a single round swings by 40 MB.
 */
async function collect(): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    globalThis.gc?.();
    await delay(50);
    const { heapUsed, external } = process.memoryUsage();
    if (before - (heapUsed + external) < 100_000 && round > 1) return;
    before = heapUsed + external;
  }
}

createInterface(process.stdin)
  .on('line', async () => {
    await collect();
    const resources = process.getActiveResourcesInfo();
    const { heapUsed, external } = process.memoryUsage();
    tell({
      heap: heapUsed / 1024 ** 2,
      external: external / 1024 ** 2,
      files: readdirSync('/proc/self/fd').length,
      timers: resources.filter((name) => name === 'Timeout').length,
      sockets: resources.filter((name) => name.startsWith('TCP')).length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    });
  })
  .on('close', () => process.exit(0));
