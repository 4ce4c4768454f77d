// A small loopback proxy before the VS Code server. It adds the one route that the bare server lacks: a constant key
// for the browser's secret storage, without which every reload forgets all provider keys.

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface FrontOptions {
  /** Of the server behind. */
  serverPort: number;
  /** Tried first; another free one is taken when it is busy. 0 = any. */
  port: number;
  /** The server's connection token. */
  token: string;
  /** 32 bytes that stay the same as long as the stored secrets are to be readable. */
  secretKey: Buffer;
}

export interface Front {
  port: number;
  close(): Promise<void>;
}

export async function startFront(options: FrontOptions): Promise<Front> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming, answer) => {
    if (incoming.method === 'POST' && incoming.url?.split('?')[0] === '/mint-key')
      mintKey(incoming, answer, options);
    else forward(incoming, answer, options.serverPort);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
    upgrade(incoming, socket, head, options.serverPort),
  );
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
}

/** Only for the page that the token has opened. */
function mintKey(incoming: IncomingMessage, answer: ServerResponse, options: FrontOptions): void {
  const cookie = /(?:^|;\s*)vscode-tkn=([^;]*)/.exec(incoming.headers.cookie ?? '')?.[1] ?? '';
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const known = timingSafeEqual(hash(cookie), hash(options.token));
  incoming.resume();
  if (known) answer.writeHead(200, { 'content-type': 'application/octet-stream' }).end(options.secretKey);
  else answer.writeHead(403).end();
}

function forward(incoming: IncomingMessage, answer: ServerResponse, port: number): void {
  const call = request(
    { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers },
    (result) => {
      answer.writeHead(result.statusCode ?? 502, result.rawHeaders);
      result.pipe(answer);
    },
  );
  call.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end('the VS Code server does not answer');
  });
  answer.on('close', () => call.destroy());
  incoming.pipe(call);
}

/** Hands a WebSocket on as it is. */
function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, port: number): void {
  const behind = connect(port, '127.0.0.1', () => {
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let i = 0; i < incoming.rawHeaders.length; i += 2)
      lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
    behind.write(`${lines.join('\r\n')}\r\n\r\n`);
    behind.write(head);
    behind.setNoDelay(true);
    socket.pipe(behind).pipe(socket);
  });
  const end = () => {
    behind.destroy();
    socket.destroy();
  };
  for (const stream of [behind, socket]) stream.on('error', end).on('close', end);
}
