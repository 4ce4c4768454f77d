// Quiet upstreams behind real sockets, on a clock that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frames } from '../tools/gateway-harness.ts';
import { ManualClock } from '../tools/manual-clock.ts';
import { messagesBody, serveForTest, startTestRouter } from '../tools/router-harness.ts';

test('while an answer pauses, a ping reaches the client every 15 s of silence; what follows is whole', async (t) => {
  const more = Promise.withResolvers<void>();
  const url = await serveForTest(t, (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(frames.start() + frames.blockStart + frames.text('before'));
      void more.promise.then(() => response.end(frames.text('after') + frames.blockStop + frames.end));
    });
  });
  const clock = new ManualClock();
  const router = await startTestRouter(t, {
    clock,
    config: `providers: { one: { dialect: anthropic, base_url: '${url}', keys: [secret:one], models: [m] } }\nroutes: { default: one/m }\n`,
    secrets: { one: 'key-of-one' },
  });
  const answer = await router.fetch('/v1/messages', messagesBody({ stream: true }));
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader);
  let text = '';
  const read = async (until: () => boolean): Promise<void> => {
    while (!until()) {
      const { value, done } = await reader.read();
      assert.ok(!done, `the answer ended too early: ${text}`);
      text += value;
    }
  };
  const pings = (): number => text.split('event: ping\n').length - 1;
  await read(() => text.includes('before'));
  for (let count = 1; count <= 4; count++) {
    await clock.advance(14_900);
    assert.equal(pings(), count - 1);
    await clock.advance(100);
    await read(() => pings() === count);
  }
  more.resolve();
  await read(() => text.includes('message_stop'));
  assert.deepEqual((await reader.read()).done, true);
  assert.match(text, /before[\s\S]*after/);
  assert.equal(pings(), 4);
});
