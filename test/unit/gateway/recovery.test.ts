// Many clients wait for one deployment to come back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UpstreamFailure } from '../../../src/core/failure.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { resetFailure } from '../../../src/core/resilience/classify.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  ask,
  createHarness,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';
import { settle } from '../../tools/manual-clock.ts';

async function setUp(first = jsonAnswer(429, {}, { 'retry-after': '5' })) {
  const config = routerConfig({
    providers: [provider('a', ['m'])],
    routes: { default: 'a/m' },
    resilience: { retries: 0, maxWait: 10 },
  });
  let respond: (() => UpstreamResponse | Promise<UpstreamResponse>) | undefined;
  const harness = createHarness(config, () => (respond ? respond() : first));
  await startRequest(harness.gateway, ask).done;
  harness.sent.length = 0;
  return { ...harness, answerWith: (answer: typeof respond) => (respond = answer) };
}

/** What the provider said before, how many ask, and when the first of them may try. */
const rests: [name: string, answer: Parameters<typeof setUp>[0], clients: number, tried: number][] = [
  ['a told limit', undefined, 20, 7_000],
  ['a rest by our guess, when one tries early', jsonAnswer(429, {}), 5, 300],
];

for (const [name, answer, count, tried] of rests)
  test(`${name}: one of them tries it, the others go when it succeeds`, async () => {
    const { gateway, clock, sent, answerWith } = await setUp(answer);
    let succeed: (answer: UpstreamResponse) => void = () => {};
    answerWith(
      () =>
        new Promise((resolve) => {
          succeed = resolve;
        }),
    );
    const clients = Array.from({ length: count }, () => startRequest(gateway, ask));
    await clock.advance(tried);
    assert.equal(sent.length, 1);
    answerWith(() => streamAnswer(wholeStream('hello')));
    succeed(streamAnswer(wholeStream('hello')));
    await clock.advance(1_000);
    await Promise.all(clients.map(({ done }) => done));
    assert.equal(sent.length, count);
    assert.ok(clients.every(({ recorded }) => recorded.status === 200));
  });

test('when it fails again, the others do not try it as well', async () => {
  const { gateway, clock, sent, answerWith } = await setUp();
  answerWith(() => jsonAnswer(429, {}, { 'retry-after': '120' }));
  const clients = Array.from({ length: 20 }, () => startRequest(gateway, ask));
  await clock.advance(30_000);
  await Promise.all(clients.map(({ done }) => done));
  assert.equal(sent.length, 1);
  assert.deepEqual(new Set(clients.map(({ recorded }) => recorded.status)), new Set([429]));
});

test('a repeat heeds what other requests have learnt meanwhile', async () => {
  const config = routerConfig({ providers: [provider('a', ['m'])], routes: { default: 'a/m' } });
  const answers = [jsonAnswer(503, {}), jsonAnswer(429, {}, { 'retry-after': '120' })];
  const { gateway, clock, sent } = createHarness(
    config,
    () => answers.shift() ?? streamAnswer(wholeStream('hello')),
  );
  const first = startRequest(gateway, ask);
  await clock.advance(100);
  const second = startRequest(gateway, ask);
  await clock.advance(20_000);
  await Promise.all([first.done, second.done]);
  assert.equal(sent.length, 2, 'a told limit is kept by those too that were about to try again');
  assert.equal(first.recorded.headers['retry-after'], '120');
});

test('what was not tried and is back goes before a repeat', async () => {
  const config = routerConfig({
    providers: [provider('a', ['m']), provider('b', ['m'])],
    groups: [group('g', [target('a/m'), target('b/m')])],
    routes: { default: 'g' },
  });
  let works = false;
  const { gateway, clock, sent } = createHarness(config, ({ url }) => {
    if (url.includes('//b.')) return works ? streamAnswer(wholeStream('hello')) : jsonAnswer(429, {});
    return jsonAnswer(503, {});
  });
  const another = startRequest(gateway, { ...ask, model: 'b/m' });
  await clock.advance(100);
  another.leave();
  const waiting = startRequest(gateway, ask);
  await clock.advance(100);
  works = true;
  gateway.clearCooldowns('b');
  sent.length = 0;
  await clock.advance(1_000);
  await waiting.done;
  assert.deepEqual(
    [waiting.recorded.status, sent.map(({ url }) => new URL(url).hostname)],
    [200, ['b.test']],
  );
});

test('nobody waits for longer than max_wait, however long the one that tries takes', async () => {
  const { gateway, clock, answerWith } = await setUp();
  answerWith(() => new Promise(() => {}));
  const first = startRequest(gateway, ask);
  const second = startRequest(gateway, ask);
  await clock.advance(10_500);
  assert.ok(second.recorded.ended || first.recorded.ended);
});

test('a provider that is reached in another way now starts afresh, its neighbours do not', () => {
  const config = (baseUrl: string, models: string[]) =>
    routerConfig({
      providers: [provider('a', models, { baseUrl }), provider('b', ['m'])],
      routes: { default: 'a/m' },
    });
  const { gateway, clock } = createHarness(config('http://wrong.test', ['m']), () => jsonAnswer(404, {}));
  const resting = { limit: clock.now() + 3_600_000, limitReason: 'not found' };
  gateway.importHealth({ 'deployment a/main/m': resting, 'deployment b/main/m': resting });
  const states = () => gateway.view().providers.map(({ models }) => models[0]?.health.state);
  gateway.applyConfig(config('http://wrong.test', ['m', 'another']));
  assert.deepEqual(states(), ['cooling', 'cooling'], 'another model changes nothing for this one');
  gateway.applyConfig(config('http://right.test', ['m', 'another']));
  assert.deepEqual(states(), ['ok', 'cooling']);
});

test('a quota that ends within max_wait is waited for', async () => {
  const config = routerConfig({ providers: [provider('a', ['m'])], routes: { default: 'a/m' } });
  let asked = 0;
  const { gateway, clock } = createHarness(config, () =>
    ++asked === 1
      ? jsonAnswer(429, { error: { message: 'You exceeded your current quota' } }, { 'retry-after': '3' })
      : streamAnswer(wholeStream('hello')),
  );
  const { recorded, done } = startRequest(gateway, ask);
  await clock.advance(3_000);
  await done;
  assert.equal(recorded.status, 200);
});

test('what a request still meets at the old address of a provider is not held against the new one', async () => {
  let fail: (error: unknown) => void = () => {};
  const configOf = (host: string) =>
    routerConfig({
      providers: [provider('p', ['m'], { baseUrl: `http://${host}.test` }), provider('q', ['m'])],
      groups: [group('g', [target('p/m'), target('q/m')])],
      routes: { default: 'g' },
    });
  const { gateway, sent } = createHarness(configOf('wrong'), ({ url }: UpstreamRequest) =>
    url.includes('wrong')
      ? new Promise<UpstreamResponse>((_, reject) => {
          fail = reject;
        })
      : streamAnswer(wholeStream('served')),
  );
  const { recorded, done } = startRequest(gateway, ask);
  await settle();
  gateway.applyConfig(configOf('right'));
  fail(new UpstreamFailure({ ...resetFailure('no such host'), kind: 'connect', scope: 'provider' }));
  await done;
  assert.equal(recorded.status, 200);
  assert.equal(gateway.view().providers[0]?.models[0]?.health.state, 'ok');
  await startRequest(gateway, ask).done;
  assert.equal(new URL(sent.at(-1)?.url ?? '').hostname, 'right.test');
});
