// Programs and pages that want in, or want the others out: over real sockets, byte by byte.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { exchangeBytes, messagesBody, startTestRouter, type TestRouter } from '../tools/router-harness.ts';

/** Opens connections that say nothing. */
async function idle(t: TestContext, port: number, count: number): Promise<Socket[]> {
  const sockets = await Promise.all(
    Array.from({ length: count }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      return new Promise<Socket>((resolve) => socket.once('connect', () => resolve(socket)));
    }),
  );
  t.after(() => sockets.forEach((socket) => void socket.destroy()));
  return sockets;
}

/** Resolves with the status, or undefined when the connection was dropped. */
function ask(router: TestRouter, agent?: Agent): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = httpRequest(
      {
        port: router.port,
        path: '/v1/models',
        headers: { 'x-api-key': router.token },
        ...(agent && { agent }),
      },
      (response) => response.resume().once('end', () => resolve(response.statusCode)),
    );
    call.once('error', () => resolve(undefined)).end();
  });
}

test('a hundred idle connections keep nobody out', async (t) => {
  const router = await startTestRouter(t);
  await idle(t, router.port, 100);
  assert.equal(await ask(router), 200);
});

test('when there are no more connections to be had, open ones are served, and idle ones make room', async (t) => {
  const router = await startTestRouter(t, { limits: { connections: 40, headerTimeout: 1000 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.equal(await ask(router, agent), 200);
  await idle(t, router.port, 100);
  await router.until(() => router.log.some((line) => line.includes('too many open connections')));
  assert.equal(await ask(router, agent), 200, 'on its open connection');
  while ((await ask(router)) !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
  const lines = router.log.filter((line) => line.includes('too many open connections'));
  assert.ok(lines.length <= 30, `${lines.length} lines`);
});

test('bytes that trickle are timed out like none at all', async (t) => {
  const router = await startTestRouter(t, { limits: { headerTimeout: 300, requestTimeout: 300 } });
  const trickle = (start: string, drop: string): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect(router.port, '127.0.0.1', () => socket.write(start));
      const timer = setInterval(() => socket.writable && socket.write(drop), 20);
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text);
      });
    });
  const head = `Host: localhost\r\nx-api-key: ${router.token}\r\n`;
  const [headers, body] = await Promise.all([
    trickle(`GET /health HTTP/1.1\r\n${head}`, 'a: b\r\n'),
    trickle(`POST /v1/messages HTTP/1.1\r\n${head}Content-Length: 100000\r\n\r\n`, ' '),
  ]);
  assert.match(headers, /^HTTP\/1\.1 408 /);
  assert.match(body, /^HTTP\/1\.1 408 /);
});

test('requests that are sent all at once are answered one by one, each with its own credentials', async (t) => {
  const router = await startTestRouter(t);
  const one = (token: string, more = '') =>
    `GET /v1/models HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${token}\r\n${more}\r\n`;
  const text = await exchangeBytes(
    router.port,
    one(router.token) + one('wrong') + one(router.token, 'Connection: close\r\n'),
  );
  assert.deepEqual(
    [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ['200', '401', '200'],
  );
});

test('a refused body is not read as the next request', async (t) => {
  const router = await startTestRouter(t);
  const inner = `GET /v1/models HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\n\r\n`;
  const text = await exchangeBytes(
    router.port,
    `POST /v1/messages HTTP/1.1\r\nHost: evil.example\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
  );
  assert.match(text, /^HTTP\/1\.1 403 /);
  assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
});

const targets: [what: string, target: string, status: RegExp][] = [
  ['the form for proxies', 'http://evil.example/v1/models', /^HTTP\/1\.1 400 /],
  ['the form for proxies, to ourselves', 'http://localhost/v1/models', /^HTTP\/1\.1 400 /],
  ['an asterisk', '*', /^HTTP\/1\.1 400 /],
  ['a host without scheme', '//evil.example/v1/models', /^HTTP\/1\.1 404 /],
  ['parent folders', '/v1/../../../etc/passwd', /^HTTP\/1\.1 404 /],
  ['encoded parent folders', '/v1/%2e%2e/%2e%2e/etc/passwd', /^HTTP\/1\.1 404 /],
  ['backslashes', '/v1\\..\\..\\etc\\passwd', /^HTTP\/1\.1 404 /],
  ['an overlong slash', '/v1/models/..%c0%af..%c0%afetc', /^HTTP\/1\.1 404 /],
  ['a half escape', '/v1/models/%', /^HTTP\/1\.1 404 /],
  ['an encoded NUL', '/v1/models/a%00b', /^HTTP\/1\.1 404 /],
  ['the control API, encoded', '/%5fswitchyard/state', /^HTTP\/1\.1 404 /],
  ['the control API, behind a detour', '/v1/../_switchyard/state', /^HTTP\/1\.1 404 /],
  ['the control API, with two slashes', '//_switchyard/state', /^HTTP\/1\.1 404 /],
  ['the control API, in capitals', '/_SWITCHYARD/state', /^HTTP\/1\.1 404 /],
  ['the control API itself', '/_switchyard/state', /^HTTP\/1\.1 401 /],
  ['the control API, with parents inside', '/_switchyard/x/../state', /^HTTP\/1\.1 401 /],
  ['the control API, encoded inside', '/_switchyard/%73tate', /^HTTP\/1\.1 401 /],
  ['out of the control API', '/_switchyard/../v1/models', /^HTTP\/1\.1 401 /],
  ['nothing of the control API', '/_switchyard/', /^HTTP\/1\.1 401 /],
];
test('odd targets lead nowhere, and the client token opens nothing of the control API', async (t) => {
  const router = await startTestRouter(t);
  for (const [what, target, status] of targets) {
    const text = await exchangeBytes(
      router.port,
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${router.token}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(text, status, `${what}: ${text.slice(0, 200)}`);
    assert.doesNotMatch(text, /root:/, what);
  }
  for (const start of ['GET /v1/models\0 HTTP/1.1', 'GET /v1/mo dels HTTP/1.1', 'GET /v1/models HTTP/1.9']) {
    const text = await exchangeBytes(router.port, `${start}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 4\d\d /, start);
  }
  const tunnel = await exchangeBytes(
    router.port,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\n\r\n`,
  );
  assert.doesNotMatch(tunnel, /^HTTP\/1\.1 2/);
});

test('the control API is for holders of its own secret, from this machine', async (t) => {
  const router = await startTestRouter(t);
  const control = readFileSync(join(router.init.home, 'control'), 'utf8').trim();
  const state = (headers: Record<string, string>, query = '') =>
    fetch(`${router.url}/_switchyard/state${query}`, { headers }).then(async (answer) => {
      await answer.text();
      return answer.status;
    });
  assert.equal(await state({ authorization: `Bearer ${control}` }), 200);
  assert.equal(await state({ authorization: `Bearer ${control}`, origin: 'https://evil.example' }), 403);
  assert.equal(await state({ 'x-api-key': control }), 401);
  assert.equal(await state({}, `?key=${control}`), 401);
  assert.equal(await state({ authorization: `Bearer ${control}x` }), 401);
  const models = await fetch(`${router.url}/v1/models`, { headers: { authorization: `Bearer ${control}` } });
  assert.equal(models.status, 401, 'and its secret is no client token');
  await models.text();
});

const framings = [
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding: chunked, chunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding: \x0bchunked\r\n',
  'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n',
  'Content-Length: 5, 5\r\n',
  'Content-Length: 0x5\r\n',
  'Content-Length: -1\r\n',
  'Content-Length: 5\r\n Transfer-Encoding: chunked\r\n',
  'Content-Length: 99999999999999999999999\r\n',
];
for (const framing of framings)
  test(`a body framed by ${JSON.stringify(framing)} reaches nobody`, async (t) => {
    const router = await startTestRouter(t, { limits: { requestTimeout: 500, headerTimeout: 500 } });
    const text = await exchangeBytes(
      router.port,
      `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\n${framing}\r\n5\r\nhello\r\n0\r\n\r\n`,
    );
    assert.match(text, /^HTTP\/1\.1 4\d\d /, text.slice(0, 200));
    assert.deepEqual(router.exchanges, []);
  });

test('chunk sizes that wrap around are refused', async (t) => {
  const router = await startTestRouter(t);
  for (const size of ['10000000000000005', '-5', '0x5', '5 ;', 'fffffffffffffffff']) {
    const text = await exchangeBytes(
      router.port,
      `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nx-api-key: ${router.token}\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\nhello\r\n0\r\n\r\n`,
    );
    assert.match(text, /^HTTP\/1\.1 4\d\d /, size);
  }
  assert.deepEqual(router.exchanges, []);
});

test('headers in thousands are refused or served, and nothing is hidden behind them', async (t) => {
  const router = await startTestRouter(t);
  const many = 'a:b\r\n'.repeat(10_000);
  const text = await exchangeBytes(
    router.port,
    `GET /v1/models HTTP/1.1\r\nHost: localhost\r\n${many}x-api-key: ${router.token}\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n`,
  );
  assert.match(text, /^HTTP\/1\.1 4\d\d /);
});

test('an Origin that is no web page needs the token like everybody', async (t) => {
  const router = await startTestRouter(t);
  for (const origin of ['null', 'vscode-webview://x', 'file://', 'chrome-extension://abc']) {
    const without = await fetch(`${router.url}/v1/models`, { headers: { origin } });
    assert.equal(without.status, 401, origin);
    await without.text();
  }
});

test('many refusals are few lines of the log, and none holds a credential', async (t) => {
  const router = await startTestRouter(t);
  for (let count = 0; count < 100; count++) {
    const answer = await fetch(`${router.url}/v1/models?key=canary-guess-${count}&token=canary-guess`, {
      headers: {
        authorization: 'Bearer canary-guess',
        origin: count % 2 === 0 ? 'https://evil.example' : 'null',
      },
    });
    await answer.text();
  }
  await (await fetch(`${router.url}/v1/models?key=${router.token}`)).text();
  const refused = router.log.filter((line) => line.includes('refused'));
  assert.ok(refused.length > 0 && refused.length <= 30, `${refused.length} lines`);
  assert.ok(router.log.every((line) => !line.includes('canary') && !line.includes(router.token)));
});

test('a client may name any field after JavaScript’s own', async (t) => {
  const router = await startTestRouter(t);
  const poison = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},';
  for (const path of [
    '/v1/messages',
    '/v1/chat/completions',
    '/v1/responses',
    '/v1beta/models/auto:generateContent',
  ])
    for (const body of [
      `${poison}${JSON.stringify({ ...messagesBody(), input: 'x', contents: [{ parts: [{ text: 'x' }] }] }).slice(1)}`,
      JSON.stringify(messagesBody({ messages: [{ role: '__proto__', content: 'x' }] })),
      JSON.stringify(messagesBody({ tools: [{ name: '__proto__', input_schema: { type: 'object' } }] })),
      `{"model":"__proto__","max_tokens":1,"messages":[{"role":"user","content":"x"}]}`,
    ]) {
      const answer = await router.fetch(path, body);
      assert.ok(answer.status < 500, `${path} ${body.slice(0, 80)}: ${answer.status} ${await answer.text()}`);
      await answer.text().catch(() => {});
    }
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});
