// A mistake of ours is answered as one, in every phase of an exchange: never by an empty success.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import { ask, createHarness, startRequest, streamAnswer, wholeStream } from '../../tools/gateway-harness.ts';

test('a mistake between the first content and the head of the answer is a 500', async () => {
  const config = routerConfig({ providers: [provider('a', ['m'])], routes: { default: 'a/m' } });
  let broken = false;
  const { gateway, sent, logs, exchanges } = createHarness(
    config,
    () => {
      broken = true;
      return streamAnswer(wholeStream('Hi'));
    },
    {
      onChange() {
        if (!broken) return;
        broken = false;
        throw new Error('the view is broken');
      },
    },
  );
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.equal(recorded.status, 500);
  assert.equal(JSON.parse(recorded.body).error.type, 'api_error');
  assert.ok(recorded.ended);
  const told = exchanges.at(-1);
  assert.equal(told?.status, 500, 'the record does not stay open');
  assert.equal(told?.attempts[0]?.outcome, 'invalid-request');
  assert.ok(sent[0]?.signal.aborted, "nor does the upstream's stream");
  assert.ok(logs.some((line) => line.startsWith('error unexpected: Error: the view is broken')));
});
