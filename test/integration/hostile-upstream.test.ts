// Providers that mean harm, over real sockets, byte by byte. Whatever they send: the client gets an error in its own
// dialect, memory stays bounded, and the router goes on.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { messagesBody, serveForTest, startTestRouter, wholeAnswer } from '../tools/router-harness.ts';

const key = 'canary-own-77c1';
const megabyte = 1024 * 1024;

/** A TCP server that hands over each connection as soon as its request begins. Resolves to its URL. */
async function serveBytes(t: TestContext, answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => answer(socket));
    socket.on('data', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends `head`, then `piece` again and again as fast as it is read. */
function endless(head: string, piece: string | Buffer): (socket: Socket) => void {
  return (socket) => {
    socket.write(head);
    const pump = (): void => {
      while (socket.writable && socket.write(piece));
    };
    socket.on('drain', pump);
    pump();
  };
}

/** A router in front of one provider without any patience. */
function routerFor(t: TestContext, url: string, more = '') {
  return startTestRouter(t, {
    config: `providers:
  a: { dialect: anthropic, base_url: "${url}", keys: [secret:own], models: [m]${more} }
resilience: { retries: 0, max_wait: 0, max_attempts: 1 }
`,
    secrets: { own: key },
  });
}

/** Bytes beyond the heap count too: bodies are kept there. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const sse = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n';
const json = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';
const spaces = Buffer.alloc(megabyte, ' ');
const letters = Buffer.alloc(megabyte, 'x');
const floods: [what: string, answer: (socket: Socket) => void][] = [
  ['headers without end', endless('HTTP/1.1 200 OK\r\n', 'x-more: and more\r\n')],
  ['one header without end', endless('HTTP/1.1 200 OK\r\nx-long: ', letters)],
  ['a status line without end', endless('HTTP/1.1 200 ', letters)],
  ['interim answers without end', endless('', 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n'.repeat(100))],
  ['one line without end', endless(`${sse}data: {"type":"`, letters)],
  ['a comment without end', endless(`${sse}: `, letters)],
  ['JSON without end', endless(`${json}{"x":"`, letters)],
  ['white space without end', endless(json, spaces)],
  ['white space without end and without type', endless('HTTP/1.1 200 OK\r\n\r\n', spaces)],
  ['an error page without end', endless('HTTP/1.1 500 no\r\n\r\n', letters)],
  ['empty lines without end', endless(sse, Buffer.alloc(megabyte, '\n'))],
];
for (const [what, answer] of floods)
  test(`${what} ends in an error, in bounded memory`, async (t) => {
    const router = await routerFor(t, await serveBytes(t, answer), ', timeout: { first_token: 1, total: 2 }');
    const before = memory();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, memory() - before);
    }, 20);
    t.after(() => clearInterval(watch));
    for (const stream of [true, false]) {
      const response = await router.fetch('/v1/messages', messagesBody({ model: 'a/m', stream }));
      const text = await response.text();
      assert.match(text, /"type":"error"/, text.slice(0, 300));
      assert.ok(text.length < megabyte, `${text.length} bytes`);
    }
    assert.ok(most < 400 * megabyte, `${Math.round(most / megabyte)} MB`);
    assert.ok(router.log.every((line) => line.length < 10_000));
  });

test('pings without end are an answer that never begins', async (t) => {
  const url = await serveBytes(t, (socket) => {
    socket.write(sse);
    const timer = setInterval(() => socket.write('event: ping\ndata: {"type":"ping"}\n\n'), 10);
    socket.once('close', () => clearInterval(timer));
  });
  const router = await routerFor(t, url, ', timeout: { first_token: 1, idle: 1, total: 2 }');
  for (const stream of [true, false]) {
    const response = await router.fetch('/v1/messages', messagesBody({ model: 'a/m', stream }));
    assert.match(await response.text(), /"type":"error"/);
  }
});

test('a compressed bomb does not unfold in memory', async (t) => {
  // 1 GB of spaces in 1 MB.
  const bomb = gzipSync(Buffer.alloc(128 * megabyte, ' '));
  const url = await serveForTest(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    for (let part = 0; part < 8; part++) response.write(bomb);
    response.end();
  });
  const router = await routerFor(t, url);
  const before = memory();
  const response = await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }));
  assert.equal(response.status, 502);
  await response.text();
  assert.ok(memory() - before < 400 * megabyte);
});

test('an answer before the request has been sent is the answer', async (t) => {
  const url = await serveBytes(t, (socket) => {
    socket.end('HTTP/1.1 413 no\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno');
  });
  const router = await routerFor(t, url);
  const content = 'x'.repeat(8 * megabyte);
  const response = await router.fetch(
    '/v1/messages',
    messagesBody({ model: 'a/m', messages: [{ role: 'user', content }] }),
  );
  assert.ok(response.status >= 400);
  assert.match(await response.text(), /"type":"error"/);
  const models = await router.fetch('/v1/models');
  assert.equal(models.status, 200);
  await models.text();
});

const whole = wholeAnswer('hello');
const lies: [what: string, bytes: string, good: boolean][] = [
  [
    'a length that is too long',
    `HTTP/1.1 200 OK\r\ncontent-length: ${whole.length + 10}\r\n\r\n${whole}`,
    false,
  ],
  [
    'a length that is too short',
    `HTTP/1.1 200 OK\r\ncontent-length: ${whole.length - 10}\r\n\r\n${whole}`,
    false,
  ],
  ['two lengths', `HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n${whole}`, false],
  [
    'a length and chunks',
    `HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    false,
  ],
  ['a chunk that is none', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n${whole}`, false],
  ['a status of four digits', `HTTP/1.1 2000 OK\r\n\r\n${whole}`, false],
  [
    'a switch of protocols',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    false,
  ],
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n', false],
  [
    'headers in every script',
    `HTTP/1.1 200 OK\r\nx-name: 模型 é\r\nx-raw: \u0080\r\ncontent-length: ${whole.length}\r\n\r\n${whole}`,
    true,
  ],
  [
    'a header with a line break inside',
    `HTTP/1.1 200 OK\r\nx-a: b\r\n c\r\ncontent-length: ${whole.length}\r\n\r\n${whole}`,
    false,
  ],
  [
    'a header with a zero byte',
    `HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-length: ${whole.length}\r\n\r\n${whole}`,
    false,
  ],
  ['a body that is no UTF-8', 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n\u00ff', false],
];
for (const [what, bytes, good] of lies)
  test(`${what} is ${good ? 'no obstacle' : 'an error, and not ours'}`, async (t) => {
    const router = await routerFor(t, await serveBytes(t, (socket) => void socket.end(bytes)));
    const response = await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }));
    const text = await response.text();
    if (good) assert.equal(response.status, 200, text);
    else {
      assert.equal(response.status, 502, text);
      assert.match(text, /"type":"error"/);
    }
    assert.ok(
      router.log.every((line) => !line.startsWith('error')),
      router.log.join('\n'),
    );
  });

test('headers that are meant for browsers and connections do not reach the client', async (t) => {
  const url = await serveForTest(t, (_, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': ['a=1', 'b=2'],
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'strict-transport-security': 'max-age=1',
      'alt-svc': 'h3=":443"',
      upgrade: 'h2c',
      'proxy-authenticate': 'Basic',
      'request-id': 'kept',
    });
    response.end(whole);
  });
  const router = await routerFor(t, url);
  const response = await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }));
  await response.text();
  const names = [...response.headers.keys()];
  assert.ok(names.includes('request-id'));
  const unwanted = /cookie|access-control|strict-transport|alt-svc|upgrade|proxy/;
  assert.deepEqual(
    names.filter((name) => unwanted.test(name)),
    [],
  );
});

test('an error message cannot forge lines of the log', async (t) => {
  const url = await serveForTest(t, (_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'no\nerror forged \u001b[2J' } }));
  });
  const router = await routerFor(t, url);
  await (await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }))).text();
  assert.ok(router.log.some((line) => line.includes('forged')));
  assert.ok(router.log.every((line) => !/\p{Cc}/u.test(line)));
});

test('a key that is sent back in pieces of an error stays hidden', async (t) => {
  const url = await serveForTest(t, (_, response) => {
    response.writeHead(401, { 'content-type': 'application/json', 'x-key': key });
    response.end(
      JSON.stringify({ error: { message: `no ${key}`, [key]: key, more: [encodeURIComponent(key)] } }),
    );
  });
  const router = await routerFor(t, url);
  const response = await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }));
  const told = `${await response.text()} ${JSON.stringify([...response.headers])} ${router.log.join()}`;
  assert.ok(!told.includes(key), told);
});
