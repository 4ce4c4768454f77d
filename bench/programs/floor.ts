// The floor: the least that any proxy on Node must do. Node's HTTP server, undici towards the upstream, bytes through.
// `node floor.ts UPSTREAM`
import { createServer } from 'node:http';
import { pipeline } from 'node:stream';
import { Pool } from 'undici';
import { listen } from './listen.ts';

const upstream = new Pool(process.argv[2] ?? '', { connections: 256, headersTimeout: 0, bodyTimeout: 0 });

listen(
  createServer((request, response) => {
    const { host: _, connection: __, 'content-length': length, ...headers } = request.headers;
    upstream
      .request({
        path: request.url ?? '/',
        method: 'POST',
        headers: { ...headers, ...(length === undefined ? {} : { 'content-length': length }) },
        body: request,
      })
      .then((answer) => {
        const { connection, 'transfer-encoding': ___, ...kept } = answer.headers;
        response.writeHead(answer.statusCode, kept);
        pipeline(answer.body, response, () => {});
      })
      .catch((error: unknown) => {
        response.writeHead(502);
        response.end(String(error));
      });
  }),
);
