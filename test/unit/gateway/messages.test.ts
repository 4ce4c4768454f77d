import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UpstreamFailure } from '../../../src/core/failure.ts';
import type { UpstreamRequest } from '../../../src/core/gateway/transport.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  ask,
  createHarness,
  frames,
  from,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';
import { settle } from '../../tools/manual-clock.ts';
import { textOfPieces } from '../../tools/pieces.ts';

const config = routerConfig({
  providers: [provider('a', ['m']), provider('b', ['m2'])],
  groups: [group('both', [target('a/m'), target('b/m2')])],
  routes: { default: 'both' },
});
const bodyOf = (request: UpstreamRequest | undefined) => textOfPieces(request?.body);

test('bytes pass: only the model is replaced on the way up and put back on the way down', async () => {
  const raw =
    '{ "messages" : [{"role":"user","content":"h\\u0069"}],\n "model":"claude-opus-5-5", "unknown_field": 1.0, "max_tokens": 5, "stream": true }';
  const { gateway, sent } = createHarness(config, () => streamAnswer(wholeStream('hello')));
  const { recorded, done } = startRequest(gateway, raw, {
    headers: {
      'anthropic-beta': 'x-1,y-2',
      'x-app': 'cli',
      authorization: 'Bearer client-token',
      cookie: 'c',
    },
  });
  await done;
  assert.equal(bodyOf(sent[0]), raw.replace('claude-opus-5-5', 'm'));
  assert.equal(recorded.body, wholeStream('hello', 'claude-opus-5-5'));
  const headers = sent[0]?.headers ?? {};
  assert.equal(headers['anthropic-beta'], 'x-1,y-2');
  assert.equal(headers['x-app'], 'cli');
  assert.equal(headers['x-api-key'], 'value-of-env:A');
  assert.equal(headers.authorization, undefined);
  assert.equal(headers.cookie, undefined);
  assert.equal(recorded.headers['x-switchyard-provider'], 'a');
  assert.equal(recorded.headers['x-switchyard-route'], 'default');
  assert.ok(recorded.ended);
});

test('a model asked for by its own name passes without any change', async () => {
  const { gateway, sent } = createHarness(config, () => streamAnswer(wholeStream('hello', 'a/m')));
  const { recorded, done } = startRequest(gateway, { ...ask, model: 'a/m' });
  await done;
  assert.equal(JSON.parse(bodyOf(sent[0])).model, 'm');
  assert.match(recorded.body, /"model":"a\/m"/);
});

const openings: [what: string, answer: () => ReturnType<typeof streamAnswer>][] = [
  ['an error as the first frame', () => streamAnswer(frames.error('overloaded_error', 'Overloaded'))],
  [
    'an error after message_start and pings',
    () => streamAnswer(frames.start() + frames.ping, frames.blockStart + frames.error('api_error', 'x')),
  ],
  ['an empty stream', () => streamAnswer('')],
  ['only pings and comments', () => streamAnswer(frames.ping, ': keep-alive\n\n')],
  ['a stream cut before its first content', () => streamAnswer(frames.start())],
  ['a web page', () => ({ ...streamAnswer('<html>'), headers: { 'content-type': 'text/html' } })],
  [
    "a relay's error frame of its own kind",
    () => streamAnswer('event: error\ndata: {"error":"Claude API error","status":529,"details":"busy"}\n\n'),
  ],
  [
    'a 529',
    () => jsonAnswer(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  ],
];
for (const [what, answer] of openings) {
  test(`${what} is invisible to the client while another deployment is healthy`, async () => {
    const { gateway, sent } = createHarness(config, (request) =>
      from(request) === 'a' ? answer() : streamAnswer(wholeStream('from b')),
    );
    const { recorded, done } = startRequest(gateway, ask);
    await done;
    assert.deepEqual(sent.map(from), ['a', 'b']);
    assert.equal(recorded.status, 200);
    assert.equal(recorded.body, wholeStream('from b', 'claude-opus-5-5'));
    assert.equal(recorded.headers['x-switchyard-attempts'], '2');
  });
}

test('nothing is sent before the first content', async () => {
  let go = (_text: string) => {};
  const later = new Promise<string>((resolve) => {
    go = resolve;
  });
  const { gateway } = createHarness(config, () => streamAnswer(frames.start() + frames.blockStart, later));
  const { recorded, done } = startRequest(gateway, ask);
  await settle();
  assert.equal(recorded.status, 0);
  go(frames.text('x') + frames.blockStop + frames.end);
  await done;
  assert.equal(recorded.status, 200);
});

for (const [what, tail] of [
  ['a cut', ''],
  ['an error frame', frames.error('overloaded_error', 'Overloaded')],
] as const) {
  test(`${what} after content was sent ends in one error event and no fake end`, async () => {
    const { gateway, exchanges } = createHarness(config, () =>
      streamAnswer(frames.start() + frames.blockStart + frames.text('half'), tail),
    );
    const { recorded, done } = startRequest(gateway, ask);
    await done;
    assert.equal(recorded.body.match(/event: error/g)?.length, 1);
    assert.doesNotMatch(recorded.body, /message_stop/);
    assert.notEqual(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
  });
}

test('errors of an Anthropic upstream reach the client verbatim', async () => {
  const error = {
    type: 'error',
    error: { type: 'invalid_request_error', message: 'messages: at least one message is required', extra: 1 },
    request_id: 'req_1',
  };
  const { gateway, sent } = createHarness(config, () =>
    jsonAnswer(400, error, { 'request-id': 'req_1', 'x-should-retry': 'false' }),
  );
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.equal(sent.length, 1);
  assert.equal(recorded.status, 400);
  assert.deepEqual(JSON.parse(recorded.body), error);
  assert.equal(recorded.headers['request-id'], 'req_1');
  assert.equal(recorded.headers['x-should-retry'], 'false');
});

test('a refused key never becomes a 401, and the client is told not to try again', async () => {
  const { gateway } = createHarness(config, () =>
    jsonAnswer(401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }),
  );
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.equal(recorded.status, 503);
  assert.equal(recorded.headers['x-should-retry'], 'false');
  assert.match(
    JSON.parse(recorded.body).error.message,
    /no key works.*refused the key \S+ \(401\): invalid API key/,
  );
});

test('a long limit is answered with its honest retry-after', async () => {
  const only = routerConfig({ providers: [provider('a', ['m'])], routes: { default: 'a/m' } });
  const { gateway, sent } = createHarness(only, () =>
    jsonAnswer(
      429,
      { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
      { 'retry-after': '45' },
    ),
  );
  const first = startRequest(gateway, ask);
  await first.done;
  assert.equal(first.recorded.status, 429);
  assert.equal(first.recorded.headers['retry-after'], '45');
  const second = startRequest(gateway, ask);
  await second.done;
  assert.equal(sent.length, 1, 'a cooling deployment is not asked');
  assert.equal(second.recorded.status, 429);
  assert.equal(second.recorded.headers['retry-after'], '45');
});

test('a stream without content within first_token makes way for the next deployment', async () => {
  const { gateway, clock, sent } = createHarness(config, (request) =>
    from(request) === 'a'
      ? {
          ...streamAnswer(''),
          body: (async function* () {
            yield new TextEncoder().encode(frames.start());
            await new Promise((_, reject) =>
              request.signal.addEventListener('abort', () => reject(new Error('aborted'))),
            );
          })(),
        }
      : streamAnswer(wholeStream('from b')),
  );
  const { recorded, done } = startRequest(gateway, ask);
  await clock.advance(120_000);
  await done;
  assert.deepEqual(sent.map(from), ['a', 'b']);
  assert.match(recorded.body, /from b/);
});

test('silence in the middle of an answer ends it with an error event', async () => {
  const { gateway, clock } = createHarness(config, (request) => ({
    ...streamAnswer(''),
    body: (async function* () {
      yield new TextEncoder().encode(frames.start() + frames.blockStart + frames.text('half'));
      await new Promise((_, reject) =>
        request.signal.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    })(),
  }));
  const { recorded, done } = startRequest(gateway, ask);
  await clock.advance(119_000);
  assert.ok(!recorded.ended);
  assert.ok((recorded.body.match(/event: ping/g)?.length ?? 0) >= 7, 'pings keep the client alive');
  await clock.advance(2_000);
  await done;
  assert.match(recorded.body, /event: error.*nothing for 120 s/s);
});

test('a client that leaves aborts the upstream call, and nobody is blamed', async () => {
  let aborted = false;
  const { gateway, exchanges } = createHarness(config, (request) => {
    request.signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise((_, reject) =>
      request.signal.addEventListener('abort', () => reject(new Error('aborted'))),
    );
  });
  const { done, leave } = startRequest(gateway, ask);
  await settle();
  leave();
  await done;
  assert.ok(aborted);
  assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'canceled');
  assert.equal(gateway.view().health, 'ok');
});

test('whole answers pass with the model put back; errors inside a 200 are failures', async () => {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'hi' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 2 },
  };
  const { gateway, exchanges } = createHarness(config, (request) =>
    from(request) === 'a'
      ? jsonAnswer(200, { error: { type: 'overloaded_error', message: 'busy' } })
      : jsonAnswer(200, { ...message, model: 'm2' }),
  );
  const { recorded, done } = startRequest(gateway, { ...ask, stream: false });
  await done;
  assert.equal(recorded.body, JSON.stringify({ ...message, model: 'claude-opus-5-5' }));
  assert.deepEqual(exchanges.at(-1)?.usage, { input: 3, output: 2, cacheRead: 0, cacheWrite: 0 });
  assert.deepEqual(
    exchanges.at(-1)?.attempts.map((attempt) => attempt.outcome),
    ['overloaded', 'success'],
  );
});

test('a converted upstream gets its own dialect and the client gets its model name back', async () => {
  const converted = routerConfig({
    providers: [provider('o', ['gpt'], { dialect: 'openai-chat', baseUrl: 'http://o.test/v1' })],
    routes: { default: 'o/gpt' },
  });
  const { gateway, sent } = createHarness(converted, () =>
    streamAnswer(
      'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"hey"}}]}\n\n',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1}}\n\ndata: [DONE]\n\n',
    ),
  );
  const { recorded, done } = startRequest(gateway, ask, {
    headers: { 'anthropic-beta': 'x', 'x-claude-code-session-id': 's' },
  });
  await done;
  assert.equal(sent[0]?.url, 'http://o.test/v1/chat/completions');
  assert.equal(sent[0]?.headers.authorization, 'Bearer value-of-env:O');
  assert.equal(sent[0]?.headers['anthropic-beta'], undefined);
  assert.equal(JSON.parse(bodyOf(sent[0])).model, 'gpt');
  assert.match(recorded.body, /"model":"claude-opus-5-5"/);
  assert.match(recorded.body, /hey/);
  assert.match(recorded.body, /event: message_stop/);
});

for (const [what, body, status] of [
  ['no body', '', 400],
  ['broken JSON', '{"model":', 400],
  ['an array', '[]', 400],
  ['no messages', '{"model":"m","max_tokens":5}', 400],
] as const) {
  test(`${what} gets a clear ${status} in Anthropic's shape`, async () => {
    const { gateway, sent } = createHarness(config, () => assert.fail('reached the upstream'));
    const { recorded, done } = startRequest(gateway, body);
    await done;
    assert.equal(recorded.status, status);
    const answer = JSON.parse(recorded.body);
    assert.equal(answer.type, 'error');
    assert.equal(answer.error.type, 'invalid_request_error');
    assert.equal(sent.length, 0);
  });
}

test('paused and unconfigured routers say so', async () => {
  const { gateway } = createHarness(config, () => assert.fail('reached the upstream'));
  gateway.setPaused(true);
  const paused = startRequest(gateway, ask);
  await paused.done;
  assert.equal(paused.recorded.status, 503);
  assert.match(paused.recorded.body, /paused/);
  gateway.setPaused(false);
  gateway.applyConfig(undefined);
  const broken = startRequest(gateway, ask);
  await broken.done;
  assert.match(broken.recorded.body, /no valid configuration/);
  assert.equal(gateway.view().health, 'down');
});

test('health turns degraded and back as deployments fail and recover', async () => {
  let failing = true;
  const { gateway, clock } = createHarness(config, (request) =>
    from(request) === 'a' && failing
      ? jsonAnswer(429, { error: { type: 'rate_limit_error', message: 'slow' } }, { 'retry-after': '30' })
      : streamAnswer(wholeStream('x')),
  );
  await startRequest(gateway, ask).done;
  assert.equal(gateway.view().health, 'degraded');
  assert.match(gateway.view().healthReason ?? '', /a\/m is cooling down: slow/);
  failing = false;
  await clock.advance(31_000);
  assert.equal(gateway.view().health, 'ok');
});

test('keys never reach log, record, view or answer', async () => {
  const { gateway, logs, exchanges } = createHarness(config, () =>
    jsonAnswer(500, { error: { type: 'api_error', message: 'broken' } }),
  );
  const run = startRequest(gateway, ask, { headers: { authorization: 'Bearer client-token' } });
  await settle();
  run.leave();
  await run.done;
  const all = JSON.stringify([logs, exchanges, gateway.view(), run.recorded]);
  assert.doesNotMatch(all, /value-of|client-token/);
});

test('an upstream that streams without being asked is collected into a whole answer', async () => {
  const { gateway } = createHarness(config, () => streamAnswer(wholeStream('collected')));
  const { recorded, done } = startRequest(gateway, { ...ask, stream: false });
  await done;
  const message = JSON.parse(recorded.body);
  assert.equal(message.content[0].text, 'collected');
  assert.equal(message.model, 'claude-opus-5-5');
});

test('an upstream that answers a stream with JSON is streamed to the client', async () => {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'whole' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 2 },
  };
  const { gateway } = createHarness(config, () => jsonAnswer(200, message));
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.match(recorded.body, /event: message_start.*whole.*event: message_stop/s);
});

test('a deployment that breaks off again and again is left alone', async () => {
  const { gateway, sent } = createHarness(config, (request) =>
    from(request) === 'a'
      ? streamAnswer(frames.start() + frames.blockStart + frames.text('half'))
      : streamAnswer(wholeStream('b')),
  );
  for (let count = 0; count < 4; count++) await startRequest(gateway, ask).done;
  assert.deepEqual(sent.map(from), ['a', 'a', 'a', 'b']);
});

test('what rests only by our own guess is tried early when nothing else is left', async () => {
  let back = false;
  const { gateway, clock, sent } = createHarness(config, () => {
    if (back) return streamAnswer(wholeStream('back'));
    throw new UpstreamFailure({
      kind: 'connect',
      scope: 'provider',
      retry: 'next',
      status: 502,
      message: 'no network',
      errorType: 'api_error',
    });
  });
  const first = startRequest(gateway, ask);
  await clock.advance(20_000);
  await first.done;
  assert.equal(first.recorded.status, 502);
  assert.equal(first.recorded.headers['retry-after'], undefined, 'the end of the outage is not known');
  const attempts = sent.length;
  const second = startRequest(gateway, ask);
  await second.done;
  assert.equal(sent.length, attempts + 1, 'one early try, no repeats');
  back = true;
  const third = startRequest(gateway, ask);
  await third.done;
  assert.match(third.recorded.body, /back/);
});

test('of many requests only one tries early', async () => {
  const only = routerConfig({
    providers: [provider('a', ['m'])],
    routes: { default: 'a/m' },
    resilience: { retries: 0, maxWait: 0 },
  });
  let open = () => {};
  let calls = 0;
  const { gateway } = createHarness(only, async () => {
    calls++;
    if (calls > 1)
      await new Promise<void>((resolve) => {
        open = resolve;
      });
    throw new UpstreamFailure({
      kind: 'connect',
      scope: 'provider',
      retry: 'next',
      status: 502,
      message: 'no network',
      errorType: 'api_error',
    });
  });
  await startRequest(gateway, ask).done;
  const runs = Array.from({ length: 5 }, () => startRequest(gateway, ask));
  await settle();
  assert.equal(calls, 2);
  open();
  await Promise.all(runs.map((run) => run.done));
  assert.equal(calls, 2);
});
