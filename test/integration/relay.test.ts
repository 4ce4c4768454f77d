// Requests all the way through: client socket, router, upstream socket, and back.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import {
  freePort,
  messagesBody,
  serveForTest,
  startTestRouter,
  type TestRouter,
  temporaryFolder,
  wholeAnswer,
} from '../tools/router-harness.ts';

interface Upstream {
  url: string;
  requests: { headers: IncomingMessage['headers']; path: string; body: Buffer }[];
  /** Resolves with the n-th connection's response object once its request has arrived. */
  next(): Promise<ServerResponse>;
}

/** An upstream of which the test writes every byte. */
async function startUpstream(t: TestContext): Promise<Upstream> {
  const requests: Upstream['requests'] = [];
  const arrived: ServerResponse[] = [];
  const waiting: ((response: ServerResponse) => void)[] = [];
  const url = await serveForTest(t, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, path: request.url ?? '', body: Buffer.concat(chunks) });
      const wake = waiting.shift();
      if (wake) wake(response);
      else arrived.push(response);
    });
  });
  return {
    url,
    requests,
    next: async () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve)),
  };
}

function config(upstream: Upstream, model = 'real-model'): string {
  return `providers:
  one:
    dialect: anthropic
    base_url: ${upstream.url}
    keys: [secret:one]
    models: [real-model, other-model]
routes:
  default: one/${model}
`;
}

async function start(t: TestContext): Promise<{ upstream: Upstream; router: TestRouter }> {
  const upstream = await startUpstream(t);
  const router = await startTestRouter(t, {
    config: config(upstream),
    secrets: { one: 'key-of-one-canary' },
  });
  return { upstream, router };
}

const events = {
  start:
    'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"real-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":1}}}\n\n',
  blockStart:
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
  text: (text: string) =>
    `event: content_block_delta\ndata: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })}\n\n`,
  blockStop: 'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
  end: 'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n',
};

test('the same bytes go up and come back, the model apart', async (t) => {
  const { upstream, router } = await start(t);
  const sent = `{ "model" : "claude-x", "unknown_field": [1.0, 1e3, "\\u00e9"],\n "max_tokens": 10, "messages": [{"role":"user","content":"h\u00e9llo"}] }`;
  const asked = router.fetch('/v1/messages?beta=true', sent, {
    headers: {
      'anthropic-beta': 'a,b',
      'x-claude-code-session-id': 's',
      cookie: 'c=1',
      'x-api-key': 'sk-ant-of-the-user',
    },
  });
  const response = await upstream.next();
  const answer =
    '{"id":"msg_1","type":"message","role":"assistant","model":"real-model","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":1},"new_field":1.50}';
  response
    .writeHead(200, { 'content-type': 'application/json', 'request-id': 'req_1', 'set-cookie': 'x=1' })
    .end(answer);
  const got = await asked;
  assert.equal(got.status, 200);
  assert.equal(await got.text(), answer.replace('"real-model"', '"claude-x"'));
  assert.equal(got.headers.get('request-id'), 'req_1');
  assert.equal(got.headers.get('set-cookie'), null);
  const [seen] = upstream.requests;
  assert.equal(seen?.path, '/v1/messages?beta=true');
  assert.equal(seen?.body.toString(), sent.replace('"claude-x"', '"real-model"'));
  assert.equal(seen?.headers['x-api-key'], 'key-of-one-canary');
  assert.equal(seen?.headers['anthropic-beta'], 'a,b');
  assert.equal(seen?.headers.authorization, undefined);
  assert.equal(seen?.headers.cookie, undefined);
  assert.ok(!JSON.stringify(seen?.headers).includes(router.token));
});

test('stream events are relayed one by one as they arrive', async (t) => {
  const { upstream, router } = await start(t);
  const asked = router.fetch('/v1/messages', messagesBody({ stream: true }));
  const response = await upstream.next();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(events.start + events.blockStart + events.text('one'));
  const got = await asked;
  assert.match(got.headers.get('content-type') ?? '', /text\/event-stream/);
  const reader = got.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader);
  let text = '';
  const until = async (part: string): Promise<void> => {
    while (!text.includes(part)) {
      const { value, done } = await reader.read();
      assert.ok(!done, `the stream ended before ${part}`);
      text += value;
    }
  };
  await until('"one"');
  for (const word of ['two', 'thr\u00e9e']) {
    // The next event leaves the upstream only after the one before has reached the client.
    response.write(events.text(word));
    await until(word);
  }
  response.end(events.blockStop + events.end);
  await until('message_stop');
  assert.deepEqual(await reader.read(), { value: undefined, done: true });
  assert.match(text, /"model":"claude-switchyard\/auto"/);
});

test('a client that leaves aborts the call above, before and inside the answer', async (t) => {
  const { upstream, router } = await start(t);
  for (const stage of ['before', 'inside'] as const) {
    const abort = new AbortController();
    const asked = router.fetch('/v1/messages', messagesBody({ stream: true }), { signal: abort.signal });
    // Handled from the start: the rejection may come before we look.
    const rejected = stage === 'before' ? assert.rejects(asked) : undefined;
    const response = await upstream.next();
    const closed = new Promise((resolve) => response.once('close', resolve));
    if (stage === 'inside') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(events.start + events.blockStart + events.text('one'));
      const got = await asked;
      const cut = assert.rejects(got.text());
      abort.abort();
      await cut;
    } else abort.abort();
    await closed;
    await rejected;
  }
});

test('a client that reads slowly slows the upstream down', async (t) => {
  const { upstream, router } = await start(t);
  const asked = router.fetch('/v1/messages', messagesBody({ stream: true }));
  const response = await upstream.next();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(events.start + events.blockStart);
  const chunk = events.text('x'.repeat(64 * 1024));
  const total = 64 * 1024 * 1024;
  let written = 0;
  const stalled = new Promise<void>((resolve) => {
    const pump = (): void => {
      while (written < total) {
        written += chunk.length;
        if (!response.write(chunk)) {
          const wait = setTimeout(resolve, 300);
          response.once('drain', () => {
            clearTimeout(wait);
            pump();
          });
          return;
        }
      }
      resolve();
    };
    pump();
  });
  const got = await asked;
  await stalled;
  assert.ok(written < total, `the router swallowed ${written} bytes that nobody read`);
  await got.body?.cancel();
});

test('a changed configuration applies at once and cuts no stream', async (t) => {
  const { upstream, router } = await start(t);
  const running = router.fetch('/v1/messages', messagesBody({ stream: true }));
  const response = await upstream.next();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(events.start + events.blockStart + events.text('before'));
  const got = await running;

  writeFileSync(router.init.configFile, config(upstream, 'other-model'));
  await router.snapshot(({ routes }) =>
    routes.some(({ name, target }) => name === 'default' && target === 'one/other-model'),
  );
  const asked = router.fetch('/v1/messages', messagesBody());
  const second = await upstream.next();
  second.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('new', 'other-model'));
  assert.equal((await asked).headers.get('x-switchyard-model'), 'other-model');

  writeFileSync(router.init.configFile, 'providers: [');
  const broken = await router.snapshot(({ config: { state } }) => state === 'last-good');
  assert.equal(broken.config.problems.length > 0, true);
  assert.equal(broken.routes.find(({ name }) => name === 'default')?.target, 'one/other-model');

  response.end(events.text('after') + events.blockStop + events.end);
  const text = await got.text();
  assert.match(text, /before[\s\S]*after[\s\S]*message_stop/);
});

test('the port moves without cutting a stream', async (t) => {
  const upstream = await startUpstream(t);
  const home = temporaryFolder(t);
  const [from, to] = [await freePort(), await freePort()];
  const configFor = (port: number): string => `server: { port: ${port} }\n${config(upstream)}`;
  const router = await startTestRouter(t, {
    home,
    port: undefined,
    config: configFor(from),
    secrets: { one: 'key-of-one-canary' },
  });
  assert.equal(router.port, from);
  const asked = router.fetch('/v1/messages', messagesBody({ stream: true }));
  const response = await upstream.next();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(events.start + events.blockStart + events.text('before'));
  const got = await asked;
  writeFileSync(router.init.configFile, configFor(to));
  await router.snapshot(({ port }) => port === to);
  response.end(events.text('after') + events.blockStop + events.end);
  assert.match(await got.text(), /before[\s\S]*after[\s\S]*message_stop/);
  assert.equal((await fetch(`http://127.0.0.1:${to}/health`)).status, 200);
  await assert.rejects(fetch(`http://127.0.0.1:${from}/health`));
});

test('without a configuration the demo answers, and says that it is one', async (t) => {
  const router = await startTestRouter(t);
  assert.equal((await router.snapshot(({ config: { state } }) => state === 'none')).demo, true);
  const response = await router.fetch('/v1/messages', messagesBody());
  assert.equal(response.status, 200);
  assert.match(await response.text(), /demo/i);
});

test('an upstream that cannot be reached gives a clear answer', async (t) => {
  const router = await startTestRouter(t, {
    config: `providers:\n  gone:\n    dialect: anthropic\n    base_url: http://127.0.0.1:1\n    keys: [secret:gone]\n    models: [m]\nroutes: { default: gone/m }\nresilience: { retries: 0, max_wait: 0 }\n`,
    secrets: { gone: 'key-of-gone-canary' },
  });
  const response = await router.fetch('/v1/messages', messagesBody());
  assert.ok(response.status >= 500, String(response.status));
  const text = await response.text();
  assert.match(text, /127\.0\.0\.1:1/);
  assert.doesNotMatch(text, /canary/);
});
