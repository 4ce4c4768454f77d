// A prompt that is too long for its group goes on to the group's context fallbacks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest, UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { group, model, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  createHarness,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';

const ask = { model: 'x', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hi' }] };
const tooLong = () =>
  jsonAnswer(400, { error: { message: 'prompt is too long: 250000 tokens > 200000 maximum' } });
const served = () => streamAnswer(wholeStream('served'));

async function run(
  answers: Record<string, () => UpstreamResponse>,
  request: { body?: object; headers?: Record<string, string> } = {},
) {
  const config = routerConfig({
    providers: [
      provider('a', [model('m', { context: 200_000 })]),
      provider('b', ['m']),
      provider('small', [model('m', { context: 220_000 })]),
      provider('large', [model('m', { context: 1_000_000 })]),
      provider('unknown', ['m']),
    ],
    groups: [
      group('g', [target('inner'), target('b/m')], {
        contextFallbacks: [target('small/m'), target('large/m')],
      }),
      group('inner', [target('a/m')], { contextFallbacks: [target('unknown/m')] }),
    ],
    routes: { default: 'g' },
    resilience: { retries: 0, maxWait: 0 },
  });
  const harness = createHarness(config, ({ url }: UpstreamRequest) => {
    const name = new URL(url).hostname.replace('.test', '');
    return (answers[name] ?? served)();
  });
  const { recorded, done } = startRequest(
    harness.gateway,
    { ...ask, ...request.body },
    { headers: request.headers ?? {} },
  );
  await done;
  return {
    recorded,
    logs: harness.logs,
    asked: harness.sent.map(({ url }) => new URL(url).hostname.replace('.test', '')),
  };
}

test('the first that may fit by what the refusal told takes over', async () => {
  const { recorded, asked, logs } = await run({ a: tooLong });
  assert.deepEqual([recorded.status, asked], [200, ['a', 'large']]);
  assert.ok(logs.some((line) => line.includes('is too long; next: large/m, unknown/m')));
});

test('outer groups first, then the inner ones; when none can take it the client is told in words by which it compacts', async () => {
  const { recorded, asked } = await run({ a: tooLong, large: tooLong });
  assert.deepEqual(asked, ['a', 'large'], 'a refusal for its length is not multiplied further');
  assert.equal(recorded.status, 400);
  assert.match(recorded.body, /prompt is too long: 250000 tokens > 200000 maximum/);
});

test('what passes soon makes the client try again, what lasts makes it compact', async () => {
  const busy = () => jsonAnswer(529, { error: { message: 'Overloaded' } });
  const locked = () => jsonAnswer(401, { error: { message: 'no' } });
  assert.equal((await run({ a: tooLong, large: busy, unknown: busy })).recorded.status, 529);
  assert.equal((await run({ a: tooLong, large: locked, unknown: locked })).recorded.status, 400);
});

test('a summary of a conversation that hardly fits goes to a context fallback first', async () => {
  const words = (count: number) => ({
    body: { messages: [{ role: 'user', content: 'word '.repeat(count) }] },
  });
  const headers = { 'x-claude-code-request-class': 'compaction' };
  const config = routerConfig({
    providers: [
      provider('a', [model('m', { context: 10_000 })]),
      provider('large', [model('m', { context: 100_000 })]),
    ],
    groups: [group('g', [target('a/m')], { contextFallbacks: [target('large/m')] })],
    routes: { default: 'g' },
  });
  for (const [count, isSummary, expected] of [
    [9_500, true, 'large'],
    [5_000, true, 'a'],
    [9_500, false, 'a'],
  ] as const) {
    const { gateway, sent } = createHarness(config, served);
    await startRequest(gateway, { ...ask, ...words(count).body }, { headers: isSummary ? headers : {} }).done;
    assert.equal(new URL(sent[0]?.url ?? '').hostname, `${expected}.test`, `${count} words`);
  }
});

test('a group among the context fallbacks shares its turns, and sessions stay in it', async () => {
  const config = routerConfig({
    providers: [provider('a', ['m']), provider('x', ['m']), provider('y', ['m'])],
    groups: [
      group('g', [target('a/m')], { contextFallbacks: [target('wide')] }),
      group('wide', [target('x/m'), target('y/m')], { strategy: 'round-robin' }),
    ],
    routes: { default: 'g' },
  });
  const { gateway, sent } = createHarness(config, ({ url }: UpstreamRequest) =>
    new URL(url).hostname === 'a.test' ? tooLong() : served(),
  );
  const send = async (session?: string) => {
    const headers = session === undefined ? {} : { 'x-claude-code-session-id': session };
    await startRequest(gateway, ask, { headers }).done;
    return new URL(sent.at(-1)?.url ?? '').hostname[0];
  };
  assert.deepEqual([await send(), await send(), await send()], ['x', 'y', 'x']);
  assert.deepEqual([await send('one'), await send('two'), await send('two')], ['y', 'x', 'x']);
});
