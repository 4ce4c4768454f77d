import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A free port of 127.0.0.1 that the system gives nobody by itself, and far from 3456: other Switchyards on this machine
 * must not meet the one under test.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
