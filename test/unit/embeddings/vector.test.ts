import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchesOf, inParallel } from '../../../src/core/embeddings/batches.ts';
import { decodeOpenAiBatch } from '../../../src/core/embeddings/openai-upstream.ts';
import { base64Of, numbersOf, unitVector } from '../../../src/core/embeddings/vector.ts';
import { isUpstreamFailure } from '../../../src/core/failure.ts';

const badStream = (error: unknown) => isUpstreamFailure(error) && error.failure.kind === 'bad-stream';

test('base64 is little endian 32-bit floats, both ways, at any length', () => {
  assert.equal(base64Of([1, -2]), Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]).toString('base64'));
  const long = Array.from({ length: 20_001 }, (_, index) => Math.fround(Math.sin(index)));
  assert.deepEqual(numbersOf(base64Of(long)), long);
  assert.equal(base64Of('AACAPw=='), 'AACAPw==', 'base64 stays as it is');
});

test('what is no base64 of floats is no embedding', () => {
  for (const text of ['AAA=', '****', 'AAAAAAA=']) assert.throws(() => numbersOf(text), badStream, text);
});

test('a vector of length 1, and one of zeros, stays the same object', () => {
  const unit = [0.6, 0.8];
  assert.equal(unitVector(unit), unit);
  const zeros = [0, 0];
  assert.equal(unitVector(zeros), zeros);
  assert.deepEqual(unitVector([3, 4]), [0.6, 0.8]);
});

test('answers that leave a vector out, name one twice or put it nowhere are none', () => {
  const item = (index: unknown, embedding: unknown = [1]) => ({ index, embedding });
  const cases: unknown[] = [
    [item(0)],
    [item(0), item(0)],
    [item(0), item(2)],
    [item(1), item(0.5)],
    [item(0), item(-1)],
    [item(0), item(1, [])],
    [item(0), item(1, '')],
    [item(0), item(1_000_000_000)],
  ];
  for (const data of cases)
    assert.throws(() => decodeOpenAiBatch({ data }, 2), badStream, JSON.stringify(data));
  const data = [item(undefined, [1]), item(undefined, [2])];
  assert.deepEqual(decodeOpenAiBatch({ data }, 2), { vectors: [[1], [2]], ordered: false });
  assert.throws(
    () => decodeOpenAiBatch({ error: { message: 'slow down', type: 'rate_limit_error' } }, 1),
    (error: unknown) => isUpstreamFailure(error) && error.failure.kind === 'rate-limit',
  );
});

test('batches keep the order, run side by side, and end with the first failure', async () => {
  const inputs = ['one', 'two words', 'three', [1, 2, 3], 'five'].map((value) => ({ value }));
  const values = (limits: { inputs: number; tokens: number }, bytes = 1000) =>
    batchesOf(inputs, limits, bytes).map((batch) => batch.map(({ value }) => value));
  const [one, two, three, ids, five] = inputs.map(({ value }) => value);
  assert.deepEqual(values({ inputs: 2, tokens: 9000 }), [[one, two], [three, ids], [five]]);
  assert.deepEqual(values({ inputs: 9, tokens: 3 }), [[one, two], [three], [ids], [five]]);
  // One that is too much alone goes up all the same: the provider says what it thinks of it.
  assert.deepEqual(values({ inputs: 9, tokens: 2 }), [[one], [two], [three], [ids], [five]]);
  assert.equal(batchesOf(inputs, { inputs: 9, tokens: 3 }, 3)[0], inputs, 'so few bytes need no counting');
  const started: number[] = [];
  const doors = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const all = inParallel([0, 1, 2], 2, async (index) => {
    started.push(index);
    await doors[index]?.promise;
    return index * 10;
  });
  assert.deepEqual(started, [0, 1]);
  doors[1]?.resolve();
  doors[2]?.resolve();
  doors[0]?.resolve();
  assert.deepEqual(await all, [0, 10, 20]);
  const tried: number[] = [];
  const failing = inParallel([0, 1, 2, 3], 1, async (index) => {
    tried.push(index);
    if (index === 1) throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  assert.deepEqual(tried, [0, 1]);
});
