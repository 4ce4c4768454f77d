import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { after, test } from 'node:test';
import * as zlib from 'node:zlib';
import { isUpstreamFailure, UpstreamFailure } from '../../../src/core/failure.ts';
import type { UpstreamRequest } from '../../../src/core/gateway/transport.ts';
import { silentLog } from '../../../src/core/log.ts';
import { NetworkTransport } from '../../../src/node/upstream.ts';
import { testCertificate } from '../../tools/test-certificate.ts';

const closers: (() => unknown)[] = [];
after(() => Promise.all(closers.map((close) => close())));

const transport = new NetworkTransport({ env: {}, log: silentLog });
closers.push(() => transport.close());

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

function get(url: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    url,
    method: 'GET',
    headers: {},
    connectTimeout: 5,
    signal: new AbortController().signal,
    ...more,
  };
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function failureOf(work: Promise<unknown>): Promise<UpstreamFailure> {
  try {
    await work;
  } catch (error) {
    assert.ok(isUpstreamFailure(error), `${error}`);
    return error;
  }
  throw new Error('it should have failed');
}

test('a request arrives as given, an answer comes back as sent', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(418, { 'X-Twice': ['a', 'b'], 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });
  const answer = await transport.send(
    get(`${url}/v1/x?beta=true`, {
      method: 'POST',
      headers: { 'x-test': 'a' },
      body: [Buffer.from('hé'), Buffer.from('llo')],
    }),
  );
  assert.equal(answer.status, 418);
  assert.equal(answer.headers['x-twice'], 'a, b');
  const seen = JSON.parse(await text(answer.body));
  assert.equal(seen.method, 'POST');
  assert.equal(seen.url, '/v1/x?beta=true');
  assert.equal(seen.body, 'héllo');
  assert.equal(seen.headers['x-test'], 'a');
  assert.equal(seen.headers['content-length'], '6');
  assert.equal(seen.headers['accept-encoding'], 'identity');
});

test('compressed answers are unfolded as they arrive', async () => {
  const encoders: Record<string, () => zlib.Gzip | zlib.BrotliCompress> = {
    gzip: () => zlib.createGzip(),
    deflate: () => zlib.createDeflate(),
    br: () => zlib.createBrotliCompress(),
    ...(typeof zlib.createZstdCompress === 'function' ? { zstd: () => zlib.createZstdCompress() } : {}),
  };
  for (const [name, create] of Object.entries(encoders)) {
    let finish = (): void => {};
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': name });
      const encoder = create();
      encoder.pipe(response);
      encoder.write('first ');
      encoder.flush();
      finish = () => encoder.end('second');
    });
    const answer = await transport.send(get(url));
    assert.equal(answer.headers['content-encoding'], undefined);
    const pieces: string[] = [];
    for await (const chunk of answer.body) {
      pieces.push(Buffer.from(chunk).toString());
      // The server sends the rest only after the first part has come through.
      if (pieces.length === 1) finish();
    }
    assert.equal(pieces.join(''), 'first second', name);
  }
});

test('a compressed answer that is cut is a failure, not an end', async () => {
  const whole = zlib.gzipSync('x'.repeat(10_000));
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(whole.subarray(0, whole.length - 20));
  });
  const answer = await transport.send(get(url));
  const failure = await failureOf(text(answer.body));
  assert.equal(failure.failure.kind, 'reset');
});

test('redirects are answers', async () => {
  const url = await serve((_, response) =>
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
  );
  const answer = await transport.send(get(url));
  assert.equal(answer.status, 307);
  assert.equal(answer.headers.location, 'http://127.0.0.1:1/');
  await text(answer.body);
});

test('a refused connection and an unknown name are told apart, without path or key', async () => {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  const refused = await failureOf(transport.send(get(`http://127.0.0.1:${port}/v1/x?key=canary`)));
  assert.equal(refused.failure.kind, 'connect');
  assert.equal(refused.failure.scope, 'provider');
  assert.equal(
    refused.failure.message,
    `No connection to 127.0.0.1:${port}: the connection was refused; nothing listens there (ECONNREFUSED).`,
  );
  const unknown = await failureOf(transport.send(get('https://nothing.invalid/v1/x?key=canary')));
  assert.equal(unknown.failure.kind, 'connect');
  assert.match(unknown.failure.message, /^No connection to nothing\.invalid: the name could not be/);
});

test('a connection lost before the head, inside the body, or not speaking HTTP', async () => {
  const before = await serve((request) => request.socket.destroy());
  const lost = await failureOf(transport.send(get(before)));
  assert.equal(lost.failure.kind, 'reset');
  assert.equal(lost.failure.retry, 'next');

  const inside = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('partial', () => response.destroy());
  });
  const answer = await transport.send(get(inside));
  const cut = await failureOf(text(answer.body));
  assert.equal(cut.failure.kind, 'reset');
  assert.equal(cut.failure.scope, 'deployment');
  assert.match(cut.failure.message, /broke off its answer/);

  const port = await listen(createTcpServer((socket) => void socket.end('SSH-2.0-OpenSSH\r\n')));
  const garbage = await failureOf(transport.send(get(`http://127.0.0.1:${port}`)));
  assert.equal(garbage.failure.kind, 'bad-stream');
});

test('leaving the loop early closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serve((_, response) => {
    response.on('close', () => closed.resolve());
    response.write('one');
  });
  const answer = await transport.send(get(url));
  for await (const _ of answer.body) break;
  await closed.promise;
});

test('an aborted call closes the connection and gives back the reason', async () => {
  for (const stage of ['head', 'body'] as const) {
    const closed = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const url = await serve((_, response) => {
      response.on('close', () => closed.resolve());
      if (stage === 'body') response.write('one');
      arrived.resolve();
    });
    const abort = new AbortController();
    const reason = new UpstreamFailure({
      kind: 'timeout',
      scope: 'deployment',
      retry: 'next',
      status: 504,
      message: 'late',
      errorType: 'timeout_error',
    });
    const work = transport.send(get(url, { signal: abort.signal })).then((answer) => text(answer.body));
    await arrived.promise;
    if (stage === 'body') await new Promise((resolve) => setImmediate(resolve));
    abort.abort(reason);
    assert.equal(await failureOf(work), reason);
    await closed.promise;
  }
  const abort = new AbortController();
  abort.abort();
  const left = await failureOf(transport.send(get('http://127.0.0.1:1', { signal: abort.signal })));
  assert.equal(left.failure.kind, 'canceled');
});

test('certificates are checked unless the editor says otherwise', async () => {
  const server = createTlsServer(testCertificate, (_, response) => response.end('secure'));
  const port = await listen(server);
  const strict = await failureOf(transport.send(get(`https://127.0.0.1:${port}`)));
  assert.equal(strict.failure.kind, 'connect');
  assert.match(strict.failure.message, /certificate is self-signed/);

  const lax = new NetworkTransport({
    env: {},
    log: silentLog,
    proxy: { proxy: '', noProxy: [], strictSsl: false },
  });
  closers.push(() => lax.close());
  const answer = await lax.send(get(`https://127.0.0.1:${port}`));
  assert.equal(await text(answer.body), 'secure');

  const plain = await serve((_, response) => response.end());
  const wrong = await failureOf(transport.send(get(plain.replace('http:', 'https:'))));
  assert.equal(wrong.failure.kind, 'connect');
  assert.match(wrong.failure.message, /TLS handshake failed/);
});

test('calls go through the proxy that was chosen, and say when it refuses', async () => {
  const inner = new URL(await serve((_, response) => response.end('through the proxy')));
  const seen: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    seen.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from('user:word').toString('base64')}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const upstream = connect(Number(inner.port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    upstream.pipe(socket).pipe(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  proxy.on('request', (request, response) => {
    seen.push(`${request.url} plain`);
    response.end('forwarded');
  });
  const port = await listen(proxy);
  const through = await transport.send(get('http://upstream.test/x', { proxy: `http://127.0.0.1:${port}` }));
  assert.equal(await text(through.body), 'forwarded');
  assert.deepEqual(seen, ['http://upstream.test/x plain']);
  const refused = await failureOf(
    transport.send(get('https://upstream.test/x', { proxy: `http://user:canary@127.0.0.1:${port}` })),
  );
  assert.equal(refused.failure.kind, 'connect');
  assert.match(refused.failure.message, /the proxy wants a password \(407\)/);
  assert.doesNotMatch(refused.failure.message, /canary/);
  const plainInside = await failureOf(
    transport.send(get('https://upstream.test/x', { proxy: `http://user:word@127.0.0.1:${port}` })),
  );
  assert.match(plainInside.failure.message, /TLS handshake failed/);
  assert.equal(seen.at(-1), `upstream.test:443 Basic ${Buffer.from('user:word').toString('base64')}`);
});
