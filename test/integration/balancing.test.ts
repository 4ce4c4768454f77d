// Many clients at once over real sockets: limits hold, nobody is refused, sessions stay, no place is lost.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { frames } from '../tools/gateway-harness.ts';
import { messagesBody, serveForTest, startTestRouter, wholeAnswer } from '../tools/router-harness.ts';

/** An upstream that counts who is served at the same time, by key, and ends each stream after `turns` of the loop. */
async function startCounting(t: TestContext, turns = 20) {
  const now: Record<string, number> = {};
  const most: Record<string, number> = {};
  const served: Record<string, number> = {};
  const url = await serveForTest(t, (request, response) => {
    const key = String(request.headers['x-api-key']);
    now[key] = (now[key] ?? 0) + 1;
    most[key] = Math.max(most[key] ?? 0, now[key]);
    served[key] = (served[key] ?? 0) + 1;
    response.on('close', () => {
      now[key] = (now[key] ?? 0) - 1;
    });
    request.resume();
    request.on('end', () => stream(response, turns));
  });
  return { url, now, most, served };
}

function stream(response: ServerResponse, turns: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(frames.start() + frames.blockStart);
  let left = turns;
  const next = () => {
    if (response.destroyed) return;
    if (left-- === 0) return void response.end(frames.blockStop + frames.end);
    response.write(frames.text('word '));
    setImmediate(next);
  };
  next();
}

const config = (url: string, group: string, keys: string) => `providers:
  one: { dialect: anthropic, base_url: ${url}, keys: ${keys}, models: [m] }
groups:
  g: ${group}
routes: { default: g }
resilience: { max_wait: 60 }
`;

const secrets = { a: 'key-a', b: 'key-b', c: 'key-c' };

test('64 streams at once over keys that take 3 and 5: no key is overrun, every stream comes to its end', async (t) => {
  const upstream = await startCounting(t);
  const keys = '[{ key: secret:a, max_parallel: 3 }, { key: secret:b, max_parallel: 5 }]';
  const router = await startTestRouter(t, {
    config: config(upstream.url, '{ targets: [one/m], strategy: least-busy }', keys),
    secrets,
  });
  const body = messagesBody({ stream: true });
  const answers = await Promise.all(
    Array.from({ length: 64 }, async () => {
      const response = await router.fetch('/v1/messages', body);
      return { status: response.status, text: await response.text() };
    }),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.ok(answers.every(({ text }) => text.split('word ').length === 21 && text.includes('message_stop')));
  assert.deepEqual(upstream.most, { 'key-a': 3, 'key-b': 5 });
  assert.equal((upstream.served['key-a'] ?? 0) + (upstream.served['key-b'] ?? 0), 64);
  const [target] = router.router.snapshot().groups[0]?.targets ?? [];
  assert.equal(target?.inFlight, undefined, 'every place came back');
});

test('clients that leave in the middle give their places back', async (t) => {
  // Streams that never end by themselves.
  const upstream = await startCounting(t, Number.POSITIVE_INFINITY);
  const router = await startTestRouter(t, {
    config: config(upstream.url, '{ targets: [one/m] }', '[{ key: secret:a, max_parallel: 4 }]'),
    secrets,
  });
  const body = messagesBody({ stream: true });
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const abort = new AbortController();
      const response = await router.fetch('/v1/messages', body, { signal: abort.signal });
      const reader = response.body?.getReader();
      await reader?.read();
      abort.abort();
      await reader?.read().catch(() => {});
    }),
  );
  assert.equal(upstream.most['key-a'], 4);
  assert.equal(upstream.served['key-a'], 32, 'each got a place, one after the other');
});

test('32 sessions at once: new ones are spread, each stays where it is', async (t) => {
  const homes = new Map<string, Set<string>>();
  const url = await serveForTest(t, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const session = String(request.headers['x-claude-code-session-id']);
      const keys = homes.get(session) ?? new Set();
      homes.set(session, keys.add(String(request.headers['x-api-key'])));
      response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('ok'));
    });
  });
  const router = await startTestRouter(t, {
    config: config(url, '{ targets: [one/m], strategy: round-robin }', '[secret:a, secret:b, secret:c]'),
    secrets,
  });
  await Promise.all(
    Array.from({ length: 32 }, async (_, index) => {
      for (let turn = 0; turn < 4; turn++) {
        const headers = { 'x-claude-code-session-id': `session-${index}` };
        const response = await router.fetch('/v1/messages', messagesBody(), { headers });
        assert.equal(response.status, 200);
        await response.text();
      }
    }),
  );
  assert.equal(homes.size, 32);
  assert.ok([...homes.values()].every((keys) => keys.size === 1));
  const spread = Object.values(secrets).map(
    (key) => [...homes.values()].filter((keys) => keys.has(key)).length,
  );
  assert.deepEqual(spread.toSorted(), [10, 11, 11]);
});
