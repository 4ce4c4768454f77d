// Many clients wait for one deployment to come back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import {
  createHarness,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';

const ask = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  stream: true,
  messages: [{ role: 'user', content: 'hi' }],
};

async function setUp() {
  const config = routerConfig({
    providers: [provider('a', ['m'])],
    routes: { default: 'a/m' },
    resilience: { retries: 0, maxWait: 10 },
  });
  let respond: (() => UpstreamResponse | Promise<UpstreamResponse>) | undefined;
  const harness = createHarness(config, () =>
    respond ? respond() : jsonAnswer(429, {}, { 'retry-after': '5' }),
  );
  await startRequest(harness.gateway, ask).done;
  harness.sent.length = 0;
  return { ...harness, answerWith: (answer: typeof respond) => (respond = answer) };
}

test('one of them tries it, the others go when it succeeds', async () => {
  const { gateway, clock, sent, answerWith } = await setUp();
  let succeed: (answer: UpstreamResponse) => void = () => {};
  answerWith(
    () =>
      new Promise((resolve) => {
        succeed = resolve;
      }),
  );
  const clients = Array.from({ length: 20 }, () => startRequest(gateway, ask));
  await clock.advance(7_000);
  assert.equal(sent.length, 1);
  answerWith(() => streamAnswer(wholeStream('hello')));
  succeed(streamAnswer(wholeStream('hello')));
  await clock.advance(1_000);
  await Promise.all(clients.map(({ done }) => done));
  assert.equal(sent.length, 20);
  assert.ok(clients.every(({ recorded }) => recorded.status === 200));
});

test('when it fails again, the others do not try it as well', async () => {
  const { gateway, clock, sent, answerWith } = await setUp();
  answerWith(() => jsonAnswer(429, {}, { 'retry-after': '120' }));
  const clients = Array.from({ length: 20 }, () => startRequest(gateway, ask));
  await clock.advance(30_000);
  await Promise.all(clients.map(({ done }) => done));
  assert.equal(sent.length, 1);
  assert.deepEqual(new Set(clients.map(({ recorded }) => recorded.status)), new Set([429, 529]));
});

test('nobody waits for longer than max_wait, however long the one that tries takes', async () => {
  const { gateway, clock, answerWith } = await setUp();
  answerWith(() => new Promise(() => {}));
  const first = startRequest(gateway, ask);
  const second = startRequest(gateway, ask);
  await clock.advance(10_500);
  assert.ok(second.recorded.ended || first.recorded.ended);
});
