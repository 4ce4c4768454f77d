// The official Anthropic SDK against the router: what a program of the user's own does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type Answer, failure, gate, text } from '../tools/scripted-upstream.ts';
import { dialects, startSdkBench } from './bench.ts';
import { seen } from './seen.ts';

const ask = { model: 'any-name', max_tokens: 200, messages: [{ role: 'user' as const, content: 'Hi' }] };
const weather: Anthropic.Tool = {
  name: 'weather',
  description: 'Tells the weather.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const everything: Answer = {
  parts: [
    { thinking: 'Hm.', signature: 'sig' },
    { text: 'Grüße 👋' },
    { tool: 'weather', input: { city: 'Köln' } },
  ],
  usage: { input: 30, output: 9, cacheRead: 10 },
};

for (const dialect of dialects) {
  test(`${dialect}: create and stream give the same message`, async () => {
    await using bench = await startSdkBench({ dialect });
    bench.upstream.answer(everything, everything);
    const whole = await bench.client.messages.create({ ...ask, tools: [weather] });
    const streamed = await bench.client.messages.stream({ ...ask, tools: [weather] }).finalMessage();
    for (const message of [whole, streamed]) {
      assert.deepEqual([message.type, message.role, message.model], ['message', 'assistant', 'any-name']);
      assert.deepEqual(
        message.content.map((block) => block.type),
        ['thinking', 'text', 'tool_use'],
      );
      const [thinking, answer, call] = message.content;
      assert.partialDeepStrictEqual(thinking, { thinking: 'Hm.' });
      assert.partialDeepStrictEqual(answer, { text: 'Grüße 👋' });
      assert.partialDeepStrictEqual(call, { name: 'weather', input: { city: 'Köln' } });
      assert.equal(message.stop_reason, 'tool_use');
      const { input_tokens, output_tokens, cache_read_input_tokens } = message.usage;
      assert.deepEqual([input_tokens, output_tokens, cache_read_input_tokens], [20, 9, 10]);
    }
    assert.deepEqual(bench.upstream.refusals, []);
    assert.deepEqual(
      bench.upstream.messages.map((request) => request.stream),
      [false, true],
    );
  });

  test(`${dialect}: a tool loop with forced choice, system text and stop sequences`, async () => {
    await using bench = await startSdkBench({ dialect });
    bench.upstream.answer(text('It rains.'));
    await bench.client.messages.create({
      ...ask,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      stop_sequences: ['END', 'STOP'],
      temperature: 0.5,
      tools: [weather],
      tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
      messages: [
        { role: 'user', content: 'Weather in Köln and Bonn?' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I look.' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Köln' } },
            { type: 'tool_use', id: 'toolu_2', name: 'weather', input: { city: 'Bonn' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_2', content: 'dry', is_error: false },
            { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'rain' }] },
            { type: 'text', text: 'And so?' },
          ],
        },
      ],
    });
    assert.deepEqual(bench.upstream.refusals, []);
    const request = await bench.upstream.message(1);
    const got = seen(request);
    assert.match(got.system, /^Be brief\.\s*$/);
    assert.deepEqual(Object.fromEntries(got.results), { toolu_1: 'rain', toolu_2: 'dry' });
    assert.match(got.user, /Weather in Köln and Bonn\?[\s\S]*And so\?/);
    assert.equal(request.body.temperature, 0.5);
    if (dialect === 'openai-chat') {
      assert.deepEqual(request.body.stop, ['END', 'STOP']);
      assert.deepEqual(request.body.tool_choice, { type: 'function', function: { name: 'weather' } });
      assert.equal(request.body.parallel_tool_calls, false);
    }
  });

  test(`${dialect}: errors have the SDK's types and the upstream's words`, async (t) => {
    const cases: [number, new (...args: never[]) => Error][] = [
      [400, Anthropic.BadRequestError],
      [429, Anthropic.RateLimitError],
      [500, Anthropic.InternalServerError],
      [529, Anthropic.InternalServerError],
    ];
    const config = {
      routes: { default: 'main/main-model' },
      resilience: { retries: 0, max_attempts: 1, max_wait: 0, cooldown: 0 },
    };
    await using bench = await startSdkBench({ dialect, config });
    for (const [status, type] of cases)
      await t.test(String(status), async () => {
        const message = `words of ${status}`;
        bench.upstream.answer(failure(status, { message, headers: { 'retry-after': '3' } }));
        const error = await bench.client.messages.create(ask).catch((thrown: unknown) => thrown);
        assert.ok(error instanceof type && error instanceof Anthropic.APIError, String(error));
        assert.equal(error.status, status);
        assert.match(error.message, new RegExp(message));
        assert.partialDeepStrictEqual(error.error, { type: 'error' });
        // The limit that was told holds for its three seconds, whatever the configuration says of rests.
        await bench.router.forgive();
      });
  });

  test(`${dialect}: a client that leaves ends the upstream's work`, async () => {
    await using bench = await startSdkBench({ dialect });
    bench.upstream.answer({ parts: [{ text: ['first'] }, { wait: gate().promise }] });
    const stream = bench.client.messages.stream(ask);
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    assert.equal(await (await bench.upstream.message(1)).closed, 'aborted');
  });

  test(`${dialect}: content arrives while the upstream still works`, async () => {
    await using bench = await startSdkBench({ dialect });
    const held = gate();
    bench.upstream.answer({ parts: [{ text: ['first'] }, { wait: held.promise }, { text: ['second'] }] });
    const stream = bench.client.messages.stream(ask);
    stream.on('text', (delta) => delta === 'first' && held.open());
    assert.match(await stream.finalText(), /first\s*second/);
  });

  test(`${dialect}: tokens are counted`, async () => {
    await using bench = await startSdkBench({ dialect });
    const { input_tokens: few } = await bench.client.messages.countTokens({
      model: 'any',
      messages: ask.messages,
    });
    const { input_tokens: many } = await bench.client.messages.countTokens({
      model: 'any',
      messages: [{ role: 'user', content: 'word '.repeat(1000) }],
    });
    assert.ok(few > 0 && few < 100, String(few));
    assert.ok(many >= 1000 && many < 3000, String(many));
  });
}

test('anthropic: bytes of a request pass unchanged but for the model', async () => {
  await using bench = await startSdkBench({ dialect: 'anthropic' });
  bench.upstream.otherwise = () => text('ok');
  const odd =
    '{ "messages" : [{"role":"user","content":"\\u00e4 \\ud83d\\udc4b  model"}],\n"max_tokens":1e2, "metadata":{"user_id":"{\\"model\\":\\"x\\"}"}, "mod\\u0065l":"any-name" , "temperature":0.10 }';
  const answer = await fetch(`${bench.router.url}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': bench.router.token,
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'some-beta-2026-01-01',
      'content-type': 'application/json',
      'x-request-tag': 'kept?',
    },
    body: odd,
  });
  assert.equal(answer.status, 200);
  assert.partialDeepStrictEqual(await answer.json(), { model: 'any-name' });
  const request = await bench.upstream.message(1);
  assert.equal(
    request.text.replace('main-model', 'any-name'),
    odd.replace('mod\\u0065l', keyIn(request.text)),
  );
  assert.equal(request.headers['anthropic-version'], '2026-10-21');
  assert.equal(request.headers['anthropic-beta'], 'some-beta-2026-01-01');
  for (const name of ['exchange', 'route', 'reason', 'provider', 'model', 'key', 'attempts', 'overhead-ms'])
    assert.ok(answer.headers.has(`x-switchyard-${name}`), name);
});

/** The key of the model as it went up: its escapes may stay or go, its meaning may not. */
function keyIn(body: string): string {
  return body.includes('mod\\u0065l') ? 'mod\\u0065l' : 'model';
}

test('anthropic: an error body passes verbatim', async () => {
  await using bench = await startSdkBench({ dialect: 'anthropic' });
  const body =
    '{"type":"error","error":{"type":"invalid_request_error","message":"no","extra":1},"request_id":"r_9"}';
  bench.upstream.answer({
    status: 400,
    body,
    headers: { 'content-type': 'application/json', 'request-id': 'r_9' },
  });
  const answer = await fetch(`${bench.router.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bench.router.token}`, 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(ask),
  });
  assert.deepEqual(
    [answer.status, await answer.text(), answer.headers.get('request-id')],
    [400, body, 'r_9'],
  );
});

test('models: groups and provider/model, one by one too', async () => {
  const config = {
    groups: { fast: { targets: ['main/main-model'], aliases: ['claude-fast-alias'] } },
    routes: { default: 'fast' },
  };
  await using bench = await startSdkBench({ dialect: 'anthropic', config });
  const ids: string[] = [];
  for await (const model of bench.client.models.list()) ids.push(model.id);
  for (const id of ['fast', 'claude-switchyard/fast', 'main/main-model', 'spare/spare-model'])
    assert.ok(ids.includes(id), `${id} in ${ids.join(', ')}`);
  assert.equal((await bench.client.models.retrieve('fast')).id, 'fast');
  assert.equal((await bench.client.models.retrieve('main/main-model')).id, 'main/main-model');
  await assert.rejects(bench.client.models.retrieve('no-such-model'), Anthropic.NotFoundError);
});

test('a wrong token is refused in words that help, and not tried again', async () => {
  await using bench = await startSdkBench({ dialect: 'anthropic' });
  const client = new Anthropic({ baseURL: bench.router.url, apiKey: 'sk-wrong', maxRetries: 0 });
  const error = await client.messages.create(ask).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Anthropic.AuthenticationError);
  assert.equal(error.headers.get('x-should-retry'), 'false');
  assert.match(error.message, /token/i);
  assert.ok(!error.message.includes('sk-wrong') && !error.message.includes(bench.router.token));
  assert.equal(bench.upstream.requests.length, 0);
});
