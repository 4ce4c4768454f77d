// Every kind of failing upstream, with the official SDK (its own retries off) as the client that must not notice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type Answer, failure, text } from '../tools/scripted-upstream.ts';
import { dialects, startSdkBench } from './bench.ts';

const ask = { model: 'any', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Hi' }] };
const pair = {
  groups: { both: { targets: ['main/main-model', 'spare/spare-model'] } },
  routes: { default: 'both' },
};

/** Troubles that may be over when the same upstream is asked again. */
const passing: Record<string, Answer> = {
  '429 with retry-after': failure(429, { headers: { 'retry-after': '1' } }),
  '500': failure(500),
  '502 with HTML': { status: 502, body: '<html><h1>Bad gateway</h1></html>' },
  '503 without a body': { status: 503, body: '' },
  '529': failure(529, { message: 'Overloaded' }),
  'a reset before headers': { reset: true },
};
/** The same, in streams only. */
const passingInStreams: Record<string, Answer> = {
  'HTML with status 200': { status: 200, body: '<html>Please log in</html>' },
  'an empty stream': { parts: [{ bytes: '' }, { end: 'cut' }] },
  'a stream that is reset before content': { parts: [{ end: 'reset' }] },
  'an error before any content': { parts: [{ error: { type: 'overloaded_error', message: 'Overloaded' } }] },
  'thinking that never begins': { parts: [{ thinking: '' }, { end: 'reset' }] },
};
/** Troubles that only another key or provider cures. */
const lasting: Record<string, Answer> = {
  '401': failure(401, { message: 'bad key' }),
  '402': failure(402, { message: 'Insufficient Balance' }),
  '403': failure(403, { message: 'not allowed' }),
  '404 for the model': failure(404, { message: 'model: main-model' }),
  '429 without any reset': failure(429),
  '429 with a long retry-after': failure(429, { headers: { 'retry-after': '86400' } }),
  'a used up quota': failure(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }),
};

for (const dialect of dialects) {
  for (const stream of [true, false]) {
    const how = `${dialect}, ${stream ? 'streamed' : 'whole'}`;
    const one = stream ? { ...passing, ...passingInStreams } : passing;

    test(`${how}: one target is asked again`, async (t) => {
      await using bench = await startSdkBench({ dialect });
      for (const [name, answer] of Object.entries(one))
        await t.test(name, async () => {
          bench.upstream.clear();
          bench.upstream.answer(answer, text('Survived.'));
          assert.equal(await answerText(bench.client, stream), 'Survived.');
          assert.equal(bench.upstream.messages.length, 2);
        });
    });

    test(`${how}: another target answers`, async (t) => {
      await using bench = await startSdkBench({ dialect, config: pair });
      for (const [name, answer] of Object.entries({ ...one, ...lasting }))
        await t.test(name, async () => {
          await bench.router.forgive();
          bench.upstream.clear();
          bench.spare.clear();
          bench.upstream.answer(answer);
          bench.spare.answer(text('Spare here.'));
          assert.equal(await answerText(bench.client, stream), 'Spare here.');
          assert.deepEqual([bench.upstream.messages.length, bench.spare.messages.length], [1, 1]);
        });
    });
  }

  test(`${dialect}: a mistake of the client is not multiplied`, async () => {
    await using bench = await startSdkBench({ dialect, config: pair });
    bench.upstream.answer(failure(400, { message: 'no such thing' }));
    await assert.rejects(bench.client.messages.create(ask), Anthropic.BadRequestError);
    assert.deepEqual([bench.upstream.messages.length, bench.spare.messages.length], [1, 0]);
  });
}

test('many streams at once do not mix', async () => {
  await using bench = await startSdkBench({ dialect: 'openai-chat' });
  bench.upstream.otherwise = ({ text: body }) => text(`answer ${/question \d+/.exec(body)?.[0]} `.repeat(40));
  const numbers = Array.from({ length: 30 }, (_, index) => index);
  const answers = await Promise.all(
    numbers.map((number) =>
      bench.client.messages
        .stream({ ...ask, messages: [{ role: 'user', content: `question ${number}` }] })
        .finalText(),
    ),
  );
  assert.deepEqual(
    answers,
    numbers.map((number) => `answer question ${number} `.repeat(40)),
  );
  assert.deepEqual(bench.upstream.refusals, []);
});

async function answerText(client: Anthropic, stream: boolean): Promise<string> {
  if (stream) return client.messages.stream(ask).finalText();
  const [block] = (await client.messages.create(ask)).content;
  return block?.type === 'text' ? block.text : '';
}
