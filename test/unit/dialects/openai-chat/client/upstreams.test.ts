// What a chat client asks for, and what each kind of upstream gets of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAiChatClient } from '../../../../../src/core/dialects/openai-chat/client/client.ts';
import { target } from '../../claude-code-request.ts';
import { dialect } from '../../decode.ts';

type Json = Record<string, unknown>;

const user = (content: string) => ({ role: 'user', content });
const lookUp = {
  type: 'function',
  function: { name: 'look_up', parameters: { type: 'object', properties: {} } },
};

test('what only chat upstreams know reaches them, and no other', () => {
  const fields = {
    seed: 7,
    frequency_penalty: 0.5,
    presence_penalty: 0.25,
    logit_bias: { 5: -100 },
    verbosity: 'low',
    min_p: 0.1,
    response_format: { type: 'json_object' },
    temperature: 1.5,
    top_p: 0.5,
    stop: ['\n', 'END'],
  };
  const request = openAiChatClient.decodeRequest({ model: 'm', messages: [user('JSON please')], ...fields });
  const { min_p: _, ...known } = fields;
  const { model: __, messages, ...chat } = dialect('openai-chat').encodeRequest(request, target()).body;
  assert.deepEqual(chat, known);
  assert.match(JSON.stringify(messages), /one JSON object only/);
  const kept = dialect('openai-chat').encodeRequest(request, target({}, { dropParams: false })).body;
  assert.equal(kept.min_p, 0.1);
  const anthropic = dialect('anthropic').encodeRequest(request, target());
  assert.deepEqual(Object.keys(anthropic.body).sort(), [
    'max_tokens',
    'messages',
    'model',
    'stop_sequences',
    'system',
    'temperature',
  ]);
  assert.equal(anthropic.body.temperature, 1);
  assert.deepEqual(anthropic.body.stop_sequences, ['END']);
  assert.match(anthropic.notes.join('; '), /seed.*dropped.*top_p dropped/);
  const thinking = openAiChatClient.decodeRequest({
    model: 'm',
    messages: [user('x')],
    tools: [lookUp],
    tool_choice: 'required',
    reasoning_effort: 'high',
    temperature: 0,
  });
  const forced = dialect('anthropic').encodeRequest(thinking, target()).body;
  assert.deepEqual([forced.thinking, forced.temperature], [undefined, 0]);
  const free = dialect('anthropic').encodeRequest(
    { ...thinking, tool_choice: { type: 'auto' } },
    target(),
  ).body;
  assert.deepEqual([(free.thinking as Json | undefined)?.type, free.temperature], ['adaptive', undefined]);
});

test('an Anthropic upstream gets a limit, and a budget below it', () => {
  const encode = (fields: Json, profile: object) => {
    const hub = openAiChatClient.decodeRequest({ model: 'm', messages: [user('x')], ...fields });
    const { max_tokens, thinking } = dialect('anthropic').encodeRequest(hub, target({}, profile)).body;
    return [max_tokens, (thinking as Json | undefined)?.budget_tokens];
  };
  const budget = { reasoning: { max_tokens: 50_000 } };
  assert.deepEqual(encode({}, {}), [32_000, undefined]);
  assert.deepEqual(encode(budget, {}), [32_000, 31_999]);
  assert.deepEqual(encode(budget, { maxOutput: 64_000 }), [64_000, 50_000]);
  assert.deepEqual(encode(budget, { params: { max_tokens: 2000 } }), [2000, 1999]);
  assert.deepEqual(encode({ max_tokens: 9 }, { params: { max_tokens: 2000 } }), [9, undefined]);
});
