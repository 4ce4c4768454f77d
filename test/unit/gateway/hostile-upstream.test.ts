// Upstreams that break the rules of HTTP, of event streams or of decency.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UpstreamFailure } from '../../../src/core/failure.ts';
import { resetFailure } from '../../../src/core/resilience/classify.ts';
import { group, key, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  ask,
  createHarness,
  frames,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';
import { settle } from '../../tools/manual-clock.ts';

const single = routerConfig({
  providers: [provider('a', ['m'])],
  routes: { default: 'a/m' },
  resilience: { retries: 0, maxWait: 0 },
});
/** What the network transport says of a lost connection. */
function lost(): Promise<string> {
  const failing = Promise.reject(new UpstreamFailure(resetFailure('the connection was lost')));
  failing.catch(() => {});
  return failing;
}
const never = new Promise<string>(() => {});

/** Ends when its request is aborted, as a transport does. */
function hanging(signal: AbortSignal, ...parts: string[]): ReturnType<typeof streamAnswer> {
  return streamAnswer(...parts, abortOf(signal));
}

function abortOf(signal: AbortSignal): Promise<string> {
  const aborted = new Promise<string>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('aborted'))),
  );
  aborted.catch(() => {});
  return aborted;
}

const full = wholeStream('hello', 'claude-opus-5-5');
const contentTypes = ['text/plain; charset=utf-8', 'application/json', 'Text/Event-Stream', 'text/html', ''];
for (const type of contentTypes)
  for (const stream of [true, false])
    test(`a stream sent as "${type}" is read for what it is (asked to stream: ${stream})`, async () => {
      const { gateway } = createHarness(single, () => ({
        ...streamAnswer('', '\n', full.slice(0, 3), full.slice(3)),
        headers: type === '' ? {} : { 'content-type': type },
      }));
      const { recorded, done } = startRequest(gateway, { ...ask, stream });
      await done;
      assert.equal(recorded.status, 200);
      assert.match(recorded.body, /hello/);
      assert.match(
        recorded.headers['content-type'] ?? '',
        stream ? /^text\/event-stream/ : /^application\/json/,
      );
      if (stream) assert.equal(recorded.body, `\n${full}`);
      else assert.equal(JSON.parse(recorded.body).content[0].text, 'hello');
    });

test('JSON and web pages are recognised whatever their type says', async () => {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'hello' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const json = createHarness(single, () => jsonAnswer(200, message, { 'content-type': 'text/html' }));
  const { recorded, done } = startRequest(json.gateway, { ...ask, stream: false });
  await done;
  assert.equal(recorded.status, 200);
  const page = createHarness(single, () => streamAnswer('\ufeff <!doctype html><p>hello'));
  const other = startRequest(page.gateway, { ...ask, stream: false });
  await other.done;
  assert.equal(other.recorded.status, 502);
});

test('a stream is whole without event names and with any spacing', async () => {
  const spaced = full.replace(/^event: .*\n/gm, '').replaceAll('":', '": ');
  const { gateway, exchanges } = createHarness(single, () => streamAnswer(spaced));
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.doesNotMatch(recorded.body, /error/);
  assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
});

test('a connection that breaks after the last event breaks nothing', async () => {
  for (const stream of [true, false]) {
    const { gateway, exchanges } = createHarness(single, () => streamAnswer(full, lost()));
    const { recorded, done } = startRequest(gateway, { ...ask, stream });
    await done;
    assert.doesNotMatch(recorded.body, /"error"/);
    assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
  }
});

test('a connection that stays open after the last event holds nobody up for longer than a second', async () => {
  const { gateway, clock, exchanges } = createHarness(single, ({ signal }) => hanging(signal, full));
  const { recorded, done } = startRequest(gateway, ask);
  await clock.advance(999);
  assert.equal(recorded.ended, false, 'a connection that ends by itself can be used again');
  await clock.advance(1);
  await done;
  assert.equal(recorded.body, full);
  assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
  assert.deepEqual(clock.waiting, []);

  const whole = createHarness(single, () => streamAnswer(full, never));
  const answer = startRequest(whole.gateway, { ...ask, stream: false });
  await answer.done;
  assert.equal(JSON.parse(answer.recorded.body).content[0].text, 'hello');
});

test('a client that leaves after the last event has got everything', async () => {
  const { gateway, exchanges } = createHarness(single, ({ signal }) => hanging(signal, full));
  const { recorded, done, leave } = startRequest(gateway, ask);
  await settle();
  assert.equal(recorded.body, full);
  leave();
  await done;
  assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
  assert.equal(exchanges.at(-1)?.status, 200);
});

test('a chat completion that gave its finish reason is complete, however its connection ends', async () => {
  const chat = routerConfig({
    providers: [provider('a', ['m'], { dialect: 'openai-chat' })],
    routes: { default: 'a/m' },
    resilience: { retries: 0, maxWait: 0 },
  });
  const chunk = (choice: object) =>
    `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, ...choice }] })}\n\n`;
  const parts = [chunk({ delta: { content: 'hello' } }), chunk({ delta: {}, finish_reason: 'stop' })];
  const { gateway, exchanges } = createHarness(chat, () => streamAnswer(...parts, lost()));
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.match(recorded.body, /"stop_reason":"end_turn"[\s\S]*message_stop/);
  assert.doesNotMatch(recorded.body, /"error"/);
  assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
});

test('a client that stops reading is not taken for a silent provider', async () => {
  let go: (text: string) => void = () => {};
  const more = new Promise<string>((resolve) => {
    go = resolve;
  });
  const opening = frames.start('claude-opus-5-5') + frames.blockStart + frames.text('a');
  const { gateway, clock, exchanges } = createHarness(single, ({ signal }) =>
    streamAnswer(opening, frames.text('b'), Promise.race([more, abortOf(signal)])),
  );
  let drain = () => {};
  const { recorded, done } = startRequest(gateway, ask, {
    drained: () =>
      new Promise((resolve) => {
        drain = resolve;
      }),
  });
  await clock.advance(600_000);
  drain();
  await settle();
  drain();
  await settle();
  go(frames.blockStop + frames.end);
  await settle();
  drain();
  await done;
  assert.doesNotMatch(recorded.body, /"error"/);
  assert.equal(exchanges.at(-1)?.attempts[0]?.outcome, 'success');
});

const unsayable: [what: string, answer: () => ReturnType<typeof jsonAnswer>, status: number, body: RegExp][] =
  [
    ['a redirect', () => jsonAnswer(302, {}, { location: 'http://elsewhere.test/' }), 502, /redirect/],
    ['a 304', () => jsonAnswer(304, {}), 502, /redirect/],
    ['a status that does not exist', () => jsonAnswer(999, {}), 502, /./],
    [
      'an error page',
      () => ({ ...streamAnswer('<title>Bad gateway</title>'), status: 502 }),
      502,
      /Bad gateway/,
    ],
    [
      'a quota told as a missing permission',
      () =>
        jsonAnswer(403, {
          type: 'error',
          error: { type: 'permission_error', message: 'insufficient_quota' },
        }),
      429,
      /insufficient_quota/,
    ],
    [
      'a full window in words of its own',
      () =>
        jsonAnswer(500, {
          type: 'error',
          error: { type: 'api_error', message: 'maximum context length is 8192 tokens, you asked for 9000' },
        }),
      400,
      /prompt is too long: 9000 tokens > 8192 maximum/,
    ],
  ];
for (const [what, answer, status, body] of unsayable)
  test(`${what} is not handed on as it came`, async () => {
    const { gateway } = createHarness(single, answer);
    const { recorded, done } = startRequest(gateway, ask);
    await done;
    assert.equal(recorded.status, status);
    assert.equal(recorded.headers.location, undefined);
    assert.match(JSON.parse(recorded.body).error.message, body);
  });

test('a limit beyond what a timer holds does not spin, and is no more than a month', async () => {
  for (const wait of ['3000000', '1e300']) {
    const { gateway, clock } = createHarness(single, () => jsonAnswer(429, {}, { 'retry-after': wait }));
    const { recorded, done } = startRequest(gateway, ask);
    await done;
    assert.equal(recorded.headers['retry-after'], String(Math.min(31 * 86_400, Number(wait))));
    assert.ok(clock.waiting.every((ms) => ms <= 31 * 86_400_000));
  }
});

test('a provider that says "at once" again and again is asked with growing pauses', async () => {
  const patient = routerConfig({
    providers: [provider('a', ['m'])],
    routes: { default: 'a/m' },
    resilience: { retries: 2 },
  });
  const times: number[] = [];
  const { gateway, clock } = createHarness(patient, () => {
    times.push(clock.now());
    return jsonAnswer(429, {}, { 'retry-after': '0' });
  });
  const { done } = startRequest(gateway, ask);
  await clock.advance(60_000);
  await done;
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  assert.deepEqual(pauses, [500, 1000]);
});

test('keys in errors inside a 200 are hidden, before and after content', async () => {
  const key = 'value-of-env:A';
  const error = frames.error('api_error', `bad key ${key}`);
  const answers = [error, frames.start() + frames.blockStart + frames.text('hi') + error];
  for (const answer of answers)
    for (const stream of [true, false]) {
      const { gateway } = createHarness(single, () => streamAnswer(answer), {
        redact: (text) => text.replaceAll(key, '[redacted]'),
      });
      const { recorded, done } = startRequest(gateway, { ...ask, stream });
      await done;
      assert.match(recorded.body, /bad key \[redacted\]/);
    }
});

test('a key that no longer works is not the last word while another deployment only rests', async () => {
  const two = routerConfig({
    providers: [provider('a', ['m']), provider('b', ['m2'])],
    groups: [group('both', [target('a/m'), target('b/m2')])],
    routes: { default: 'both' },
    resilience: { retries: 0, maxWait: 0 },
  });
  const { gateway } = createHarness(two, ({ url }) =>
    url.includes('a.test')
      ? jsonAnswer(401, { type: 'error', error: { type: 'authentication_error', message: 'no' } })
      : jsonAnswer(
          429,
          { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
          { 'retry-after': '60' },
        ),
  );
  for (const expected of [429, 429]) {
    const { recorded, done } = startRequest(gateway, ask);
    await done;
    assert.equal(recorded.status, expected);
    assert.equal(recorded.headers['retry-after'], '60');
    assert.equal(recorded.headers['x-should-retry'], undefined);
  }
});

test('a key that no header can carry takes out the key, not the provider', async () => {
  const keys = [key('pasted'), key('good')];
  const config = routerConfig({
    providers: [provider('a', ['m'], { keys })],
    routes: { default: 'a/m' },
  });
  const { gateway, sent, exchanges } = createHarness(config, () => streamAnswer(full), {
    readKey: (reference) => (reference === 'env:PASTED' ? 'sk-abc\u200bdef' : 'sk-good'),
  });
  const { recorded, done } = startRequest(gateway, ask);
  await done;
  assert.equal(recorded.status, 200);
  assert.deepEqual(
    sent.map(({ headers }) => headers['x-api-key']),
    ['sk-good'],
  );
  assert.match(exchanges.at(-1)?.attempts[0]?.error ?? '', /enter it again/);
  assert.equal(gateway.view().providers[0]?.keys[0]?.health.state, 'out');
});
