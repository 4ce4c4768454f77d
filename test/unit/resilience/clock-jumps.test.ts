// The user, or the network, sets the wall clock by hours: nothing may rest for longer than it was meant to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bindings, sessionIdleLimit } from '../../../src/core/balance/bindings.ts';
import { LoadBook } from '../../../src/core/balance/load-book.ts';
import type { Failure } from '../../../src/core/failure.ts';
import { ClientPace } from '../../../src/core/gateway/client-pace.ts';
import { classifyAnswer } from '../../../src/core/resilience/classify.ts';
import { HealthBook } from '../../../src/core/resilience/health-book.ts';
import { deploymentsOf } from '../../../src/core/routing/candidates.ts';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import {
  createHarness,
  frames,
  jsonAnswer,
  startRequest,
  streamAnswer,
} from '../../tools/gateway-harness.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

const hours = 3_600_000;
const start = 1_800_000_000_000;
const serverError = classifyAnswer(500, { type: 'api_error', message: 'broken' });

function setUp() {
  const clock = new ManualClock(start);
  const config = routerConfig({ providers: [provider('p', ['m'])] });
  const [deployment] = deploymentsOf(config, 'p', 'm');
  assert.ok(deployment);
  const resilience = { ...config.resilience, allowedFails: 0 };
  const health = new HealthBook(clock, () => 'value');
  const fail = (failure: Failure) => health.failure(deployment, failure, resilience);
  const state = () => health.of(deployment).state;
  return { clock, deployment, health, fail, state };
}

const told = (until: number) => classifyAnswer(429, { type: 'e', message: 'slow down' }, until);

for (const [what, failure, length] of [
  ['a rest', () => serverError, 60_000],
  ['a limit that the upstream told', () => told(start + 120_000), 120_000],
] as const)
  test(`${what} lasts no longer than its length after the clock was set back`, async () => {
    const { clock, health, fail, state } = setUp();
    fail(failure());
    clock.set(-5 * hours);
    assert.equal(state(), 'cooling');
    assert.equal(health.nextRecovery(), clock.now() + length);
    await clock.advance(length - 1);
    assert.equal(state(), 'cooling');
    await clock.advance(1);
    assert.equal(state(), 'ok');
  });

test('a clock set forward ends rests early, and nothing worse', () => {
  const { clock, fail, state } = setUp();
  fail(serverError);
  clock.set(5 * hours);
  assert.equal(state(), 'ok');
  fail(serverError);
  assert.equal(state(), 'cooling');
});

test('failures from before the clock was set back are not counted for ever', async () => {
  const { clock, deployment, health } = setUp();
  const resilience = { ...routerConfig({ providers: [] }).resilience, allowedFails: 1 };
  health.failure(deployment, serverError, resilience);
  clock.set(-5 * hours);
  await clock.advance(60_000);
  health.failure(deployment, serverError, resilience);
  assert.equal(health.of(deployment).state, 'ok');
});

test('deadlines that were written before the clock was set back are not longer when they are read', async () => {
  for (const [failure, length] of [
    [serverError, 60_000],
    [told(start + 120_000), 120_000],
  ] as const) {
    const { clock, deployment, health, fail } = setUp();
    fail(failure);
    const file = JSON.parse(JSON.stringify(health.export()));
    clock.set(-5 * hours);
    const restarted = new HealthBook(clock, () => 'value');
    restarted.import(file);
    assert.equal(restarted.of(deployment).until, clock.now() + length);
  }
});

test('a binding is forgotten after an hour of rest, whatever the clock was', () => {
  const bindings = new Bindings();
  bindings.set('s', 'group', 'p/a/m', undefined, start);
  const back = start - 5 * hours;
  assert.equal(bindings.get('s', 'group', back), 'p/a/m', 'it survives');
  assert.equal(bindings.get('s', 'group', back + sessionIdleLimit), undefined);
});

test('the limits of keys and clients hold nobody up until the old time is reached again', () => {
  const clock = new ManualClock(start);
  const load = new LoadBook(clock);
  const config = routerConfig({ providers: [provider('p', ['m'])] });
  const [found] = deploymentsOf(config, 'p', 'm');
  assert.ok(found);
  const limited = { ...found, key: { ...found.key, rpm: 1 } };
  const demand = { tokens: () => 1, size: 4 };
  load.begin(limited, demand)?.end();
  assert.equal(load.hasRoom(limited, demand), false);
  const pace = new ClientPace(clock);
  const client = { name: 'c', rpm: 1 } as Parameters<ClientPace['admit']>[0];
  pace.admit(client);
  assert.throws(() => pace.admit(client), /may ask 1 times a minute/);
  clock.set(-5 * hours);
  assert.equal(load.hasRoom(limited, demand), true);
  pace.admit(client);
});

test('an exchange over a jump of the clock: pings go on, silence ends it, no time is negative', async () => {
  const config = routerConfig({ providers: [provider('p', ['m'])], routes: { default: 'p/m' } });
  const { gateway, clock, exchanges } = createHarness(config, ({ signal }) =>
    streamAnswer(
      frames.start() + frames.blockStart + frames.text('Hi'),
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    ),
  );
  const { recorded, done } = startRequest(gateway, {
    model: 'm',
    max_tokens: 9,
    stream: true,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await clock.advance(1000);
  clock.set(-5 * hours);
  await clock.advance(31_000);
  assert.equal(recorded.body.split('event: ping').length - 1, 2);
  await clock.advance((config.providers.get('p')?.timeout.idle ?? 0) * 1000);
  await done;
  assert.match(recorded.body, /event: error.*in the middle of the answer/s);
  const last = exchanges.at(-1);
  assert.equal(last?.duration, 0);
  assert.equal(last?.attempts[0]?.duration, 0);
});

test('a wait for a deployment that rests is not prolonged', async () => {
  const config = routerConfig({ providers: [provider('p', ['m'])], routes: { default: 'p/m' } });
  let asked = 0;
  const { gateway, clock } = createHarness(config, () =>
    ++asked === 1
      ? jsonAnswer(
          429,
          { type: 'error', error: { type: 'rate_limit_error', message: 'wait' } },
          {
            'retry-after': '5',
          },
        )
      : jsonAnswer(200, {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [{ type: 'text', text: 'ok' }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        }),
  );
  const { recorded, done } = startRequest(gateway, {
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await clock.advance(1000);
  clock.set(-5 * hours);
  await clock.advance(config.resilience.maxWait * 1000);
  await done;
  assert.equal(recorded.status, 200);
  assert.equal(asked, 2);
});
