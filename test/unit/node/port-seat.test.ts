import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../src/core/log.ts';
import type { Listener } from '../../../src/node/listener.ts';
import { PortSeat } from '../../../src/node/port-seat.ts';
import { fixedRandom, ManualClock, settle } from '../../tools/manual-clock.ts';

test('of two moves in quick succession the later one counts', async () => {
  let wanted = 1001;
  const binding = new Map<number, () => void>();
  const open = new Set<number>();
  const createListener = (): Listener => {
    let bound = 0;
    const listener = {
      listen: (port: number) =>
        new Promise<number>((resolve) => {
          binding.set(port, () => {
            bound = port;
            open.add(port);
            resolve(port);
          });
        }),
      close: async () => void open.delete(bound),
    };
    return listener as unknown as Listener;
  };
  const seat = new PortSeat({
    wantedPort: () => wanted,
    secret: 's',
    patient: false,
    version: '0.0.0',
    takeOver: false,
    isAlone: () => false,
    onLeaderSilence() {},
    createListener,
    clock: new ManualClock(),
    random: fixedRandom(),
    log: silentLog,
    onLead() {},
    onLeave() {},
    onFollow() {},
    onLeaderSnapshot() {},
    onLeaderExchange() {},
    onBlocked() {},
  });
  const bind = async (port: number) => {
    await settle();
    binding.get(port)?.();
    await settle();
  };
  const taking = seat.take();
  await bind(1001);
  await taking;
  wanted = 1002;
  const first = seat.move(wanted);
  await settle();
  wanted = 1003;
  const second = seat.move(wanted);
  await bind(1002);
  await bind(1003);
  await Promise.all([first, second]);
  assert.equal(seat.port, 1003);
  assert.deepEqual([...open], [1003]);
});
