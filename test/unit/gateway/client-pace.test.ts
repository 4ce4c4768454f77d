import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../../src/core/client-error.ts';
import type { ClientConfig } from '../../../src/core/config/router-config.ts';
import { ClientPace } from '../../../src/core/gateway/client-pace.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

const client = (rpm?: number): ClientConfig => ({
  name: 'c',
  reference: 'none',
  routes: {},
  ...(rpm === undefined ? {} : { rpm }),
});

test('a sliding minute', async () => {
  const clock = new ManualClock();
  const pace = new ClientPace(clock);
  /** Seconds to wait; 0 when it was admitted. */
  const ask = (rpm?: number): number => {
    try {
      pace.admit(client(rpm));
      return 0;
    } catch (error) {
      assert.ok(error instanceof ClientError && error.status === 429);
      return Number(error.headers['retry-after']);
    }
  };
  assert.equal(ask(2), 0);
  await clock.advance(20_000);
  assert.equal(ask(2), 0);
  assert.equal(ask(2), 40);
  await clock.advance(39_500);
  assert.equal(ask(2), 1);
  await clock.advance(500);
  assert.equal(ask(2), 0, 'the first one is a minute old');
  assert.equal(ask(2), 20, 'refused ones do not count');
  assert.equal(ask(1), 60, 'the limit was lowered: both must grow old');
  assert.equal(ask(3), 0);
  assert.equal(ask(), 0, 'no limit');
});
