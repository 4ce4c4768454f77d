// A client that leaves, in each phase of its request and over real sockets: the upstream's work ends at once, nothing more is
// sent, and nobody is blamed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { frames } from '../tools/gateway-harness.ts';
import { messagesBody, serveForTest, startTestRouter, wholeAnswer } from '../tools/router-harness.ts';

const stream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

interface Phase {
  /** What the upstream does with the call of the client that leaves. */
  serve: (response: ServerResponse) => void;
  /** The call is over by itself; the client waits for another. */
  over?: boolean;
}

const phases: Record<string, Phase> = {
  'before its head': { serve: () => {} },
  'while the gate holds': { serve: (response) => stream(response).write(frames.start() + frames.ping) },
  'in the middle': {
    serve: (response) => stream(response).write(frames.start() + frames.blockStart + frames.text('one')),
  },
  'in a pause before a repeat': {
    over: true,
    serve: (response) => response.writeHead(429, { 'retry-after': '2' }).end('{}'),
  },
};

for (const [phase, { serve, over }] of Object.entries(phases)) {
  test(`left ${phase}: one call, which ends at once; whoever waits in line for its place is served`, async (t) => {
    const calls: ServerResponse[] = [];
    const arrived: (() => void)[] = [];
    const url = await serveForTest(t, (request, response) => {
      request.resume().on('end', () => {
        calls.push(response);
        if (calls.length === 1) serve(response);
        else response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('next'));
        for (const wake of arrived.splice(0)) wake();
      });
    });
    const router = await startTestRouter(t, {
      config: `providers:
  one: { dialect: anthropic, base_url: ${url}, keys: [{ key: secret:one, max_parallel: 1 }], models: [m] }
routes: { default: one/m }
resilience: { max_wait: 60 }
`,
      secrets: { one: 'key-one' },
    });
    const ask = (signal?: AbortSignal, streamed = true) =>
      router.fetch('/v1/messages', messagesBody({ stream: streamed }), signal ? { signal } : {});
    const first = new AbortController();
    const gone = ask(first.signal)
      .then((response) => response.text())
      .catch(() => 'gone');
    await new Promise<void>((resolve) => arrived.push(resolve));
    const [call] = calls;
    assert.ok(call);
    const ended = call.closed ? Promise.resolve() : once(call, 'close');
    if (over) await router.until(() => router.log.some((line) => line.includes('rate-limit')));

    // Two wait in line; one of them leaves too, and is never called for.
    const second = new AbortController();
    const impatient = over ? undefined : ask(second.signal, false).catch(() => 'gone');
    if (impatient) await router.until(() => router.log.some((line) => line.includes(' waits')));
    second.abort();
    assert.equal(await (impatient ?? 'gone'), 'gone');
    const patient = over ? undefined : ask(undefined, false);
    first.abort();
    await ended;
    assert.equal(await gone, 'gone');
    if (patient) assert.match(await (await patient).text(), /next/);
    await router.until(
      () => router.exchanges.some(({ status }) => status === 499 || status === 200) || undefined,
    );
    assert.equal(calls.length, over ? 1 : 2);
    const [provider] = router.router.snapshot().providers;
    assert.equal(
      JSON.stringify(provider).includes('cooling'),
      over === true,
      'nobody is blamed for who leaves',
    );
  });
}
