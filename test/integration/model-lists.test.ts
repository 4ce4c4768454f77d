// The list of models as real clients read it, and the other ways to ask: Azure's paths, LiteLLM's list, WebSockets.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { AzureOpenAI } from 'openai';
import { exchangeBytes, startTestRouter } from '../tools/router-harness.ts';
import { startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { startVectorServer, vectorOf } from '../tools/vector-server.ts';

const config = `providers:
  a: { dialect: anthropic, base_url: "http://127.0.0.1:1", keys: [secret:k], models: [{ id: claude-x, context: 200000, max_output: 64000 }] }
  o: { dialect: openai-chat, base_url: "http://127.0.0.1:1/v1", keys: [secret:k], models: [{ id: org/model-y, context: 128000, vision: false, pdf: false }, bge-m3] }
groups: { main: { targets: [a/claude-x, o/org/model-y], aliases: [fast, "gpt-*"] } }
routes: { default: main }
`;
const names = [
  'claude-switchyard/auto',
  'claude-switchyard/main',
  'main',
  'fast',
  'a/claude-x',
  'o/org/model-y',
  'o/bge-m3',
];

function start(t: TestContext) {
  return startTestRouter(t, { config, secrets: { k: 'a-secret-key' } });
}

test('Anthropic’s SDK pages through the list, forwards and backwards', async (t) => {
  const router = await start(t);
  const client = new Anthropic({ baseURL: router.url, apiKey: router.token, maxRetries: 0 });
  const found: string[] = [];
  for await (const model of client.models.list({ limit: 3 })) found.push(model.id);
  assert.deepEqual(found, names);
  const first = await client.models.list({ limit: 3 });
  assert.deepEqual([first.data.length, first.has_more, first.last_id], [3, true, 'main']);
  const back = await client.models.list({ limit: 2, before_id: 'a/claude-x' });
  assert.deepEqual(
    back.data.map(({ id }) => id),
    ['main', 'fast'],
  );
  assert.equal(back.has_more, true);
  const one = await client.models.retrieve('a/claude-x');
  assert.deepEqual([one.max_input_tokens, one.max_tokens], [200_000, 64_000]);
  await assert.rejects(client.models.list({ after_id: 'nobody' }), /400.*after_id/);
  await assert.rejects(client.models.list({ limit: 0 }), /400.*limit/);
  await assert.rejects(client.models.retrieve('nobody'), Anthropic.NotFoundError);
});

test('OpenAI’s SDK and Claude Code’s discovery get all of it at once', async (t) => {
  const router = await start(t);
  const client = new OpenAI({ baseURL: `${router.url}/v1`, apiKey: router.token, maxRetries: 0 });
  const found: string[] = [];
  for await (const model of client.models.list()) found.push(model.id);
  assert.deepEqual(found, names);
  assert.equal((await client.models.retrieve('o/org/model-y')).id, 'o/org/model-y');
  const plain = await router.fetch('/v1/models/o/org/model-y');
  assert.equal(((await plain.json()) as { id: string }).id, 'o/org/model-y');
  const discovery = await router.fetch('/v1/models?limit=1000');
  assert.ok(discovery.headers.has('x-switchyard-overhead-ms'));
  const { data, has_more } = (await discovery.json()) as {
    data: { id: string; supported_endpoint_types: string[] }[];
    has_more: boolean;
  };
  assert.deepEqual([data.length, has_more], [names.length, false]);
  const types = (id: string) => data.find((each) => each.id === id)?.supported_endpoint_types;
  assert.equal(types('a/claude-x')?.[0], 'anthropic');
  assert.equal(types('o/org/model-y')?.[0], 'openai');
  assert.deepEqual(types('o/bge-m3'), ['embeddings']);
});

test('Google’s SDK lists, pages and gets models in its own shape', async (t) => {
  const router = await start(t);
  const client = new GoogleGenAI({ apiKey: router.token, httpOptions: { baseUrl: router.url } });
  const found: (string | undefined)[] = [];
  for await (const model of await client.models.list({ config: { pageSize: 2 } })) found.push(model.name);
  assert.deepEqual(
    found,
    names.map((name) => `models/${name}`),
  );
  const group = await client.models.get({ model: 'main' });
  assert.deepEqual(
    [group.name, group.inputTokenLimit, group.outputTokenLimit, group.supportedActions?.[0]],
    ['models/main', 128_000, 64_000, 'generateContent'],
  );
  assert.equal((await client.models.get({ model: 'o/org/model-y' })).name, 'models/o/org/model-y');
  assert.ok((await client.models.get({ model: 'o/bge-m3' })).supportedActions?.includes('embedContent'));
  await assert.rejects(client.models.get({ model: 'nobody' }), /"code":404/);
  const byKey = await fetch(`${router.url}/v1/models?key=${router.token}`);
  assert.ok('models' in ((await byKey.json()) as object));
  const byPath = await router.fetch('/v1beta/models?pageToken=nonsense');
  assert.deepEqual(
    [byPath.status, ((await byPath.json()) as { error: { status: string } }).error.status],
    [400, 'INVALID_ARGUMENT'],
  );
  const refused = await fetch(`${router.url}/v1/models`, { headers: { 'x-goog-api-key': 'wrong' } });
  assert.equal(((await refused.json()) as { error: { code: number } }).error.code, 401);
});

test('LiteLLM’s list, as Cline asks for it, holds limits and no secrets', async (t) => {
  const router = await start(t);
  const response = await fetch(`${router.url}/v1/model/info`, {
    headers: { accept: 'application/json', 'x-litellm-api-key': router.token },
  });
  const body = await response.text();
  const { data } = JSON.parse(body) as {
    data: { model_name: string; litellm_params: object; model_info: Record<string, unknown> }[];
  };
  assert.deepEqual(
    data.map(({ model_name }) => model_name),
    names,
  );
  const of = (name: string) => data.find(({ model_name }) => model_name === name);
  assert.deepEqual(of('a/claude-x'), {
    model_name: 'a/claude-x',
    litellm_params: { model: 'a/claude-x' },
    model_info: {
      id: 'a/claude-x',
      mode: 'chat',
      max_tokens: 64_000,
      max_input_tokens: 200_000,
      max_output_tokens: 64_000,
      supports_vision: true,
      supports_pdf_input: true,
      supports_prompt_caching: true,
      supports_function_calling: true,
    },
  });
  const other = of('o/org/model-y')?.model_info;
  assert.deepEqual([other?.supports_vision, other?.supports_prompt_caching], [false, false]);
  assert.equal(of('o/bge-m3')?.model_info.mode, 'embedding');
  assert.doesNotMatch(body, /a-secret-key|127\.0\.0\.1/);
});

test('Azure’s client: the model stands in the path', async (t) => {
  const upstream = await startScriptedUpstream({ dialect: 'openai-chat', models: ['m'] });
  t.after(() => upstream.close());
  const vectors = await startVectorServer(t);
  const router = await startTestRouter(t, {
    config: `providers:
  p: { dialect: openai-chat, base_url: "${upstream.url}/v1", keys: [secret:k], models: [m] }
  v: { dialect: openai-chat, base_url: "${vectors.url}/v1", keys: [secret:k], models: [bge-m3] }
groups: { gpt-4o: { targets: [p/m] } }
`,
    secrets: { k: 'key' },
  });
  const azure = (deployment: string) =>
    new AzureOpenAI({
      endpoint: router.url,
      apiKey: router.token,
      apiVersion: '2024-10-21',
      deployment,
      maxRetries: 0,
    });
  upstream.answer(text('hello'), text('raw'));
  const answer = await azure('gpt-4o').chat.completions.create({
    model: 'ignored',
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.deepEqual([answer.choices[0]?.message.content, answer.model], ['hello', 'gpt-4o']);
  // Without a model in the body, and with a slash in the path.
  const raw = await router.fetch('/openai/deployments/p%2Fm/chat/completions?api-version=2024-10-21', {
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.equal(raw.status, 200);
  await raw.text();
  assert.deepEqual(
    upstream.messages.map(({ model }) => model),
    ['m', 'm'],
  );
  const embedded = await azure('bge-m3').embeddings.create({ model: 'bge-m3', input: 'one' });
  assert.deepEqual(Array.from(embedded.data[0]?.embedding ?? []), vectorOf('one'));
  assert.deepEqual(upstream.refusals, []);
});

test('count_tokens tells its route', async (t) => {
  const router = await start(t);
  const response = await router.fetch('/v1/messages/count_tokens', {
    model: 'o/org/model-y',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  assert.equal(response.status, 200);
  await response.text();
  const told = (name: string) => response.headers.get(`x-switchyard-${name}`);
  assert.deepEqual([told('route'), told('group')], ['explicit', 'o/org/model-y']);
  assert.match(told('reason') ?? '', /asked for o\/org\/model-y/);
  assert.ok(Number(told('overhead-ms')) >= 0);
  assert.equal(told('provider'), null, 'nobody was asked');
});

const sockets: [path: string, shape: RegExp][] = [
  ['/v1/responses', /\{"error":\{"message":"Switchyard speaks no WebSocket/],
  ['/v1/messages', /\{"type":"error"/],
  ['/v1beta/models/m:streamGenerateContent', /"code":426/],
  ['/nowhere', /WebSocket/],
  ['/_switchyard/events', /WebSocket/],
];

for (const [path, shape] of sockets)
  test(`a WebSocket on ${path} is told 426 in words, and its connection ends`, async (t) => {
    const router = await start(t);
    const upgrade = [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${router.token}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    // Resolves when the router closes.
    const answer = await exchangeBytes(router.port, `${upgrade.join('\r\n')}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 426 /);
    assert.match(answer, /\r\nupgrade: HTTP\/1\.1\r\n/i);
    assert.match(answer, shape);
  });
