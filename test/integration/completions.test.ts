// Plain completions through the running router, as editors ask for them.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { serveForTest, startTestRouter } from '../tools/router-harness.ts';

interface Asked {
  path: string;
  text: string;
}

/** A provider of completions that answers with `reply`, and what it was asked. */
async function provider(t: TestContext, reply: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const url = await serveForTest(t, async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const record = { path: request.url ?? '', text: Buffer.concat(chunks).toString('utf8') };
    asked.push(record);
    reply(record, response);
  });
  return { asked, url };
}

async function routerFor(t: TestContext, ...urls: string[]) {
  const names = urls.map((_, index) => `p${index}`);
  const providers = urls.map(
    (url, index) =>
      `  p${index}: { dialect: openai-chat, base_url: "${url}/v1", keys: [secret:k], models: [coder] }\n`,
  );
  const router = await startTestRouter(t, {
    config: `providers:\n${providers.join('')}groups: { code: { targets: [${names.map((name) => `${name}/coder`).join(', ')}] } }\n`,
    secrets: { k: 'key' },
  });
  const openai = new OpenAI({ baseURL: `${router.url}/v1`, apiKey: router.token, maxRetries: 0 });
  return { router, openai };
}

const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };

function chunk(text: string, more: object = {}): string {
  const choice = { index: 0, text, logprobs: null, finish_reason: null, ...more };
  const value = { id: 'c1', object: 'text_completion', created: 1, model: 'coder', choices: [choice] };
  return `data: ${JSON.stringify(value)}\n\n`;
}

function stream(response: ServerResponse, ...events: string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.join(''));
}

function whole(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

test('whole: the bytes go up and come back, but for the model’s name', async (t) => {
  const { asked, url } = await provider(t, (_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        `{"id":"c1", "object":"text_completion","created":1,"model":"coder","choices":[{"index":0,"text":"  return 1","logprobs":null,"finish_reason":"stop"}],"usage":${JSON.stringify(usage)}}`,
      ),
  );
  const { router, openai } = await routerFor(t, url);
  const answer = await openai.completions.create({ model: 'code', prompt: 'def one():\n', suffix: '\n' });
  assert.deepEqual([answer.model, answer.choices[0]?.text], ['code', '  return 1']);
  const body = '{"prompt":"a",  "model":"p0/coder", "seed":12345678901234567890}';
  const raw = await router.fetch('/v1/completions', body);
  assert.match(await raw.text(), /^\{"id":"c1", "object":"text_completion","created":1,"model":"p0\/coder",/);
  assert.deepEqual(asked[1], {
    path: '/v1/completions',
    text: '{"prompt":"a",  "model":"coder", "seed":12345678901234567890}',
  });
  assert.equal(raw.headers.get('x-switchyard-provider'), 'p0');
  const record = router.exchanges.at(-1);
  assert.deepEqual([record?.status, record?.usage?.input, record?.usage?.output], [200, 7, 2]);
});

test('streamed by OpenAI’s SDK; white space counts, and nothing at all is an answer too', async (t) => {
  const empty = chunk('', { finish_reason: 'stop' });
  const { url } = await provider(t, ({ text }, response) =>
    text.includes('nothing')
      ? stream(response, empty, 'data: [DONE]\n\n')
      : stream(response, chunk('  '), chunk('one'), empty, 'data: [DONE]\n\n'),
  );
  const { openai } = await routerFor(t, url);
  const texts: string[] = [];
  for await (const part of await openai.completions.create({ model: 'code', prompt: 'x', stream: true })) {
    assert.equal(part.model, 'code');
    texts.push(part.choices[0]?.text ?? '');
  }
  assert.equal(texts.join(''), '  one');
  let parts = 0;
  for await (const part of await openai.completions.create({
    model: 'code',
    prompt: 'nothing',
    stream: true,
  })) {
    parts++;
    assert.equal(part.choices[0]?.text, '');
  }
  assert.equal(parts, 1);
});

test('Mistral’s filling in the middle, as Continue asks for it', async (t) => {
  const delta = (content: string, finish: string | null) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'coder', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
  const { asked, url } = await provider(t, (_, response) =>
    stream(response, delta('return', null), delta(' 1', 'stop'), 'data: [DONE]\n\n'),
  );
  const { router } = await routerFor(t, url);
  const response = await router.fetch('/v1/fim/completions', {
    model: 'code',
    prompt: 'def one():',
    suffix: '',
    stream: true,
  });
  const lines = (await response.text()).trim().split('\n\n');
  const contents = lines.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)));
  assert.deepEqual(
    contents.map(({ model, choices }) => [model, choices[0].delta.content]),
    [
      ['code', 'return'],
      ['code', ' 1'],
    ],
  );
  assert.equal(asked[0]?.path, '/v1/fim/completions');
});

test('a provider that fails before its first text is replaced unseen', async (t) => {
  const bad = await provider(t, (_, response) =>
    stream(response, 'data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n'),
  );
  const lacking = await provider(t, (_, response) => whole(response, 404, { error: { message: 'no such' } }));
  const good = await provider(t, (_, response) =>
    stream(response, chunk('fine', { finish_reason: 'stop' }), 'data: [DONE]\n\n'),
  );
  const { openai } = await routerFor(t, bad.url, lacking.url, good.url);
  const { data, response } = await openai.completions
    .create({ model: 'code', prompt: 'x', stream: true })
    .withResponse();
  const texts: string[] = [];
  for await (const part of data) texts.push(part.choices[0]?.text ?? '');
  assert.deepEqual(texts, ['fine']);
  assert.equal(response.headers.get('x-switchyard-attempts'), '3');
});

test('a stream that is cut ends in an error, not in a fake end', async (t) => {
  const { url } = await provider(t, (_, response) => stream(response, chunk('half of ')));
  const { router, openai } = await routerFor(t, url);
  const texts: string[] = [];
  await assert.rejects(async () => {
    for await (const part of await openai.completions.create({ model: 'code', prompt: 'x', stream: true }))
      texts.push(part.choices[0]?.text ?? '');
  });
  assert.deepEqual(texts, ['half of ']);
  const ended = await router.until(() => router.exchanges.find(({ duration }) => duration !== undefined));
  assert.notEqual(ended.attempts[0]?.outcome, 'success');
});

test('a whole answer to a request for a stream becomes one', async (t) => {
  const choice = { index: 0, text: 'all at once', logprobs: null, finish_reason: 'stop' };
  const { url } = await provider(t, (_, response) =>
    whole(response, 200, {
      id: 'c1',
      object: 'text_completion',
      created: 1,
      model: 'coder',
      choices: [choice],
      usage,
    }),
  );
  const { openai } = await routerFor(t, url);
  const texts: string[] = [];
  for await (const part of await openai.completions.create({ model: 'code', prompt: 'x', stream: true }))
    texts.push(part.choices[0]?.text ?? '');
  assert.deepEqual(texts, ['all at once']);
});

test('unknown names and missing ones', async (t) => {
  const { asked, url } = await provider(t, (_, response) => whole(response, 500, {}));
  const { router, openai } = await routerFor(t, url);
  await assert.rejects(
    openai.completions.create({ model: 'nope', prompt: 'x' }),
    /404 There is no model "nope" for completions here. Name one of these: p0\/coder, code /,
  );
  const nameless = await router.fetch('/v1/completions', { prompt: 'x' });
  assert.equal(nameless.status, 400);
  assert.match(nameless.headers.get('x-switchyard-exchange') ?? '', /^x/);
  assert.ok(nameless.headers.has('x-switchyard-overhead-ms'));
  assert.match(await nameless.text(), /'model'/);
  assert.ok(router.log.some((line) => /refused POST \/v1\/completions: 400/.test(line)));
  assert.equal(asked.length, 0);
});
