// Providers' own words about too many inputs, and words about other things.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldBatchLimit } from '../../../src/core/embeddings/told-limit.ts';
import { UpstreamFailure } from '../../../src/core/failure.ts';
import { badStream } from '../../../src/core/resilience/classify.ts';

const refused = (message: string, status = 400) =>
  new UpstreamFailure({ ...badStream(message), answered: { status, text: message } });

const told: readonly [words: string, sent: number, limit: number | undefined][] = [
  ['batch size is invalid, it should not be larger than 10.: input.contents', 25, 10],
  ['batch size 50 > maximum allowed batch size 32', 50, 32],
  ["Invalid 'input': array too long. Expected an array with maximum length 2048, but got 3000.", 3000, 2048],
  ['BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch', 250, 100],
  ['List should have at most 64 items after validation, not 100', 100, 64],
  ['Input batch size exceeds the limit: 96', 200, 96],
  ['Too many inputs, more than 16 inputs per request', 20, 16],
  // Other limits, or none that would help.
  ['Requested 400000 tokens, max 300000 tokens per request', 2048, undefined],
  ['Input is too long: maximum 512 tokens per text', 2048, undefined],
  ['batch size is invalid, it should not be larger than 10', 10, undefined],
  ['The model text-embedding-3-small does not exist', 25, undefined],
  ['Invalid input', 25, undefined],
];

for (const [words, sent, limit] of told)
  test(words, () => {
    assert.equal(toldBatchLimit(refused(words), sent), limit);
  });

test('only a refusal tells a limit', () => {
  const [[words, sent] = ['', 0]] = told;
  assert.equal(toldBatchLimit(refused(words, 429), sent), undefined);
  assert.equal(toldBatchLimit(new UpstreamFailure(badStream(words)), sent), undefined);
  assert.equal(toldBatchLimit(new Error(words), sent), undefined);
  assert.equal(toldBatchLimit(refused(words, 422), sent), 10);
});
