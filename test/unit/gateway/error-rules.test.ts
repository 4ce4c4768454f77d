// The user's own judgement goes before ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorRule } from '../../../src/core/config/router-config.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { compilePattern } from '../../../src/core/pattern.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  createHarness,
  frames,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';

const ask = { model: 'x', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hi' }] };

async function run(rules: ErrorRule[], first: () => UpstreamResponse, request: object = ask) {
  const config = routerConfig({
    providers: [provider('a', ['m']), provider('b', ['m'])],
    groups: [group('g', [target('a/m'), target('b/m')])],
    routes: { default: 'g' },
    errorRules: rules,
    resilience: { retries: 0, maxWait: 0 },
  });
  const harness = createHarness(config, ({ url }: UpstreamRequest) =>
    new URL(url).hostname === 'a.test' ? first() : streamAnswer(wholeStream('from b')),
  );
  const { recorded, done } = startRequest(harness.gateway, request);
  await done;
  const [a] = harness.gateway.view().providers;
  return {
    ...harness,
    recorded,
    health: a?.models[0]?.health,
    asked: harness.sent.map(({ url }) => new URL(url).hostname[0]).join(''),
  };
}
const refused = () => jsonAnswer(400, { error: { message: 'Your plan is over', hint: 'tomorrow' } });

test('cool: a refusal that means a used-up plan leaves the target alone for the time that was asked for', async () => {
  const rule: ErrorRule = {
    provider: 'a',
    statuses: [400],
    match: compilePattern('"hint": ?"tomorrow"'),
    do: 'cool',
    seconds: 3600,
  };
  const { recorded, asked, health, clock } = await run([rule], refused);
  assert.deepEqual([recorded.status, asked], [200, 'ab']);
  assert.deepEqual(health, { state: 'cooling', until: clock.now() + 3_600_000, reason: 'Your plan is over' });
});

test('next: another target serves and this one is not blamed', async () => {
  const { recorded, asked, health } = await run([{ statuses: [400], do: 'next' }], refused);
  assert.deepEqual([recorded.status, asked, health?.state], [200, 'ab', 'ok']);
});

test('stop: the client gets the failure at once, as the upstream said it', async () => {
  const error = { type: 'error', error: { type: 'api_error', message: 'stop here' } };
  const { recorded, asked, health } = await run([{ match: compilePattern('stop here'), do: 'stop' }], () =>
    jsonAnswer(500, error),
  );
  assert.deepEqual([recorded.status, asked, health?.state], [500, 'a', 'ok']);
  assert.deepEqual(JSON.parse(recorded.body), error);
});

test('rules that do not fit, and the order of those that do', async () => {
  const rules: ErrorRule[] = [
    { provider: 'b', do: 'stop' },
    { statuses: [401], do: 'stop' },
    { match: compilePattern('nothing'), do: 'stop' },
    { statuses: [400], do: 'next' },
    { statuses: [400], do: 'stop' },
  ];
  assert.equal((await run(rules, refused)).asked, 'ab');
});

test('a rule goes before mending, and takes errors inside a stream too', async () => {
  const mendable = () => jsonAnswer(400, { error: { message: 'top_k: Extra inputs are not permitted' } });
  const asked = (await run([{ statuses: [400], do: 'next' }], mendable, { ...ask, top_k: 1 })).asked;
  assert.equal(asked, 'ab');
  const inside = await run([{ match: compilePattern('busy'), do: 'cool', seconds: 60 }], () =>
    streamAnswer(frames.error('overloaded_error', 'busy')),
  );
  assert.equal(inside.health?.until, inside.clock.now() + 60_000);
});

test('stop: a prompt that is too long goes no further either', async () => {
  const tooLong = () =>
    jsonAnswer(400, { error: { message: 'prompt is too long: 250000 tokens > 200000 maximum' } });
  for (const [errorRules, expected] of [
    [[], 'aw'],
    [[{ match: compilePattern('too long'), do: 'stop' }], 'a'],
  ] as [ErrorRule[], string][]) {
    const config = routerConfig({
      providers: [provider('a', ['m']), provider('w', ['m'])],
      groups: [group('g', [target('a/m')], { contextFallbacks: [target('w/m')] })],
      routes: { default: 'g' },
      errorRules,
    });
    const { gateway, sent } = createHarness(config, ({ url }: UpstreamRequest) =>
      new URL(url).hostname === 'a.test' ? tooLong() : streamAnswer(wholeStream('from w')),
    );
    await startRequest(gateway, ask).done;
    assert.equal(sent.map(({ url }) => new URL(url).hostname[0]).join(''), expected);
  }
});
