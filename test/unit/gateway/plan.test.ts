import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planExchange } from '../../../src/core/gateway/plan.ts';
import { SessionTokens } from '../../../src/core/routing/session-tokens.ts';
import { group, model, provider, routerConfig, target } from '../../tools/config-builder.ts';
import { idleDispatcher } from '../../tools/idle-dispatcher.ts';

class CountingTokens extends SessionTokens {
  counts = 0;
  override estimate(...input: Parameters<SessionTokens['estimate']>): number {
    this.counts++;
    return super.estimate(...input);
  }
}

function plan(words: number, contexts: (number | undefined)[]) {
  const names = contexts.map((_, index) => String.fromCharCode(97 + index));
  const config = routerConfig({
    providers: contexts.map((context, index) =>
      provider(names[index] ?? '', [model('m', context === undefined ? {} : { context })]),
    ),
    groups: [
      group(
        'g',
        names.map((name) => target(`${name}/m`)),
      ),
    ],
    routes: { default: 'g' },
  });
  const hub = {
    model: 'x',
    max_tokens: 1,
    messages: [{ role: 'user' as const, content: 'word '.repeat(words) }],
  };
  const tokens = new CountingTokens();
  const { candidates } = planExchange(
    config,
    hub,
    { headers: {}, size: JSON.stringify(hub).length, now: 0 },
    tokens,
    idleDispatcher(),
  );
  return { order: candidates.map((each) => each.provider.name).join(''), counts: tokens.counts };
}

test('what does not fit a window goes to one that has room, first of all', () => {
  assert.deepEqual(plan(2_000, [1_000, 10_000, 1_500, undefined]), { order: 'bdac', counts: 1 });
  assert.deepEqual(plan(2_000, [1_000, 1_500]), { order: 'ab', counts: 1 }, 'none fits: the order stays');
});

test('nothing is counted where the answer is known without', () => {
  assert.deepEqual(plan(100, [1_000, 10_000]), { order: 'ab', counts: 0 });
  assert.deepEqual(plan(2_000, [1_000]), { order: 'a', counts: 0 });
  assert.deepEqual(plan(2_000, [1_000, 1_000]), { order: 'ab', counts: 0 });
  assert.deepEqual(plan(2_000, [undefined, undefined]), { order: 'ab', counts: 0 });
});
