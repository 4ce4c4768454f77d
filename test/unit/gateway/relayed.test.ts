// Clients and upstreams of the same dialect: what goes wrong inside an answer does not reach the client while another
// deployment can take over, and what only one dialect can say goes to its upstreams alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import type { UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';
import { createHarness, jsonAnswer, startRequest, streamAnswer } from '../../tools/gateway-harness.ts';
import { textOfPieces } from '../../tools/pieces.ts';

type Relayed = 'openai-chat' | 'openai-responses' | 'gemini';

const data = (...values: unknown[]) =>
  values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
const events = (...values: ({ type: string } & Record<string, unknown>)[]) =>
  values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join('');

const chatChunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  model: 'real',
  choices: [{ index: 0, delta, logprobs: { content: [] }, finish_reason }],
  x_custom: { kept: 1.5 },
});

/** A good stream in two halves, the second of which ends it, and an error inside of one. */
const answers: Record<Relayed, { begin: string; end: string; error: string; empty: string }> = {
  'openai-chat': {
    begin: data(chatChunk({ role: 'assistant', content: '' }), chatChunk({ content: 'Hel' })),
    end: data(
      chatChunk({ content: 'lo' }),
      chatChunk({}, 'stop'),
      { id: 'c1', choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
      '[DONE]',
    ),
    error: data({ error: { message: 'Overloaded', type: 'server_error', code: 503 } }),
    empty: data('[DONE]'),
  },
  'openai-responses': {
    begin: events(
      { type: 'response.created', response: { id: 'r', model: 'real', status: 'in_progress', output: [] } },
      { type: 'response.output_text.delta', item_id: 'i', output_index: 0, content_index: 0, delta: 'Hel' },
    ),
    end: events({
      type: 'response.completed',
      response: {
        id: 'r',
        model: 'real',
        status: 'completed',
        output: [],
        x_custom: 1.5,
        usage: { input_tokens: 5, output_tokens: 2 },
      },
    }),
    error: events({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_is_overloaded', message: 'Overloaded' } },
    }),
    empty: events({ type: 'response.created', response: { id: 'r', model: 'real', status: 'in_progress' } }),
  },
  gemini: {
    begin: data({ candidates: [{ content: { parts: [{ text: 'Hel' }] } }], modelVersion: 'real', x: 1.5 }),
    end: data({
      candidates: [{ content: { parts: [{ text: 'lo' }] }, finishReason: 'STOP' }],
      modelVersion: 'real',
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
    }),
    error: data({ error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } }),
    empty: ': nothing\n\n',
  },
};

const paths: Record<Relayed, string> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  gemini: '/v1beta/models/auto:streamGenerateContent',
};

const bodies: Record<Relayed, Record<string, unknown>> = {
  'openai-chat': { model: 'auto', messages: [{ role: 'user', content: 'Hi' }], stream: true },
  'openai-responses': { model: 'auto', input: 'Hi', stream: true },
  gemini: { contents: [{ parts: [{ text: 'Hi' }] }] },
};

function harness(dialects: readonly DialectId[], script: (nth: number) => UpstreamResponse) {
  let nth = 0;
  const providers = dialects.map((dialect, at) => provider(`p${at + 1}`, ['real'], { dialect }));
  return createHarness(
    routerConfig({
      providers,
      groups: [
        group(
          'auto',
          providers.map(({ name }) => target(`${name}/real`)),
        ),
      ],
      routes: { default: 'auto' },
      resilience: { retries: 0, maxWait: 0 },
    }),
    () => script(++nth),
  );
}

const query = 'alt=sse';

for (const dialect of ['openai-chat', 'openai-responses', 'gemini'] as const) {
  const { begin, end, error, empty } = answers[dialect];
  const ask = (gateway: Parameters<typeof startRequest>[0], more: Record<string, unknown> = {}) =>
    startRequest(gateway, { ...bodies[dialect], ...more }, { path: paths[dialect], query });
  const named = (text: string) => text.replaceAll('"real"', '"auto"');

  for (const [what, first] of [
    ['an error inside a 200', error],
    ['an empty stream', empty],
    ['a stream that ends before its first word', ''],
    ['garbage', 'data: <html>\n\n'],
  ] as const)
    test(`${dialect}: ${what} leads to the next deployment`, async () => {
      const { gateway, sent, exchanges } = harness([dialect, dialect], (nth) =>
        streamAnswer(nth === 1 ? first : begin, nth === 1 ? '' : end),
      );
      const { recorded, done } = ask(gateway);
      await done;
      assert.equal(sent.length, 2);
      assert.equal(recorded.status, 200);
      const whole = named(begin + end);
      // The client did not ask for the chunk of counts.
      const hidden = dialect === 'openai-chat' ? /data: \{"id":"c1","choices":\[\],"usage".*?\n\n/ : /^$/;
      assert.equal(recorded.body, whole.replace(hidden, ''));
      assert.deepEqual(exchanges.at(-1)?.usage, { input: 5, output: 2, cacheRead: 0, cacheWrite: 0 });
    });

  test(`${dialect}: a cut behind the first words is told, not made up`, async () => {
    const { gateway } = harness([dialect, dialect], () => streamAnswer(begin));
    const { recorded, done } = ask(gateway);
    await done;
    assert.ok(recorded.body.startsWith(named(begin)));
    assert.match(recorded.body.slice(begin.length), /error/);
    assert.doesNotMatch(recorded.body, /DONE|response\.completed|STOP/);
  });

  test(`${dialect}: an error answer is the provider's own`, async () => {
    const own =
      dialect === 'gemini'
        ? { error: { code: 400, message: 'Bad x', status: 'INVALID_ARGUMENT', details: [1] } }
        : { error: { message: 'Bad x', type: 'invalid_request_error', param: 'x', code: null, more: 1 } };
    const { gateway } = harness([dialect], () => jsonAnswer(400, own));
    const { recorded, done } = ask(gateway);
    await done;
    assert.deepEqual([recorded.status, recorded.body], [400, JSON.stringify(own)]);
  });
}

test('what only chat completions can say goes to their upstreams alone', async () => {
  const message = {
    choices: [0, 1].map((index) => ({ index, message: { content: 'x' }, finish_reason: 'stop' })),
  };
  const { gateway, sent, logs } = harness(['anthropic', 'openai-chat'], () => jsonAnswer(200, message));
  const body = { ...bodies['openai-chat'], stream: false, n: 2, logprobs: true, x_unknown: [1] };
  const { recorded, done } = startRequest(gateway, body, { path: paths['openai-chat'] });
  await done;
  assert.equal(recorded.body, JSON.stringify(message));
  assert.deepEqual(
    sent.map(({ url, body: bytes }) => [url, JSON.parse(textOfPieces(bytes))]),
    [['http://p2.test/chat/completions', { ...body, model: 'real' }]],
  );
  assert.ok(
    logs.some((line) =>
      line.includes("p1/real passed over, because it speaks anthropic: Unsupported value: 'n'"),
    ),
  );
});

test('what a rule sets does not reach a request that only its own bytes can say, and the log says so', async () => {
  const config = routerConfig({
    providers: [provider('p', ['real'], { dialect: 'openai-chat' })],
    routes: { default: 'p/real' },
    rules: [
      {
        name: 'gently',
        conditions: [() => 'always'],
        to: { kind: 'route', route: 'default' },
        effort: 'low',
      },
    ],
  });
  const answer = { choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'stop' }] };
  const { gateway, sent, logs } = createHarness(config, () => jsonAnswer(200, answer));
  for (const n of [2, 1]) {
    const body = { ...bodies['openai-chat'], stream: false, n };
    await startRequest(gateway, body, { path: paths['openai-chat'] }).done;
  }
  const efforts = sent.map(({ body }) => JSON.parse(textOfPieces(body)).reasoning_effort);
  assert.deepEqual(efforts, [undefined, 'low']);
  assert.equal(logs.filter((line) => line.includes('sent as it came: what a rule')).length, 1);
});

test('where nobody can say it, the client hears which field it is', async () => {
  const refusals: [Relayed, Record<string, unknown>, RegExp][] = [
    ['openai-chat', { n: 2 }, /'n' must be 1/],
    ['openai-responses', { previous_response_id: 'resp_1' }, /'previous_response_id'/],
    ['openai-responses', { background: true }, /'background'/],
    ['gemini', { generationConfig: { candidateCount: 2 } }, /Multiple candidates/],
  ];
  for (const [dialect, more, why] of refusals) {
    const { gateway, sent } = harness(['anthropic'], () => jsonAnswer(500, {}));
    const { recorded, done } = startRequest(
      gateway,
      { ...bodies[dialect], ...more },
      { path: paths[dialect], query },
    );
    await done;
    assert.equal(recorded.status, 400);
    assert.match(recorded.body, why);
    assert.equal(sent.length, 0);
  }
});

test("a provider's own error answer does not tell its key", async () => {
  const own = { error: { message: 'Bad request of key-1', type: 'invalid_request_error' } };
  const config = routerConfig({
    providers: [provider('p', ['real'], { dialect: 'openai-chat' })],
    routes: { default: 'p/real' },
  });
  const { gateway } = createHarness(config, () => jsonAnswer(400, own), {
    redact: (text) => text.replaceAll('key-1', '***'),
  });
  const { recorded, done } = startRequest(gateway, bodies['openai-chat'], { path: paths['openai-chat'] });
  await done;
  assert.equal(recorded.body, JSON.stringify(own).replace('key-1', '***'));
});
