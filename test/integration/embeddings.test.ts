// Embeddings through the running router: the official SDKs of OpenAI and Google against providers of either kind.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { startTestRouter } from '../tools/router-harness.ts';
import { lengthOf, startVectorServer, type VectorServerOptions, vectorOf } from '../tools/vector-server.ts';

/** A router with one provider `p` of embeddings, and both SDKs pointed at it. */
async function set(
  t: TestContext,
  dialect: 'openai-chat' | 'gemini',
  options: VectorServerOptions = {},
  more = '',
) {
  const server = await startVectorServer(t, options);
  const base = dialect === 'gemini' ? `${server.url}/v1beta` : `${server.url}/v1`;
  const router = await startTestRouter(t, {
    config: `providers:
  p: { dialect: ${dialect}, base_url: "${base}", keys: [secret:p], models: [text-embed]${more} }
groups: { vectors: { targets: [p/text-embed], aliases: ["text-embedding-*"] } }
`,
    secrets: { p: 'key-of-p' },
  });
  return { server, router, ...clients(router.url, router.token) };
}

function clients(url: string, token: string) {
  return {
    openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 }),
    google: new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: url } }),
  };
}

/** What the SDK made of base64. */
function numbers(data: readonly { embedding: number[] }[]): number[][] {
  return data.map(({ embedding }) => Array.from(embedding));
}

const forms: [string, VectorServerOptions][] = [
  ['sends base64', {}],
  ['ignores encoding_format', { encoding: 'ignore' }],
  ['refuses encoding_format', { encoding: 'refuse' }],
];

for (const [what, options] of forms)
  test(`OpenAI's SDK and a provider that ${what}`, async (t) => {
    const { openai, router, server } = await set(t, 'openai-chat', { ...options, reversed: true });
    const asked = { model: 'p/text-embed', input: ['one', 'two'] };
    const plain = await openai.embeddings.create(asked);
    assert.deepEqual(numbers(plain.data), [vectorOf('one'), vectorOf('two')]);
    assert.deepEqual(
      plain.data.map(({ index }) => index),
      [0, 1],
    );
    assert.equal(plain.model, 'p/text-embed');
    assert.deepEqual(plain.usage, { prompt_tokens: 6, total_tokens: 6 });
    const floats = await openai.embeddings.create({ ...asked, encoding_format: 'float' });
    assert.deepEqual(numbers(floats.data), [vectorOf('one'), vectorOf('two')]);
    const raw = await router.fetch('/v1/embeddings', { ...asked, encoding_format: 'base64' });
    const { data } = (await raw.json()) as { data: { embedding: unknown }[] };
    const bytes = Buffer.from(new Float32Array(vectorOf('one')).buffer);
    assert.equal(data[0]?.embedding, bytes.toString('base64'));
    // A refusal is learnt from: only the first request is asked twice.
    assert.equal(server.requests.length, options.encoding === 'refuse' ? 4 : 3);
  });

test('a request goes up and its answer comes back byte for byte, but for the model’s name', async (t) => {
  const { router, server } = await set(t, 'openai-chat');
  const response = await router.fetch('/v1/embeddings', '{ "input":"one",  "model":"vectors","user":"me" }');
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^\{"object":"list","data":\[.*\],"model":"vectors","usage":/);
  assert.deepEqual(server.requests[0]?.body, { input: 'one', model: 'text-embed', user: 'me' });
  assert.equal(server.requests[0]?.headers.authorization, 'Bearer key-of-p');
  const told = (name: string) => response.headers.get(`x-switchyard-${name}`);
  assert.deepEqual([told('route'), told('group'), told('provider')], ['explicit', 'vectors', 'p']);
  const [record] = router.exchanges.slice(-1);
  assert.deepEqual([record?.status, record?.usage?.input, record?.target], [200, 3, 'vectors']);
});

test('more inputs than the provider takes are sent in several requests and joined in order', async (t) => {
  const options = { limit: 10, reversed: true };
  const { openai, server } = await set(t, 'openai-chat', options, ', quirks: { embedding_batch: 10 }');
  const input = Array.from({ length: 25 }, (_, index) => `text ${index}`);
  const { data, usage } = await openai.embeddings.create({ model: 'vectors', input, dimensions: 4 });
  assert.deepEqual(
    numbers(data),
    input.map((text) => vectorOf(text, 4)),
  );
  assert.deepEqual(
    data.map(({ index }) => index),
    input.map((_, index) => index),
  );
  assert.equal(usage.prompt_tokens, input.join('').length);
  const sizes = server.requests.map(({ body }) => (body.input as string[]).length);
  assert.deepEqual(
    sizes.sort((a, b) => b - a),
    [10, 10, 5],
  );
});

test('a limit that nobody knew is learnt from the refusal', async (t) => {
  const { openai, server, router } = await set(t, 'openai-chat', { limit: 10 });
  const input = Array.from({ length: 25 }, (_, index) => `text ${index}`);
  for (const sizes of [
    [25, 10, 10, 5],
    [10, 10, 5],
  ]) {
    server.requests.length = 0;
    const { data } = await openai.embeddings.create({ model: 'vectors', input });
    assert.deepEqual(
      numbers(data),
      input.map((text) => vectorOf(text)),
    );
    const asked = server.requests.map(({ body }) => (body.input as string[]).length);
    assert.deepEqual(
      asked.sort((a, b) => b - a),
      sizes,
    );
  }
  assert.ok(router.log.some((line) => /p takes 10 inputs at once, not 25/.test(line)));
  assert.deepEqual(
    router.exchanges.filter(({ status }) => status === 200).map(({ attempts }) => attempts.length),
    [1, 1],
  );
});

test('more than 300 000 tokens are sent in several requests', async (t) => {
  const { openai, server } = await set(t, 'openai-chat', { words: 300_000 });
  const input = Array.from({ length: 40 }, (_, index) => `${index}${' word'.repeat(10_000)}`);
  const { data } = await openai.embeddings.create({ model: 'vectors', input });
  assert.deepEqual(
    numbers(data),
    input.map((text) => vectorOf(text)),
  );
  assert.equal(server.requests.length, 2);
});

test('token ids go past the providers that read texts only', async (t) => {
  const server = await startVectorServer(t);
  const router = await startTestRouter(t, {
    config: `providers:
  google: { dialect: gemini, base_url: "${server.url}/v1beta", keys: [secret:k], models: [embed] }
  p: { dialect: openai-chat, base_url: "${server.url}/v1", keys: [secret:k], models: [embed] }
groups: { vectors: { targets: [google/embed, p/embed] } }
`,
    secrets: { k: 'key' },
  });
  const { openai } = clients(router.url, router.token);
  const { data } = await openai.embeddings.create({ model: 'vectors', input: [1, 2, 3] });
  assert.deepEqual(numbers(data), [vectorOf('1,2,3')]);
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/v1/embeddings'],
  );
  assert.ok(
    router.log.some((line) =>
      /google\/embed passed over, because it speaks gemini: Gemini embeds/.test(line),
    ),
  );
  await openai.embeddings.create({ model: 'vectors', input: 'one' });
  assert.match(server.requests[1]?.path ?? '', /:embedContent$/, 'texts still go to the first');
});

test('token ids pass to providers of OpenAI’s kind, alone and in lists', async (t) => {
  const { openai } = await set(t, 'openai-chat');
  const one = await openai.embeddings.create({ model: 'vectors', input: [1, 2, 3] });
  assert.deepEqual(numbers(one.data), [vectorOf('1,2,3')]);
  const two = await openai.embeddings.create({ model: 'vectors', input: [[1, 2], [3]] });
  assert.deepEqual(numbers(two.data), [vectorOf('1,2'), vectorOf('3')]);
});

test('OpenAI’s SDK and Gemini: batches of 100, the size asked for, length 1', async (t) => {
  const { openai, server } = await set(t, 'gemini');
  const input = Array.from({ length: 250 }, (_, index) => `text ${index}`);
  const whole = await openai.embeddings.create({ model: 'vectors', input });
  assert.deepEqual(
    numbers(whole.data),
    input.map((text) => vectorOf(text)),
  );
  assert.ok(whole.usage.prompt_tokens > 250, 'Gemini tells no usage; it is estimated');
  assert.equal(server.requests.length, 3);
  assert.equal(server.requests[0]?.path, '/v1beta/models/text-embed:batchEmbedContents');
  assert.equal(server.requests[0]?.headers['x-goog-api-key'], 'key-of-p');
  const cut = await openai.embeddings.create({ model: 'vectors', input: 'one', dimensions: 3 });
  const [vector = []] = numbers(cut.data);
  assert.equal(server.requests[3]?.path, '/v1beta/models/text-embed:embedContent');
  assert.ok(Math.abs(lengthOf(vector) - 1) < 1e-6, 'cut vectors are mended');
  assert.ok(lengthOf(vectorOf('one', 3)) < 0.99, 'and they had to be');
  await assert.rejects(
    openai.embeddings.create({ model: 'vectors', input: [1, 2, 3] }),
    /400 Gemini embeds texts/,
  );
});

test('Google’s SDK and Gemini: everything that it says goes up', async (t) => {
  const { google, server, router } = await set(t, 'gemini');
  const contents = ['one', 'two'];
  const config = { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 4 };
  const { embeddings } = await google.models.embedContent({ model: 'vectors', contents, config });
  assert.deepEqual(
    embeddings?.map(({ values }) => values),
    [vectorOf('one', 4), vectorOf('two', 4)],
  );
  const requests = server.requests[0]?.body.requests as Record<string, unknown>[];
  assert.deepEqual(
    requests.map(({ model, taskType }) => [model, taskType]),
    [
      ['models/text-embed', 'RETRIEVAL_QUERY'],
      ['models/text-embed', 'RETRIEVAL_QUERY'],
    ],
  );
  const single = await router.fetch('/v1beta/models/p%2Ftext-embed:embedContent', {
    content: { parts: [{ text: 'one' }] },
  });
  const { embedding } = (await single.json()) as { embedding: { values: number[] } };
  assert.deepEqual(embedding.values, vectorOf('one'));
});

test('Google’s SDK and a provider of OpenAI’s kind: what is lost is told in the log', async (t) => {
  const { google, server, router } = await set(t, 'openai-chat');
  const config = { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 4 };
  const { embeddings } = await google.models.embedContent({
    model: 'vectors',
    contents: ['one', 'two'],
    config,
  });
  assert.deepEqual(
    embeddings?.map(({ values }) => values),
    [vectorOf('one', 4), vectorOf('two', 4)],
  );
  assert.deepEqual(server.requests[0]?.body, { input: ['one', 'two'], dimensions: 4, model: 'text-embed' });
  assert.ok(router.log.some((line) => /p\/text-embed: taskType lost/.test(line)));
  const image = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
  const refused = await router.fetch('/v1/models/vectors:embedContent', { content: { parts: [image] } });
  assert.equal(refused.status, 400);
  assert.match(await refused.text(), /"code":400.*reads texts only/);
});

test('names: bare, by alias, unknown, and where nobody embeds', async (t) => {
  const server = await startVectorServer(t);
  const router = await startTestRouter(t, {
    config: `providers:
  chat: { dialect: anthropic, base_url: "${server.url}", keys: [secret:k], models: [claude] }
  p: { dialect: openai-chat, base_url: "${server.url}/v1", keys: [secret:k], models: [big-chat, bge-m3] }
groups: { vectors: { targets: [p/bge-m3], aliases: ["text-embedding-*"] } }
routes: { default: chat/claude }
`,
    secrets: { k: 'key' },
  });
  const { openai, google } = clients(router.url, router.token);
  for (const model of [
    'bge-m3',
    'p/bge-m3',
    'text-embedding-3-small',
    'vectors',
    'claude-switchyard/vectors',
  ])
    assert.equal((await openai.embeddings.create({ model, input: 'one' })).model, model);
  assert.equal(server.requests.length, 5);
  await assert.rejects(openai.embeddings.create({ model: 'nope', input: 'one' }), (error: unknown) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, 'model_not_found');
    assert.match(error.message, /no model "nope" for embeddings here. Name one of these: p\/bge-m3 \(/);
    return true;
  });
  await assert.rejects(
    openai.embeddings.create({ model: 'chat/claude', input: 'one' }),
    /400 "chat\/claude" leads to chat \(anthropic\), which has no embeddings: a provider's `dialect` must be openai-chat/,
  );
  await assert.rejects(openai.embeddings.create({ model: 'vectors', input: [] }), /400 Invalid 'input'/);
  await assert.rejects(google.models.embedContent({ model: 'nope', contents: 'one' }), /"code":404/);
  assert.equal(server.requests.length, 5, 'nothing of that went up');
});

test('another deployment of the same model takes over, never another model', async (t) => {
  const dead = await startVectorServer(t, { status: 500 });
  const short = await startVectorServer(t, { short: true });
  const good = await startVectorServer(t);
  const router = await startTestRouter(t, {
    config: `providers:
  dead: { dialect: openai-chat, base_url: "${dead.url}/v1", keys: [secret:k], models: [bge-m3] }
  other: { dialect: openai-chat, base_url: "${good.url}/v1", keys: [secret:k], models: [e5-large] }
  short: { dialect: openai-chat, base_url: "${short.url}/v1", keys: [secret:k], models: [BAAI/bge-m3] }
  good: { dialect: openai-chat, base_url: "${good.url}/v1", keys: [secret:k], models: ["bge-m3:latest"] }
groups: { vectors: { targets: [dead/bge-m3, other/e5-large, short/BAAI/bge-m3, "good/bge-m3:latest"] } }
`,
    secrets: { k: 'key' },
  });
  const { openai } = clients(router.url, router.token);
  const { data, response } = await openai.embeddings
    .create({ model: 'vectors', input: ['one', 'two'] })
    .withResponse();
  assert.deepEqual(numbers(data.data), [vectorOf('one'), vectorOf('two')]);
  assert.equal(response.headers.get('x-switchyard-provider'), 'good');
  assert.equal(response.headers.get('x-switchyard-attempts'), '3');
  assert.deepEqual(
    good.requests.map(({ body }) => body.model),
    ['bge-m3:latest'],
  );
});

test('a provider without the endpoint stays well for conversations', async (t) => {
  const server = await startVectorServer(t, { models: [] });
  const router = await startTestRouter(t, {
    config: `providers:
  p: { dialect: openai-chat, base_url: "${server.url}/v1", keys: [secret:k], models: [m] }
`,
    secrets: { k: 'key' },
  });
  const { openai } = clients(router.url, router.token);
  await assert.rejects(openai.embeddings.create({ model: 'p/m', input: 'one' }), OpenAI.NotFoundError);
  const { providers } = await router.snapshot(({ exchanges }) => exchanges[0]?.status === 404);
  assert.equal(providers[0]?.models[0]?.health.state, 'ok');
});
