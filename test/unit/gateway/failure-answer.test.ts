import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptTooLong } from '../../../src/core/gateway/failure-answer.ts';

const wordings: [string, string][] = [
  [
    'prompt is too long: 210000 tokens > 200000 maximum',
    'prompt is too long: 210000 tokens > 200000 maximum',
  ],
  [
    "This model's maximum context length is 8192 tokens. However, you requested 8200 tokens (7200 in the messages, 1000 in the completion).",
    'prompt is too long: 8200 tokens > 8192 maximum (',
  ],
  [
    'The input token count (1234567) exceeds the maximum number of tokens allowed (1048576).',
    'prompt is too long: 1234567 tokens > 1048576 maximum (',
  ],
  [
    'Range of input length should be [1, 30720]',
    'prompt is too long: Range of input length should be [1, 30720]',
  ],
  ['context_length_exceeded', 'prompt is too long: context_length_exceeded'],
];

for (const [message, expected] of wordings)
  test(`too long in other words: ${message}`, () => assert.ok(promptTooLong(message).startsWith(expected)));
