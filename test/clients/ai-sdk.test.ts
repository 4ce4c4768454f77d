// The AI SDK with four of its providers, as opencode, Cherry Studio and many apps use it, through the router to upstreams of
// all dialects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectIds } from '../../src/core/dialects/dialect.ts';
import { failure, type RecordedRequest, text, toolCalls } from '../tools/scripted-upstream.ts';
import { startVectorServer, vectorOf } from '../tools/vector-server.ts';
import { loadAiSdk } from './ai-sdk.ts';
import { startApiBench } from './bench.ts';
import { startRouter } from './router.ts';
import { seen } from './seen.ts';

const schema = {
  type: 'object',
  properties: { taste: { type: 'string' } },
  required: ['taste'],
  additionalProperties: false,
};

/** Where a provider has no form for JSON, the SDK offers a tool of this name. */
const asTool = (request: RecordedRequest) => seen(request).tools.includes('json');

for (const dialect of dialectIds)
  test(`AI SDK over ${dialect}: texts, streams, tools and objects`, async (t) => {
    const sdk = await loadAiSdk();
    await using bench = await startApiBench({ dialect });
    const { upstream, router } = bench;
    const asked: unknown[] = [];
    const lookUp = sdk.tool({
      description: 'Looks a word up',
      inputSchema: sdk.jsonSchema({
        type: 'object',
        properties: { word: { type: 'string' } },
        required: ['word'],
      }),
      execute(input) {
        asked.push(input);
        return { meaning: 'what a switchyard has' };
      },
    });
    for (const [name, model] of Object.entries(sdk.models(router)))
      await t.test(name, async () => {
        upstream.clear();
        const usage = { input: 50, output: 20, cacheRead: 30 };
        upstream.answer(
          { parts: [{ text: 'Whole answer.' }], usage },
          { parts: [{ text: 'Streamed.' }], usage },
        );
        const whole = await sdk.generateText({ model, system: 'Be brief.', prompt: 'Hi', maxRetries: 0 });
        assert.deepEqual([whole.text, whole.finishReason], ['Whole answer.', 'stop']);
        assert.deepEqual([whole.usage.inputTokens, whole.usage.outputTokens], [50, 20]);
        assert.match(seen(await upstream.message(1)).system, /Be brief\./);
        const stream = sdk.streamText({ model, prompt: 'Hi', maxRetries: 0 });
        let streamed = '';
        for await (const piece of stream.textStream) streamed += piece;
        assert.equal(streamed, 'Streamed.');
        assert.equal((await stream.usage).outputTokens, 20);

        upstream.clear();
        const think = { thinking: 'I should look.', signature: Buffer.from('sig').toString('base64') };
        const call = (word: string) => ({ tool: 'look_up', input: { word } });
        upstream.answer({ parts: [think, call('points'), call('ladder')] }, toolCalls(call('yard')), {
          parts: [{ text: 'All known.' }],
        });
        const loop = await sdk.streamText({
          model,
          prompt: 'Look up.',
          tools: { look_up: lookUp },
          stopWhen: sdk.isStepCount(5),
          maxRetries: 0,
          providerOptions: { openai: { store: false, include: ['reasoning.encrypted_content'] } },
        });
        assert.equal(await loop.text, 'All known.');
        const words = [{ word: 'points' }, { word: 'ladder' }, { word: 'yard' }];
        assert.deepEqual(asked.splice(0), words);
        const last = seen(await upstream.message(3));
        assert.deepEqual(
          last.calls.map(({ input }) => input),
          words,
        );
        assert.equal([...last.results.values()].filter((result) => result.includes('switchyard')).length, 3);

        upstream.clear();
        upstream.answer((request) =>
          asTool(request)
            ? toolCalls({ tool: 'json', input: { taste: 'sweet' } })
            : text('{"taste":"sweet"}'),
        );
        const output = sdk.Output.object({ schema: sdk.jsonSchema(schema) });
        const object = await sdk.generateText({ model, prompt: 'Taste?', output, maxRetries: 0 });
        assert.deepEqual(object.output, { taste: 'sweet' });
        assert.match((await upstream.message(1)).text, /"taste"/);

        upstream.clear();
        upstream.answer(failure(400, { message: 'Not like this.' }));
        await assert.rejects(sdk.generateText({ model, prompt: 'Hi', maxRetries: 0 }), /Not like this\./);
        assert.deepEqual(upstream.refusals, []);
      });
  });

test('AI SDK: embeddings of providers of both kinds', async (t) => {
  const sdk = await loadAiSdk();
  const server = await startVectorServer(t);
  const keys = ['env:VECTOR_KEY'];
  const models = ['text-embed'];
  const router = await startRouter(
    {
      providers: {
        o: { dialect: 'openai-chat', base_url: `${server.url}/v1`, keys, models },
        g: { dialect: 'gemini', base_url: `${server.url}/v1beta`, keys, models },
      },
    },
    { VECTOR_KEY: 'key-of-p' },
  );
  t.after(() => router.stop());
  for (const provider of ['o', 'g'])
    for (const [name, model] of Object.entries(sdk.embeddingModels(router, `${provider}/text-embed`)))
      await t.test(`${name} over ${provider}`, async () => {
        const { embeddings } = await sdk.embedMany({ model, values: ['one', 'two'], maxRetries: 0 });
        assert.deepEqual(embeddings.map(rounded), [vectorOf('one'), vectorOf('two')].map(rounded));
      });
});

/** Base64 carries 32 bits of a number. */
function rounded(vector: readonly number[]): number[] {
  return vector.map((value) => Math.fround(value));
}
