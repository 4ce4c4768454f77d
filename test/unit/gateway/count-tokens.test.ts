// Every kind of client that can ask for a count, with every kind of upstream.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import { plainQuirks } from '../../../src/core/dialects/quirks.ts';
import type { UpstreamRequest } from '../../../src/core/gateway/transport.ts';
import { textTokens } from '../../../src/core/tokens/text-tokens.ts';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import { createHarness, jsonAnswer, startRequest } from '../../tools/gateway-harness.ts';
import { textOfPieces } from '../../tools/pieces.ts';

const text = 'How many tokens is this?';
const tool = { name: 'look_up', description: 'Looks it up.' };
const schema = { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] };

interface Asker {
  path: string;
  body: Record<string, unknown>;
  read(answer: Record<string, unknown>): unknown;
}
const askers: Record<string, Asker> = {
  anthropic: {
    path: '/v1/messages/count_tokens',
    body: {
      model: 'any',
      messages: [{ role: 'user', content: text }],
      tools: [{ ...tool, input_schema: schema }],
    },
    read: ({ input_tokens, ...rest }) => Object.keys(rest).length === 0 && input_tokens,
  },
  'openai-responses': {
    path: '/v1/responses/input_tokens',
    body: { model: 'any', input: text, tools: [{ type: 'function', ...tool, parameters: schema }] },
    read: ({ object, input_tokens }) => object === 'response.input_tokens' && input_tokens,
  },
  gemini: {
    path: '/v1beta/models/any:countTokens',
    body: {
      contents: [{ role: 'user', parts: [{ text }] }],
      tools: [{ functionDeclarations: [{ ...tool, parametersJsonSchema: schema }] }],
    },
    read: ({ totalTokens }) => totalTokens,
  },
};

interface Counter {
  path: string;
  answer: unknown;
  key: string;
  /** What the body must have at its top, and nothing else. */
  fields: string[];
}
const counters: Partial<Record<DialectId, Counter>> = {
  anthropic: {
    path: '/v1/messages/count_tokens',
    answer: { input_tokens: 4711 },
    key: 'x-api-key',
    fields: ['messages', 'model', 'tools'],
  },
  'openai-responses': {
    path: '/responses/input_tokens',
    answer: { object: 'response.input_tokens', input_tokens: 4711 },
    key: 'authorization',
    fields: ['input', 'model', 'tools'],
  },
  gemini: {
    path: '/models/m:countTokens',
    answer: { totalTokens: 4711 },
    key: 'x-goog-api-key',
    fields: ['generateContentRequest'],
  },
};

const configOf = (dialect: DialectId, more: Parameters<typeof provider>[2] = {}) =>
  routerConfig({ providers: [provider('p', ['m'], { dialect, ...more })], routes: { default: 'p/m' } });
const bodyOf = (request: UpstreamRequest | undefined) => JSON.parse(textOfPieces(request?.body));

for (const [client, asker] of Object.entries(askers)) {
  for (const [dialect, counter] of Object.entries(counters) as [DialectId, Counter][])
    test(`${client} client, ${dialect} upstream: the provider counts`, async () => {
      const { gateway, sent } = createHarness(configOf(dialect), () => jsonAnswer(200, counter.answer));
      const { recorded, done } = startRequest(gateway, asker.body, { path: asker.path });
      await done;
      assert.equal(asker.read(JSON.parse(recorded.body)), 4711);
      const [asked] = sent;
      assert.equal(asked?.url, `http://p.test${counter.path}`);
      assert.match(asked?.headers[counter.key] ?? '', /value-of-env:P$/);
      const body = bodyOf(asked);
      assert.deepEqual(Object.keys(body).sort(), counter.fields);
      assert.match(
        JSON.stringify(body),
        /How many tokens is this\?.*look_up|look_up.*How many tokens is this\?/,
      );
    });

  for (const dialect of ['anthropic', 'openai-responses', 'gemini', 'openai-chat'] as const)
    test(`${client} client, ${dialect} upstream that does not count: an estimate, and it is not asked again`, async () => {
      const { gateway, sent } = createHarness(configOf(dialect), () =>
        jsonAnswer(404, { error: 'no such path' }),
      );
      for (let round = 0; round < 2; round++) {
        const { recorded, done } = startRequest(gateway, asker.body, { path: asker.path });
        await done;
        assert.equal(recorded.status, 200);
        const tokens = Number(asker.read(JSON.parse(recorded.body)));
        assert.ok(tokens > 20 && tokens < 1_000, recorded.body);
      }
      assert.equal(sent.length, dialect === 'openai-chat' ? 0 : 1);
    });
}

test('Vertex is asked in its own way', async () => {
  const config = configOf('gemini', { quirks: { ...plainQuirks, tokenCount: 'contents' } });
  const { gateway, sent } = createHarness(config, () => jsonAnswer(200, { totalTokens: 9 }));
  const body = { ...askers.anthropic?.body, system: 'Be brief.' };
  await startRequest(gateway, body, { path: '/v1/messages/count_tokens' }).done;
  assert.deepEqual(Object.keys(bodyOf(sent[0])).sort(), ['contents', 'systemInstruction', 'tools']);
});

test('a provider that is known not to count is not asked', async () => {
  const config = configOf('anthropic', { quirks: { ...plainQuirks, tokenCount: 'none' } });
  const { gateway, sent } = createHarness(config, () => jsonAnswer(200, { input_tokens: 1 }));
  await startRequest(gateway, askers.anthropic?.body, { path: '/v1/messages/count_tokens' }).done;
  assert.equal(sent.length, 0);
});

test('zero, nonsense and passing errors give an estimate; only the former end the asking', async () => {
  for (const [status, answer, times] of [
    [200, { input_tokens: 0 }, 1],
    [200, { tokens: 5 }, 1],
    [429, { error: 'slow down' }, 2],
    [400, { error: 'bad' }, 2],
  ] as const) {
    const { gateway, sent } = createHarness(configOf('anthropic'), () => jsonAnswer(status, answer));
    for (let round = 0; round < 2; round++) {
      const { recorded, done } = startRequest(gateway, askers.anthropic?.body, {
        path: '/v1/messages/count_tokens',
      });
      await done;
      assert.ok(JSON.parse(recorded.body).input_tokens > 20);
    }
    assert.equal(sent.length, times, JSON.stringify(answer));
  }
});

test('a long request is counted in stretches between which others have their turn', async (t) => {
  const content = 'word '.repeat(60_000);
  const messages = Array.from({ length: 6 }, (_, index) => ({
    role: index % 2 ? 'assistant' : 'user',
    content,
  }));
  const { gateway, clock } = createHarness(configOf('openai-chat'), () => jsonAnswer(500, {}));
  const after = t.mock.method(clock, 'after');
  const { recorded } = startRequest(
    gateway,
    { model: 'any', messages },
    { path: '/v1/messages/count_tokens' },
  );
  assert.equal(recorded.ended, false);
  await clock.advance(0);
  assert.equal(after.mock.callCount(), messages.length);
  assert.ok(recorded.ended && JSON.parse(recorded.body).input_tokens >= 360_000);
});

test('a single text that is very long is sampled, and still not counted too low', async () => {
  const content = `${'const answer = compute(42);\n'.repeat(30_000)}${'0f3a9c1b7d2e4a6f8b1c2d3e '.repeat(10_000)}`;
  const { gateway, clock } = createHarness(configOf('openai-chat'), () => jsonAnswer(500, {}));
  const body = { model: 'any', messages: [{ role: 'user', content }] };
  const { recorded } = startRequest(gateway, body, { path: '/v1/messages/count_tokens' });
  await clock.advance(0);
  const { input_tokens: told } = JSON.parse(recorded.body);
  const read = textTokens(content);
  assert.ok(told > read && told < read * 1.5, `${told} told, ${read} read`);
});

test('a model that is not there does not keep others from being counted', async () => {
  const { gateway, sent } = createHarness(configOf('anthropic'), (request) =>
    bodyOf(request).model === 'typo' ? jsonAnswer(404, {}) : jsonAnswer(200, { input_tokens: 4711 }),
  );
  const count = async (model: string) => {
    const asked = startRequest(
      gateway,
      { model, messages: [{ role: 'user', content: text }] },
      { path: '/v1/messages/count_tokens' },
    );
    await asked.done;
    return JSON.parse(asked.recorded.body).input_tokens;
  };
  await count('p/typo');
  assert.equal(await count('p/m'), 4711);
  await count('p/typo');
  assert.equal(sent.length, 2, 'what can not be counted is not asked for again');
});
