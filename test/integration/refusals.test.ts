// Everything that the listener must turn away, over real sockets, and how it says so.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { exchangeBytes, messagesBody, startTestRouter } from '../tools/router-harness.ts';

/** The error of an answer in Anthropic's shape. */
async function errorOf(response: Response): Promise<{ type: string; message: string }> {
  const body = (await response.json()) as { type: string; error: { type: string; message: string } };
  assert.equal(body.type, 'error');
  return body.error;
}

test('no token and wrong tokens', async (t) => {
  const router = await startTestRouter(t);
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer nonsense' },
    { authorization: router.token.slice(1) },
    { 'x-api-key': `${router.token}x` },
    { authorization: `Basic ${router.token}` },
    { cookie: router.token },
  ];
  for (const headers of wrong) {
    for (const path of ['/v1/messages', '/v1/models', '/v1/nowhere', '/_switchyardx']) {
      const response = await fetch(router.url + path, { method: 'POST', headers, body: '{}' });
      assert.equal(response.status, 401, `${path} ${JSON.stringify(headers)}`);
      assert.equal(response.headers.get('x-should-retry'), 'false');
      const error = await errorOf(response);
      assert.equal(error.type, 'authentication_error');
      assert.match(error.message, /token/);
      assert.match(error.message, /Copy Connection Settings/);
      assert.ok(!error.message.includes(router.token));
    }
  }
});

test('every place for the token is understood', async (t) => {
  const router = await startTestRouter(t);
  const right: [string, Record<string, string>][] = [
    ['', { authorization: `Bearer ${router.token}` }],
    ['', { authorization: `bearer  ${router.token}` }],
    ['', { 'x-api-key': router.token }],
    ['', { 'x-goog-api-key': router.token }],
    ['', { 'api-key': router.token }],
    ['', { 'x-litellm-api-key': `Bearer ${router.token}` }],
    [`?key=${router.token}`, {}],
    ['', { authorization: 'Bearer sk-ant-of-the-user', 'x-api-key': router.token }],
  ];
  for (const [query, headers] of right) {
    const response = await fetch(`${router.url}/v1/models${query}`, { headers });
    assert.equal(response.status, 200, JSON.stringify(headers));
    await response.text();
  }
});

test('greetings need no token', async (t) => {
  const router = await startTestRouter(t);
  for (const path of ['/', '/health', '/api/hello']) {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(router.url + path, { method });
      assert.equal(response.status, 200, `${method} ${path}`);
      await response.text();
    }
  }
});

test('foreign Host and Origin headers are refused, even with the token', async (t) => {
  const router = await startTestRouter(t);
  const send = (headers: string) =>
    exchangeBytes(
      router.port,
      `GET /v1/models HTTP/1.1\r\n${headers}x-api-key: ${router.token}\r\nConnection: close\r\n\r\n`,
    );
  for (const host of ['evil.example', `127.0.0.1.evil.example:${router.port}`, 'localhost@evil.example', ''])
    assert.match(await send(`Host: ${host}\r\n`), /^HTTP\/1\.1 403 /, host);
  assert.match(await send('Host: localhost\r\nHost: evil.example\r\n'), /^HTTP\/1\.1 (400|403) /);
  assert.match(await send(''), /^HTTP\/1\.1 400 /);
  assert.match(await send('Host: localhost\r\n'), /^HTTP\/1\.1 200 /);
  assert.match(
    await send('Host: localhost\r\nOrigin: https://evil.example\r\n'),
    /^HTTP\/1\.1 403 [\s\S]*Origin/,
  );
  assert.match(await send('Host: localhost\r\nOrigin: http://localhost:5173\r\n'), /^HTTP\/1\.1 200 /);
  assert.match(await send('Host: localhost\r\nOrigin: vscode-webview://x\r\n'), /^HTTP\/1\.1 200 /);
  assert.match(
    await exchangeBytes(
      router.port,
      `GET http://127.0.0.1/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    ),
    /^HTTP\/1\.1 400 [\s\S]*forward proxy/,
  );
});

test('a page of the web gets no permission by CORS', async (t) => {
  const router = await startTestRouter(t);
  const preflight = await fetch(`${router.url}/v1/messages`, {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' },
  });
  assert.equal(preflight.status, 401);
  const allowed = await router.fetch('/v1/models', undefined, {
    headers: { origin: 'http://localhost:5173' },
  });
  for (const response of [preflight, allowed]) {
    assert.deepEqual(
      [...response.headers.keys()].filter((name) => name.startsWith('access-control')),
      [],
    );
    await response.text();
  }
});

test('unknown paths and methods', async (t) => {
  const router = await startTestRouter(t);
  const unknown = await router.fetch('/v1/nowhere');
  assert.equal(unknown.status, 404);
  assert.equal((await errorOf(unknown)).type, 'not_found_error');
  const method = await router.fetch('/v1/messages');
  assert.equal(method.status, 405);
  assert.equal(method.headers.get('allow'), 'POST');
  await method.text();
  const upgrade = await exchangeBytes(
    router.port,
    'GET /v1/responses HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: x\r\n\r\n',
    { enough: (text) => text.includes('}') },
  );
  assert.match(upgrade, /^HTTP\/1\.1 426 [\s\S]*WebSocket/);
  const h2c = await exchangeBytes(
    router.port,
    'GET /health HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n',
    { enough: (text) => text.includes('}') },
  );
  assert.match(h2c, /^HTTP\/1\.1 200 /, 'clients that offer HTTP/2 are served by HTTP/1.1');
});

test('bodies that are no request', async (t) => {
  const router = await startTestRouter(t);
  const cases: [string, string | Buffer, RegExp][] = [
    ['empty', '', /no body/],
    ['no JSON', '{"model": ', /not valid JSON/],
    ['no object', '[1]', /object/],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), /UTF-8/],
    ['no messages', '{"model":"x","max_tokens":1}', /messages/],
  ];
  for (const [name, body, words] of cases) {
    const response = await router.fetch('/v1/messages', undefined, {
      method: 'POST',
      body: typeof body === 'string' ? body : Uint8Array.from(body),
    });
    assert.equal(response.status, 400, name);
    const error = await errorOf(response);
    assert.equal(error.type, 'invalid_request_error');
    assert.match(error.message, words);
  }
});

test('too large: declared, sent in chunks, or unfolded', async (t) => {
  const router = await startTestRouter(t, { limits: { body: 10_000 } });
  const declared = await router.fetch('/v1/messages', 'x'.repeat(10_001));
  assert.equal(declared.status, 413);
  assert.equal((await errorOf(declared)).type, 'request_too_large');
  const chunked = await exchangeBytes(
    router.port,
    `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\nTransfer-Encoding: chunked\r\n\r\n${`3e8\r\n${'x'.repeat(1000)}\r\n`.repeat(11)}`,
    { enough: (text) => text.includes('}}') },
  );
  assert.match(chunked, /^HTTP\/1\.1 413 [\s\S]*request_too_large/);
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  assert.ok(bomb.length < 10_000);
  const unfolded = await router.fetch('/v1/messages', undefined, {
    method: 'POST',
    body: Uint8Array.from(bomb),
    headers: { 'content-encoding': 'gzip' },
  });
  assert.equal(unfolded.status, 413);
  await unfolded.text();
  const fits = await router.fetch('/v1/models');
  assert.equal(fits.status, 200, 'and the listener goes on');
  await fits.text();
});

test('a client that will not stop sending is cut off', async (t) => {
  const router = await startTestRouter(t, { limits: { body: 1000 } });
  const socketClosed = Promise.withResolvers<void>();
  const endless = httpRequest({
    port: router.port,
    method: 'POST',
    path: '/v1/messages',
    headers: { 'x-api-key': router.token, 'transfer-encoding': 'chunked' },
  });
  endless.on('response', (response) => {
    assert.equal(response.statusCode, 413);
    response.resume();
  });
  endless.on('error', () => {});
  endless.on('close', () => socketClosed.resolve());
  const chunk = Buffer.alloc(1024 * 1024);
  const pump = (): void => {
    while (!endless.destroyed && endless.write(chunk));
    if (!endless.destroyed) endless.once('drain', pump);
  };
  pump();
  await socketClosed.promise;
});

test('compressed bodies are read, broken and unknown ones refused', async (t) => {
  const router = await startTestRouter(t);
  const send = (body: Buffer, encoding: string) =>
    router.fetch('/v1/messages', undefined, {
      method: 'POST',
      body: Uint8Array.from(body),
      headers: { 'content-encoding': encoding },
    });
  const body = Buffer.from(JSON.stringify(messagesBody()));
  const plain = await send(gzipSync(body), 'gzip');
  assert.equal(plain.status, 200);
  await plain.text();
  if (typeof zstdCompressSync === 'function') {
    const zstd = await send(zstdCompressSync(body), 'zstd');
    assert.equal(zstd.status, 200);
    await zstd.text();
  }
  const broken = await send(body, 'gzip');
  assert.equal(broken.status, 400);
  assert.match((await errorOf(broken)).message, /not valid gzip/);
  const unknown = await send(body, 'lzma');
  assert.equal(unknown.status, 415);
  await unknown.text();
});

test('HTTP that could be read in two ways is refused', async (t) => {
  const router = await startTestRouter(t);
  const head = `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\n`;
  const smuggled = [
    `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${head}Transfer-Encoding: identity, chunked, gzip\r\n\r\n0\r\n\r\n`,
    `${head}Content-Length: +5\r\n\r\nhello`,
    `${head}Transfer-Encoding: chunked\r\n\r\n5;x\r\nhello\nBAD`,
    `${head}X-Bad: a\nb\r\n\r\n`,
    'NONSENSE\r\n\r\n',
    `GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
  ];
  for (const bytes of smuggled) {
    const answer = await exchangeBytes(router.port, bytes);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, bytes.slice(0, 120));
    assert.match(answer, /"type":"error"/, bytes.slice(0, 120));
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1, 'one answer for one request');
  }
});

test('a body that is cut off reaches nobody', async (t) => {
  const router = await startTestRouter(t);
  const body = JSON.stringify(messagesBody());
  const cut = `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\nContent-Length: ${body.length + 10}\r\n\r\n${body}`;
  const answer = await exchangeBytes(router.port, cut, { halfClose: true });
  assert.doesNotMatch(answer, /^HTTP\/1\.1 200/);
  assert.deepEqual(router.exchanges, []);
  const next = await router.fetch('/v1/models');
  assert.equal(next.status, 200);
  await next.text();
});

test('slow requests are timed out', async (t) => {
  const router = await startTestRouter(t, { limits: { headerTimeout: 200, requestTimeout: 200 } });
  const slowHead = await exchangeBytes(router.port, 'GET /health HTTP/1.1\r\nHost: loc');
  assert.match(slowHead, /^HTTP\/1\.1 408 /);
  const slowBody = await exchangeBytes(
    router.port,
    `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\nContent-Length: 100\r\n\r\n{`,
  );
  assert.match(slowBody, /^HTTP\/1\.1 408 /);
});

test('Expect: 100-continue is answered, but not for those who are refused', async (t) => {
  const router = await startTestRouter(t);
  const body = JSON.stringify(messagesBody());
  const ask = (token: string) =>
    exchangeBytes(
      router.port,
      `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${token}\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n${token === router.token ? body : ''}`,
      { enough: (text) => text.includes('"type"') },
    );
  assert.match(await ask(router.token), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  assert.match(await ask('wrong'), /^HTTP\/1\.1 401 /);
});

test('both loopback families answer, where there are two', async (t) => {
  const router = await startTestRouter(t);
  const ask = (host: string) =>
    exchangeBytes(router.port, 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', {
      host,
    });
  assert.match(await ask('127.0.0.1'), /^HTTP\/1\.1 200 /);
  const second = await ask('::1').catch((error: NodeJS.ErrnoException) => error.code);
  if (second === 'EADDRNOTAVAIL' || second === 'EAFNOSUPPORT') return t.skip('this machine has no ::1');
  assert.match(String(second), /^HTTP\/1\.1 200 /);
});
