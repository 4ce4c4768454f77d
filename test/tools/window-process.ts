// The router of one window as a process of its own, for tests that stop and kill it. Writes one line of JSON per
// snapshot: what another process may want to know.
import { join } from 'node:path';
import { Router } from '../../src/node/router.ts';

const home = process.argv[2];
if (home === undefined) throw new Error('usage: window-process HOME');
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const router = new Router(
  { version: '0.0.0-test', home, configFile: join(home, 'config.yaml'), env: {}, secrets: {} },
  {
    snapshot: ({ phase, port, leaderPid, leaderSilent }) => say({ phase, port, leaderPid, leaderSilent }),
    token: (token) => say({ token }),
    log: (level, message) => process.stderr.write(`${level} ${message}\n`),
  },
);
// The router itself keeps no process alive.
setInterval(() => {}, 60_000);
await router.start();
