import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../../../src/core/client-error.ts';
import { anthropicClient } from '../../../../src/core/dialects/anthropic/client.ts';
import { mainRequest, toolLoopRequest } from '../claude-code-request.ts';

const fine = { model: 'm', messages: [{ role: 'user', content: 'x' }] };

test("Claude Code's requests are understood as they are", () => {
  for (const request of [mainRequest(), toolLoopRequest()])
    assert.equal(anthropicClient.decodeRequest(request), request);
});

test('what is new passes', () => {
  const body = {
    ...fine,
    max_tokens: null,
    tools: [{ type: 'brand_new_20270101' }],
    new_field: 1,
    messages: [{ role: 'user', content: [{ type: 'new_block', anything: [] }] }],
  };
  assert.equal(anthropicClient.decodeRequest(body), body);
});

const mistakes: { body: Record<string, unknown>; message: string }[] = [
  { body: {}, message: 'model: Field required' },
  { body: { ...fine, model: 7 }, message: 'model: Input should be a valid string' },
  { body: { model: 'm' }, message: 'messages: Field required' },
  { body: { ...fine, messages: [] }, message: 'messages: at least one message is required' },
  { body: { ...fine, messages: ['x'] }, message: 'messages.0: Input should be an object' },
  {
    body: { ...fine, messages: [{ role: 'tool', content: '' }] },
    message: "messages.0.role: Input should be 'user', 'assistant' or 'system'",
  },
  { body: { ...fine, messages: [{ role: 'user' }] }, message: 'messages.0.content: Field required' },
  {
    body: { ...fine, messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    message: 'messages.0.content.0.text.text: Field required',
  },
  {
    body: { ...fine, messages: [{ role: 'user', content: [{ type: 'image' }] }] },
    message: 'messages.0.content.0.image.source: Field required',
  },
  {
    body: { ...fine, messages: [{ role: 'user', content: [{}] }] },
    message: 'messages.0.content.0.type: Field required',
  },
  {
    body: {
      ...fine,
      messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [1] }] }],
    },
    message: 'messages.0.content.0.tool_result.content.0: Input should be an object',
  },
  { body: { ...fine, system: 7 }, message: 'system: Input should be a valid string or list' },
  { body: { ...fine, tools: {} }, message: 'tools: Input should be a valid list' },
  { body: { ...fine, tools: [{ input_schema: {} }] }, message: 'tools.0.name: Field required' },
  { body: { ...fine, max_tokens: '7' }, message: 'max_tokens: Input should be a valid integer' },
  { body: { ...fine, stream: 1 }, message: 'stream: Input should be a valid boolean' },
  { body: { ...fine, stop_sequences: [1] }, message: 'stop_sequences: Input should be a list of strings' },
];

for (const { body, message } of mistakes)
  test(message, () =>
    assert.throws(
      () => anthropicClient.decodeRequest(body),
      (error) => error instanceof ClientError && error.status === 400 && error.message === message,
    ),
  );

test('events as they go over the wire; an error without our own fields', () => {
  const encoder = anthropicClient.createStreamEncoder();
  assert.equal(encoder.push({ type: 'ping' }), 'event: ping\ndata: {"type":"ping"}\n\n');
  assert.equal(
    encoder.push({ type: 'error', error: { type: 'api_error', message: 'no' }, status: 500 }),
    'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"no"}}\n\n',
  );
});
