// A port that nobody has at the moment.
import { createServer } from 'node:net';

/** CCR's port too, so that its users find what they know; the first start takes the first free one from here up. */
export const firstPort = 3456;
/** Ports that are tried in a row. */
export const scanned = 100;

/** The first port from `from` up that can be bound on 127.0.0.1; undefined when there is none near. */
export async function firstFreePort(from: number): Promise<number | undefined> {
  for (let port = from; port < Math.min(from + scanned, 65_536); port++) if (await isFree(port)) return port;
  return undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
