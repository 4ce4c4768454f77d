// A thousand random fleets with random faults, each step held against the rules of docs/resilience.md. FAULT_SEED=n plays
// one of them alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFleet } from '../../tools/fault-schedules/fleet-map.ts';
import { play } from '../../tools/fault-schedules/play.ts';
import { scheduleOf, shrunk } from '../../tools/fault-schedules/schedule.ts';

const one = process.env.FAULT_SEED;
const seeds = one === undefined ? Array.from({ length: 1000 }, (_, index) => index) : [Number(one)];

test('a thousand fault schedules: every exchange is answered once, by the rules, and nothing is left behind', async () => {
  for (const seed of seeds) {
    const schedule = scheduleOf(seed);
    const wrong = await play(schedule);
    if (wrong.length === 0) continue;
    const small = await shrunk(schedule, async (smaller) => (await play(smaller)).length > 0);
    const { config, asks, faults, events } = small;
    const told = { ...(describeFleet(config) as object), asks, faults, events };
    assert.fail(
      `seed ${seed}: ${wrong.slice(0, 5).join('\n')}\n` +
        `the smallest that fails: ${(await play(small)).slice(0, 3).join('\n')}\n${JSON.stringify(told)}`,
    );
  }
});
