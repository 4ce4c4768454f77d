// Questions to providers that are about to be set up, over real sockets.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { listModels, type ProbeTarget, testProvider } from '../../src/core/probe/probe.ts';
import { NetworkTransport } from '../../src/node/upstream.ts';
import { ManualClock } from '../tools/manual-clock.ts';
import { serveForTest, startTestRouter } from '../tools/router-harness.ts';
import { startScriptedUpstream } from '../tools/scripted-upstream.ts';

function probe(t: TestContext) {
  const transport = new NetworkTransport({ env: {}, log: silentLog });
  t.after(() => transport.close());
  return { transport, clock: systemClock };
}

test('models and a test answer, in both dialects', async (t) => {
  const deps = probe(t);
  const upstream = await startScriptedUpstream({ keys: ['right-canary-key'], models: ['a', 'b'] });
  t.after(() => upstream.close());
  const targets: ProbeTarget[] = [
    { dialect: 'anthropic', baseUrl: upstream.url, key: 'right-canary-key' },
    { dialect: 'openai-chat', baseUrl: `${upstream.url}/v1`, key: 'right-canary-key' },
  ];
  for (const target of targets) {
    assert.deepEqual(await listModels(deps, target), [{ id: 'a' }, { id: 'b' }], target.dialect);
    upstream.answer({ parts: [{ text: ' ready\n' }] });
    const { milliseconds, answer } = await testProvider(deps, target, 'a');
    assert.equal(answer, 'ready');
    assert.ok(milliseconds >= 0);
    const wrong = { ...target, key: 'wrong-canary-key' };
    await assert.rejects(listModels(deps, wrong), /^ProbeError: The key was refused \(401\): /);
    await assert.rejects(testProvider(deps, wrong, 'a'), /^ProbeError: The key was refused \(401\): /);
    await assert.rejects(testProvider(deps, target, 'zzz'), /no such model \(404\): .*zzz/);
  }
});

test('a key that the provider repeats in its error is not repeated by us', async (t) => {
  const url = await serveForTest(t, (_, response) =>
    response
      .writeHead(403, { 'content-type': 'application/json' })
      .end('{"error":{"message":"Bad key canary-key-1"}}'),
  );
  await assert.rejects(
    listModels(probe(t), { dialect: 'openai-chat', baseUrl: `${url}/v1`, key: 'canary-key-1' }),
    (error: Error) =>
      /refused \(403\): Bad key/.test(error.message) && !error.message.includes('canary-key-1'),
  );
});

test('addresses that are not what they should be are told from each other', async (t) => {
  const deps = probe(t);
  const answers: [RequestListener, RegExp][] = [
    [(_, response) => response.end('<!doctype html><title>Hello</title>'), /web page; check the base URL/],
    [(_, response) => response.end('{"hello":1}'), /does not answer with a list of models/],
    [(_, response) => response.writeHead(404).end('not here'), /nothing at this address.*\(404\)/],
    [
      (_, response) => response.writeHead(301, { location: 'https://x.example' }).end(),
      /redirects elsewhere.*\(301\)/,
    ],
    [
      (_, response) => response.writeHead(500).end('<html>oops'),
      /has trouble \(500\): it answers with a web page/,
    ],
    [(request) => request.socket.destroy(), /closed the connection/],
  ];
  for (const [listener, words] of answers) {
    const url = await serveForTest(t, listener);
    await assert.rejects(listModels(deps, { dialect: 'openai-chat', baseUrl: url, key: 'k' }), words);
  }
});

test('an Anthropic list that is only at the other place is found', async (t) => {
  const asked: string[] = [];
  const url = await serveForTest(t, (request, response) => {
    asked.push(String(request.url));
    if (request.url === '/models?limit=1000') response.end('{"data":[{"id":"a","context_length":5}]}');
    else response.writeHead(404).end();
  });
  assert.deepEqual(await listModels(probe(t), { dialect: 'anthropic', baseUrl: url }), [
    { id: 'a', context: 5 },
  ]);
  assert.deepEqual(asked, ['/v1/models?limit=1000', '/models?limit=1000']);
});

test('silence ends with a sentence', async (t) => {
  const arrived = Promise.withResolvers<void>();
  const url = await serveForTest(t, () => arrived.resolve());
  const clock = new ManualClock();
  const asked = listModels({ ...probe(t), clock }, { dialect: 'openai-chat', baseUrl: url });
  const refused = assert.rejects(asked, /No answer within 20 seconds/);
  await arrived.promise;
  await clock.advance(20_000);
  await refused;
});

test('a configured provider is tested with each of its keys; one that works ends its cooldowns', async (t) => {
  const upstream = await startScriptedUpstream({ keys: ['good-canary-key'], models: ['m'] });
  t.after(() => upstream.close());
  const router = await startTestRouter(t, {
    config: `providers:
  p:
    dialect: anthropic
    base_url: ${upstream.url}
    keys: [secret:good, secret:bad, secret:missing]
    models: [m]
routes: { default: p/m }
`,
    secrets: { good: 'good-canary-key', bad: 'bad-canary-key' },
  });
  upstream.otherwise = () => ({ parts: [{ text: 'ready' }] });
  const results = await router.router.call('testConfigured', { provider: 'p' });
  assert.deepEqual(
    results.map(({ key, ok }) => ({ key, ok })),
    [
      { key: 'good', ok: true },
      { key: 'bad', ok: false },
      { key: 'missing', ok: false },
    ],
  );
  assert.match(results[1]?.message ?? '', /The key was refused \(401\)/);
  assert.equal(results[2]?.message, 'secret:missing is not set.');
  const keys = router.router.snapshot().providers[0]?.keys ?? [];
  assert.deepEqual(
    keys.map((key) => key.health.state),
    ['ok', 'out', 'out'],
    'a refused key is out until it is changed',
  );
  assert.doesNotMatch(JSON.stringify([results, router.snapshots, router.log]), /canary-key/);
});
