// How the bench's own programs begin: on an ephemeral loopback port, which they tell on their first line.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export function listen(server: Server): void {
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
  });
  // Whoever started us is gone.
  process.stdin.on('end', () => process.exit(0)).resume();
}
