// A relay that serves another server below a path of its own, as claude-relay-service serves Gemini below `/gemini`.
import { request as call, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BelowPath {
  /** `http://127.0.0.1:PORT`, without the path. */
  url: string;
  close(): Promise<void>;
}

/** `GET {url}{path}/x` is answered by `{target}/x`; anything else by 404. */
export async function serveBelowPath(path: string, target: string): Promise<BelowPath> {
  const server = createServer((request, response) => {
    if (!request.url?.startsWith(`${path}/`)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not here.');
      return;
    }
    const { method, headers } = request;
    const onwards = call(
      target + request.url.slice(path.length),
      { ...(method && { method }), headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
