// Limits of keys, sessions and hot reload, through the whole gateway.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyConfig, ProviderConfig, RouterConfig } from '../../../src/core/config/router-config.ts';
import type { UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { group, key, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  ask,
  createHarness,
  frames,
  from,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';
import { settle } from '../../tools/manual-clock.ts';

/** Provider a with these limits, and others without any. */
function configOf(
  limits: Partial<KeyConfig>,
  others: string[] = [],
  more: Partial<RouterConfig['resilience']> = {},
) {
  return routerConfig({
    providers: [
      provider('a', ['m'], { keys: [key('main', limits)] }),
      ...others.map((name) => provider(name, ['m'])),
    ],
    groups: [
      group(
        'g',
        ['a', ...others].map((name) => target(`${name}/m`)),
      ),
    ],
    routes: { default: 'g' },
    resilience: more,
  });
}

/** An upstream whose streams go on until each is told to end. */
function openStreams() {
  const ends: (() => void)[] = [];
  const answer = (): UpstreamResponse => {
    const { promise, resolve } = Promise.withResolvers<string>();
    ends.push(() => resolve(frames.text(' more') + frames.blockStop + frames.end));
    return streamAnswer(frames.start() + frames.blockStart + frames.text('begin'), promise);
  };
  return { ends, answer };
}

test('a call waits until the one before has come to its end, not only to its first word', async () => {
  const { ends, answer } = openStreams();
  const { gateway, clock, sent } = createHarness(configOf({ maxParallel: 1 }), answer);
  const first = startRequest(gateway, ask);
  const second = startRequest(gateway, ask);
  await clock.advance(4_000);
  assert.equal(sent.length, 1);
  assert.match(first.recorded.body, /begin/);
  ends[0]?.();
  await first.done;
  await settle();
  assert.equal(sent.length, 2);
  ends[1]?.();
  await second.done;
  assert.equal(second.recorded.status, 200);
});

test('while one key is at its limit others serve, without any wait', async () => {
  const { ends, answer } = openStreams();
  const { gateway, sent } = createHarness(configOf({ maxParallel: 1 }, ['b']), answer);
  const clients = [1, 2, 3].map(() => startRequest(gateway, ask));
  await settle();
  assert.deepEqual(sent.map(from), ['a', 'b', 'b']);
  for (const end of ends) end();
  await Promise.all(clients.map(({ done }) => done));
});

test('who finds no place within max_wait is told when to come back', async () => {
  const { gateway, clock, sent, logs } = createHarness(configOf({ rpm: 2 }), () =>
    streamAnswer(wholeStream('ok')),
  );
  await startRequest(gateway, ask).done;
  await clock.advance(20_000);
  await startRequest(gateway, ask).done;
  const late = startRequest(gateway, ask);
  await clock.advance(9_999);
  assert.equal(late.recorded.ended, false);
  await clock.advance(1);
  await late.done;
  assert.equal(late.recorded.status, 429);
  assert.equal(late.recorded.headers['retry-after'], '30', 'the first request leaves the minute then');
  assert.ok(logs.some((line) => line.includes('waits: every key that could serve it is at a limit')));
  assert.match(late.recorded.body, /rate_limit_error.*a\/m is at the limit of its key main/);
  assert.equal(sent.length, 2);
});

test('a key that turns out limited keeps nobody in its line: they are told at once when to come back', async () => {
  const { promise, resolve } = Promise.withResolvers<UpstreamResponse>();
  const { gateway, clock, sent } = createHarness(configOf({ maxParallel: 1 }), () => promise);
  const first = startRequest(gateway, ask);
  const line = [startRequest(gateway, ask), startRequest(gateway, ask)];
  await clock.advance(1_000);
  resolve(
    jsonAnswer(429, { error: { type: 'rate_limit_error', message: 'later' } }, { 'retry-after': '600' }),
  );
  await settle();
  await Promise.all([first, ...line].map(({ done }) => done));
  for (const { recorded } of [first, ...line])
    assert.deepEqual([recorded.status, recorded.headers['retry-after']], [429, '600']);
  assert.equal(sent.length, 1);
  assert.deepEqual(
    clock.waiting.filter((wait) => wait < 600_000),
    [],
  );
});

test('in line for a key that turns out limited for a moment: the line moves on when it is back', async () => {
  const { promise, resolve } = Promise.withResolvers<UpstreamResponse>();
  let calls = 0;
  const { gateway, clock, sent } = createHarness(configOf({ maxParallel: 1 }, [], { retries: 0 }), () =>
    calls++ === 0 ? promise : streamAnswer(wholeStream('ok')),
  );
  const first = startRequest(gateway, ask);
  const line = [startRequest(gateway, ask), startRequest(gateway, ask)];
  await clock.advance(1_000);
  resolve(jsonAnswer(429, { error: { type: 'rate_limit_error', message: 'later' } }, { 'retry-after': '3' }));
  await first.done;
  assert.equal(first.recorded.status, 429);
  await clock.advance(2_900);
  assert.equal(sent.length, 1, 'nobody asks before its time');
  await clock.advance(1_500);
  await Promise.all(line.map(({ done }) => done));
  assert.deepEqual(
    line.map(({ recorded }) => recorded.status),
    [200, 200],
  );
});

test('a place of the minute that comes free within max_wait is taken', async () => {
  const { gateway, clock, sent } = createHarness(configOf({ rpm: 1 }), () => streamAnswer(wholeStream('ok')));
  await startRequest(gateway, ask).done;
  await clock.advance(52_000);
  const waiting = startRequest(gateway, ask);
  await clock.advance(8_000);
  await waiting.done;
  assert.equal(waiting.recorded.status, 200);
  assert.equal(sent.length, 2);
});

test('with calls under way, the time to come back follows from how long they take', async () => {
  const { ends, answer } = openStreams();
  const { gateway, clock } = createHarness(configOf({ maxParallel: 2 }), answer);
  const first = startRequest(gateway, ask);
  await clock.advance(40_000);
  ends[0]?.();
  await first.done;
  const open = [startRequest(gateway, ask), startRequest(gateway, ask)];
  const late = startRequest(gateway, ask);
  await clock.advance(10_000);
  await late.done;
  assert.equal(late.recorded.status, 429);
  assert.equal(late.recorded.headers['retry-after'], '21', 'half of the 40 s that a call takes');
  for (const end of ends) end();
  await Promise.all(open.map(({ done }) => done));
});

test('tokens: the estimate is booked before, what was used counts after', async () => {
  const long = { ...ask, messages: [{ role: 'user', content: 'word '.repeat(900) }] };
  const config = configOf({ tpm: 1_000 }, ['b']);
  const { gateway, sent } = createHarness(config, () => streamAnswer(wholeStream('ok')));
  await startRequest(gateway, long).done;
  await startRequest(gateway, long).done;
  // The recorded usage says 12 + 7 tokens: after that there is room again.
  assert.deepEqual(sent.map(from), ['a', 'a']);
  const together = [startRequest(gateway, long), startRequest(gateway, long)];
  await Promise.all(together.map(({ done }) => done));
  assert.deepEqual(sent.map(from).slice(2), ['a', 'b']);
});

/** Each way in which a call can end; the next one needs its place. */
const endings: Record<string, (end: () => void, leave: () => void) => void> = {
  'the stream ends': (end) => end(),
  'the client leaves': (_, leave) => leave(),
};
for (const [name, finish] of Object.entries(endings))
  test(`the place comes free when ${name}`, async () => {
    const { ends, answer } = openStreams();
    const { gateway, sent } = createHarness(configOf({ maxParallel: 1 }), answer);
    const first = startRequest(gateway, ask);
    await settle();
    const second = startRequest(gateway, ask);
    finish(
      () => ends[0]?.(),
      () => first.leave(),
    );
    ends[0]?.();
    await first.done;
    await settle();
    assert.equal(sent.length, 2);
    ends[1]?.();
    await second.done;
  });

const failures: Record<string, () => UpstreamResponse | Promise<UpstreamResponse>> = {
  'is refused': () => jsonAnswer(400, { error: { type: 'invalid_request_error', message: 'no' } }),
  'fails upstream': () => jsonAnswer(500, {}),
  'breaks in the stream': () => streamAnswer(frames.start() + frames.blockStart + frames.text('x')),
  'meets a mistake of ours': () => Promise.reject(new TypeError('oops')),
};
for (const [name, answer] of Object.entries(failures))
  test(`the place comes free when a call ${name}`, async () => {
    const config = configOf({ maxParallel: 1 }, [], { retries: 0, allowedFails: 100 });
    let answers = 0;
    const { gateway, clock, sent } = createHarness(config, () =>
      answers++ === 0 ? answer() : streamAnswer(wholeStream('ok')),
    );
    await startRequest(gateway, ask).done;
    const second = startRequest(gateway, ask);
    await clock.advance(5_000);
    await second.done;
    assert.equal(second.recorded.status, 200);
    assert.equal(sent.length, 2);
  });

test('a client that leaves while it waits is not called for, and others move up', async () => {
  const { ends, answer } = openStreams();
  const { gateway, clock, sent } = createHarness(configOf({ maxParallel: 1 }), answer);
  const first = startRequest(gateway, ask);
  const gone = startRequest(gateway, ask);
  const third = startRequest(gateway, ask);
  await clock.advance(1_000);
  gone.leave();
  await gone.done;
  ends[0]?.();
  await first.done;
  await settle();
  assert.equal(sent.length, 2);
  ends[1]?.();
  await third.done;
  assert.equal(third.recorded.status, 200);
});

test('one is at its limit and the other cools: who waits takes what comes first', async () => {
  for (const first of ['a', 'b'] as const) {
    const { ends, answer } = openStreams();
    let cooling = true;
    const config = configOf({ maxParallel: 1 }, ['b'], { retries: 0 });
    const { gateway, clock, sent } = createHarness(config, (request) =>
      from(request) === 'b' && cooling ? jsonAnswer(429, {}, { 'retry-after': '3' }) : answer(),
    );
    const holder = startRequest(gateway, ask);
    const unlucky = startRequest(gateway, ask);
    await settle();
    cooling = false;
    const waiting = startRequest(gateway, ask);
    await clock.advance(1_000);
    assert.deepEqual(sent.map(from), ['a', 'b']);
    if (first === 'a') ends[0]?.();
    await clock.advance(2_100);
    // The one that was refused by b has no other repeat: it waits for a as well, and was there before.
    assert.deepEqual(sent.map(from), first === 'a' ? ['a', 'b', 'a', 'b'] : ['a', 'b', 'b']);
    ends[0]?.();
    await clock.advance(10);
    for (const end of ends) end();
    await clock.advance(10);
    for (const end of ends) end();
    await Promise.all([holder, unlucky, waiting].map(({ done }) => done));
    assert.deepEqual([unlucky.recorded.status, waiting.recorded.status], [200, 200]);
  }
});

test('who waits in line for a place is not sent where the call before has just failed', async () => {
  const { gateway, clock, sent } = createHarness(
    configOf({ maxParallel: 1 }),
    () =>
      new Promise((resolve) => setImmediate(() => resolve(jsonAnswer(429, {}, { 'retry-after': '120' })))),
  );
  const clients = Array.from({ length: 5 }, () => startRequest(gateway, ask));
  await clock.advance(20_000);
  await Promise.all(clients.map(({ done }) => done));
  assert.equal(sent.length, 1);
  assert.deepEqual(new Set(clients.map(({ recorded }) => recorded.status)), new Set([429]));
});

test('of those who wait in line for two places of a key that comes back only one tries it', async () => {
  const { gateway, clock, sent } = createHarness(
    configOf({ maxParallel: 2 }, [], { maxWait: 30 }),
    ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  const holders = [startRequest(gateway, ask), startRequest(gateway, ask)];
  await settle();
  const waiting = Array.from({ length: 4 }, () => startRequest(gateway, ask));
  await settle();
  const rest = { rest: clock.now() + 5_000, restReason: 'x', restLength: 5_000, limit: 0, limitReason: '' };
  gateway.importHealth({ 'deployment a/main/m': rest });
  await clock.advance(6_000);
  for (const holder of holders) holder.leave();
  await clock.advance(100);
  assert.equal(sent.length, 3);
  for (const client of waiting) client.leave();
  await Promise.all([...holders, ...waiting].map(({ done }) => done));
});

test('a repeat of a failed call keeps the limits too', async () => {
  const { ends, answer } = openStreams();
  let fails = 1;
  const { gateway, clock, sent } = createHarness(configOf({ maxParallel: 1 }), () =>
    fails-- > 0 ? jsonAnswer(500, {}) : answer(),
  );
  const failing = startRequest(gateway, ask);
  await settle();
  const other = startRequest(gateway, ask);
  await clock.advance(9_000);
  assert.equal(sent.length, 2, 'the other took the place during the backoff');
  ends[0]?.();
  await other.done;
  await settle();
  assert.equal(sent.length, 3, 'the repeat was in line for it');
  ends[1]?.();
  await failing.done;
  assert.equal(failing.recorded.status, 200);
});

const session = (id: string) => ({ headers: { 'x-claude-code-session-id': id } });
const spread = (more = {}) =>
  routerConfig({
    providers: ['a', 'b', 'c'].map((name) => provider(name, ['m'], name === 'a' ? more : {})),
    groups: [
      group(
        'g',
        ['a', 'b', 'c'].map((name) => target(`${name}/m`)),
        { strategy: 'round-robin' },
      ),
    ],
    routes: { default: 'g' },
  });

/** The fastest of a and b; b may be asked three times a minute. */
const latencyOf = (more: Partial<ProviderConfig> = {}) =>
  routerConfig({
    providers: [provider('a', ['m'], more), provider('b', ['m'], { keys: [key('main', { rpm: 3 })] })],
    groups: [group('g', [target('a/m'), target('b/m')], { strategy: 'latency' })],
    routes: { default: 'g' },
  });

test('a session stays through a reload of the configuration, unless its provider is reached in another way', async () => {
  const { gateway, sent } = createHarness(spread(), () => streamAnswer(wholeStream('ok')));
  const serve = async (id: string) => {
    await startRequest(gateway, ask, session(id)).done;
    const last = sent.at(-1);
    return last && from(last);
  };
  assert.deepEqual([await serve('1'), await serve('2')], ['a', 'b']);
  gateway.applyConfig(spread({ timeout: { connect: 1, firstToken: 60, idle: 60, total: 600 } }));
  assert.deepEqual([await serve('1'), await serve('2')], ['a', 'b']);
  assert.equal(await serve('3'), 'c', 'the turns go on');
  gateway.applyConfig(spread({ baseUrl: 'http://elsewhere.test' }));
  assert.deepEqual([await serve('1'), await serve('2')], ['elsewhere', 'b']);
});

test('measured latencies and the last minute stay through a reload, unless the provider is reached in another way', async () => {
  const speeds: Record<string, number> = { a: 3_000, b: 100 };
  const { gateway, clock, sent } = createHarness(latencyOf(), async (request) => {
    await new Promise<void>((resolve) => clock.after(speeds[from(request)] ?? 0, resolve));
    return streamAnswer(wholeStream('ok'));
  });
  const serve = async () => {
    const { recorded, done } = startRequest(gateway, ask);
    await clock.advance(3_000);
    await done;
    assert.equal(recorded.status, 200);
    return sent.map(from).at(-1);
  };
  assert.deepEqual([await serve(), await serve(), await serve()], ['b', 'a', 'b'], 'each is measured once');
  gateway.applyConfig(latencyOf({ timeout: { connect: 1, firstToken: 60, idle: 60, total: 600 } }));
  assert.equal(await serve(), 'b', 'nothing is measured anew');
  assert.equal(await serve(), 'a', 'three calls of b are all that its minute holds');
  await clock.advance(60_000);
  gateway.applyConfig(latencyOf({ baseUrl: 'http://elsewhere.test' }));
  assert.equal(await serve(), 'elsewhere', 'another host is measured');
  assert.equal(await serve(), 'elsewhere');
});

test('calls under way keep their places through a reload', async () => {
  const { ends, answer } = openStreams();
  const { gateway, sent } = createHarness(configOf({ maxParallel: 1 }, ['b']), answer);
  const first = startRequest(gateway, ask);
  await settle();
  gateway.applyConfig(configOf({ maxParallel: 1 }, ['b']));
  const second = startRequest(gateway, ask);
  await settle();
  assert.deepEqual(sent.map(from), ['a', 'b']);
  ends[0]?.();
  await first.done;
  const third = startRequest(gateway, ask);
  await settle();
  assert.deepEqual(sent.map(from), ['a', 'b', 'a']);
  for (const end of ends) end();
  await Promise.all([second.done, third.done]);
});

test('a window that takes over knows where sessions are', async () => {
  const before = createHarness(spread(), () => streamAnswer(wholeStream('ok')));
  for (const id of ['1', '2']) await startRequest(before.gateway, ask, session(id)).done;
  const after = createHarness(spread(), () => streamAnswer(wholeStream('ok')));
  after.gateway.importHealth(JSON.parse(JSON.stringify(before.gateway.exportHealth())));
  for (const id of ['2', '1']) await startRequest(after.gateway, ask, session(id)).done;
  assert.deepEqual(after.sent.map(from), ['b', 'a']);
});

test('the view tells weights, calls under way and the time to the first word', async () => {
  const { ends, answer } = openStreams();
  const config = routerConfig({
    providers: ['a', 'b'].map((name) => provider(name, ['m'])),
    groups: [group('g', [{ ...target('a/m'), weight: 3 }, target('b/m')], { strategy: 'weighted' })],
    routes: { default: 'g' },
  });
  const { promise: head, resolve: sendHead } = Promise.withResolvers<UpstreamResponse>();
  const { gateway, clock } = createHarness(config, () => head);
  const open = startRequest(gateway, ask);
  await clock.advance(250);
  sendHead(answer());
  await settle();
  const [first, second] = gateway.view().groups[0]?.targets ?? [];
  assert.deepEqual(first, { target: 'a/m', health: { state: 'ok', ttft: 250 }, weight: 3, inFlight: 1 });
  assert.deepEqual(second, { target: 'b/m', health: { state: 'ok' }, weight: 1 });
  ends[0]?.();
  await open.done;
  assert.equal(gateway.view().groups[0]?.targets[0]?.inFlight, undefined);
});

test('a request that is mended and sent again counts twice against the limit of its key', async () => {
  const refusal = jsonAnswer(400, {
    type: 'error',
    error: { type: 'invalid_request_error', message: 'temperature: Extra inputs are not permitted' },
  });
  let calls = 0;
  const answer = () => (++calls === 1 ? refusal : streamAnswer(wholeStream('hello')));
  const config = configOf({ rpm: 3 }, [], { maxWait: 0 });
  const { gateway, sent } = createHarness(config, answer);
  const mended = startRequest(gateway, { ...ask, temperature: 0.5 });
  await mended.done;
  assert.equal(mended.recorded.status, 200);
  assert.equal(sent.length, 2);
  const third = startRequest(gateway, ask);
  await third.done;
  assert.equal(third.recorded.status, 200);
  const fourth = startRequest(gateway, ask);
  await fourth.done;
  assert.equal(fourth.recorded.status, 429);
  assert.equal(fourth.recorded.headers['retry-after'], '60');
  assert.equal(sent.length, 3);
});
