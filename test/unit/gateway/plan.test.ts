import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelConfig } from '../../../src/core/config/router-config.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { planExchange } from '../../../src/core/gateway/plan.ts';
import { SessionTokens } from '../../../src/core/routing/session-tokens.ts';
import { group, model, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  createHarness,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';
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

/** The order in which deployments of models with these abilities are tried. */
function orderFor(abilities: Record<string, Partial<ModelConfig>>, more: Record<string, unknown>): string {
  const names = Object.keys(abilities);
  const config = routerConfig({
    providers: names.map((name) => provider(name, [model('m', abilities[name])])),
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
    messages: [{ role: 'user', content: 'hi' }],
    ...more,
  } as HubRequest;
  const asker = { headers: {}, size: JSON.stringify(hub).length, now: 0 };
  const { candidates } = planExchange(config, hub, asker, new SessionTokens(), idleDispatcher());
  return candidates.map((each) => each.provider.name).join('');
}

const shown = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '' } };
const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: '' } };
const note = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' } };
const eyes = {
  a: { vision: false, pdf: false },
  b: { vision: true, pdf: false },
  c: { vision: true, pdf: true },
};

test('images and PDFs go to those that read them first', () => {
  assert.equal(orderFor(eyes, {}), 'abc');
  assert.equal(orderFor(eyes, shown(image)), 'bca');
  assert.equal(orderFor(eyes, shown(pdf)), 'cba');
  assert.equal(orderFor(eyes, shown({ type: 'tool_result', tool_use_id: 't', content: [pdf] })), 'cba');
  assert.equal(orderFor(eyes, shown(note)), 'bca', 'text inside a document needs no PDF');
});

test('tools go to those that can call them first', () => {
  const abilities = { a: { tools: false }, b: {} };
  assert.equal(orderFor(abilities, {}), 'ab');
  assert.equal(orderFor(abilities, { tools: [{ name: 'Bash', input_schema: { type: 'object' } }] }), 'ba');
});

test('a window must hold the prompt and the answer, but a wish for much output does not rule a window out', () => {
  const windows = { a: { context: 10_000 }, b: { context: 100_000 } };
  const asked = (words: number, max_tokens: number) => ({
    messages: [{ role: 'user', content: 'word '.repeat(words) }],
    max_tokens,
  });
  assert.equal(orderFor(windows, asked(8_000, 100)), 'ab');
  assert.equal(orderFor(windows, asked(8_000, 2_400)), 'ba');
  assert.equal(orderFor(windows, asked(7_000, 64_000)), 'ab', 'at most a quarter is kept for the answer');
  const modest = { a: { context: 10_000, maxOutput: 500 }, b: { context: 100_000 } };
  assert.equal(orderFor(modest, asked(8_000, 64_000)), 'ab', 'and never more than the model writes');
});

test('one picture moves no session: the next turn is served where the session is', async () => {
  const config = routerConfig({
    providers: [
      provider('a', [model('m', { vision: false })]),
      provider('b', [model('m', { vision: true })]),
      provider('c', [model('m', { vision: true })]),
    ],
    groups: [group('g', [target('a/m'), target('b/m'), target('c/m')])],
    routes: { default: 'g' },
  });
  let isDown = '';
  const { gateway, sent } = createHarness(config, ({ url }) =>
    new URL(url).hostname === `${isDown}.test`
      ? jsonAnswer(529, { error: { message: 'Overloaded' } })
      : streamAnswer(wholeStream('served')),
  );
  const turn = async (content: unknown) => {
    const body = { model: 'x', max_tokens: 9, stream: true, messages: [{ role: 'user', content }] };
    await startRequest(gateway, body, { headers: { 'x-claude-code-session-id': 's' } }).done;
    return new URL(sent.at(-1)?.url ?? '').hostname[0];
  };
  assert.deepEqual([await turn('hi'), await turn([image]), await turn('hi')], ['a', 'b', 'a']);
  isDown = 'a';
  assert.equal(await turn('hi'), 'b', 'the session moves');
  isDown = 'b';
  assert.equal(await turn([image]), 'c');
  isDown = '';
  assert.deepEqual([await turn([image]), await turn('hi')], ['b', 'b'], 'where it moved to');
});
