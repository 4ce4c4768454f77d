import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type Front, startFront } from '../../../src/dev/front.ts';

const behind = createServer((request, response) => {
  response.writeHead(207, { 'x-path': request.url ?? '', 'set-cookie': ['a=1', 'b=2'] });
  request.pipe(response);
});
const token = 'right';
const secretKey = Buffer.alloc(32, 9);
let front: Front;
let origin: string;

before(async () => {
  behind.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nx-host: ${request.headers.host}\r\n\r\n`);
    socket.write(head);
    socket.pipe(socket);
  });
  behind.listen(0, '127.0.0.1');
  await once(behind, 'listening');
  const serverPort = (behind.address() as AddressInfo).port;
  front = await startFront({ serverPort, port: 0, token, secretKey });
  origin = `http://localhost:${front.port}`;
});
after(async () => {
  await front.close();
  behind.close();
});

test('requests and answers pass as they are', async () => {
  const answer = await fetch(`${origin}/some/path?x=1`, { method: 'PUT', body: 'the body' });
  assert.equal(answer.status, 207);
  assert.equal(answer.headers.get('x-path'), '/some/path?x=1');
  assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.equal(await answer.text(), 'the body');
});

test('the key is only for the page that the token has opened', async () => {
  const mint = (cookie: string) => fetch(`${origin}/mint-key`, { method: 'POST', headers: { cookie } });
  assert.deepEqual(Buffer.from(await (await mint(`x=1; vscode-tkn=${token}`)).arrayBuffer()), secretKey);
  for (const cookie of ['', 'vscode-tkn=', 'vscode-tkn=wrong', `not-vscode-tkn=${token}`])
    assert.equal((await mint(cookie)).status, 403, cookie);
});

test('WebSockets pass in both directions', async () => {
  const socket = connect(front.port, '127.0.0.1');
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: localhost:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nping',
  );
  let seen = '';
  for await (const chunk of socket) {
    seen += chunk;
    if (seen.includes('ping')) break;
  }
  assert.match(seen, /^HTTP\/1\.1 101 /);
  assert.match(seen, /x-host: localhost:1/);
});

test('a busy port is replaced by a free one', async () => {
  const other = await startFront({ serverPort: 1, port: front.port, token, secretKey });
  assert.notEqual(other.port, front.port);
  const { status } = await fetch(`http://localhost:${other.port}/`);
  assert.equal(status, 502, 'nothing listens behind it');
  await other.close();
});
