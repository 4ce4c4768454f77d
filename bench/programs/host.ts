// Stands for the extension host: a thread with the router in its worker, as the extension starts it, and a meter for
// the delay of its own event loop. Lines on stdin: `reset`, `read` (answers {"p50","p99","max"} in milliseconds).
// `node host.ts HOME CONFIG`
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { RouterThread } from '../../src/node/router-thread.ts';

const [, , home = '', configFile = ''] = process.argv;
const meter = monitorEventLoopDelay({ resolution: 1 });
const tell = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
let token = '';
let told = false;

const thread = new RouterThread({
  workerFile: join(import.meta.dirname, '..', '..', 'dist', 'worker.js'),
  router: {
    version: '0.0.0',
    home,
    configFile,
    env: { BENCH_KEY: process.env.BENCH_KEY ?? '' },
    secrets: {},
  },
  // What the extension does with them is little; that they arrive and are read is what this thread pays for.
  onSnapshot({ phase, port }) {
    if (phase !== 'listening' || told) return;
    told = true;
    tell({ url: `http://127.0.0.1:${port}`, token });
  },
  onExchange() {},
  onToken(value) {
    token = value;
  },
  log() {},
});
thread.start();
meter.enable();

createInterface(process.stdin)
  .on('line', (line) => {
    if (line === 'reset') meter.reset();
    if (line === 'read')
      tell({ p50: meter.percentile(50) / 1e6, p99: meter.percentile(99) / 1e6, max: meter.max / 1e6 });
  })
  .on('close', () => process.exit(0));
