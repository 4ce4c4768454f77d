// Noise from clients and upstreams: only the errors that the gateway knows come out, and streams always end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageToEvents } from '../../../../../src/core/dialects/accumulate.ts';
import type { AskedBy } from '../../../../../src/core/dialects/dialect.ts';
import type { HubEvent } from '../../../../../src/core/dialects/hub.ts';
import { openAiChatClient } from '../../../../../src/core/dialects/openai-chat/client/client.ts';
import { checkGrammar } from '../../../../tools/anthropic-grammar.ts';
import { seeded } from '../../../../tools/seeded.ts';
import { target } from '../../claude-code-request.ts';
import { decodeContext, decodeEvents, dialect, split } from '../../decode.ts';
import { garbageOf, onlyKnownErrors } from '../../garbage.ts';

const words =
  `type role content text name id function arguments tool_calls function_call tool_call_id custom input index refusal
  reasoning reasoning_content reasoning_details reasoning.text reasoning.encrypted signature data format summary
  image_url url file file_data filename file_id input_audio cache_control ephemeral ttl thinking tool_use input_json_delta
  user assistant system developer tool text_delta thinking_delta signature_delta citations_delta citation
  web_search_tool_result web_search_result title redacted_thinking server_tool_use partial_json
  model messages tools tool_choice functions parameters response_format json_schema json_object schema stop n
  stream stream_options max_tokens temperature reasoning_effort metadata allowed_tools mode web_search_options
  user_location data:image/png;base64,AA {"a":1} __proto__ anthropic-claude-v1`.split(/\s+/);

const { randomValue, disturb } = garbageOf(words);

const request = {
  model: 'm',
  stream: true,
  stream_options: { include_usage: true },
  reasoning_effort: 'high',
  messages: [
    { role: 'system', content: 'Be.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'x' },
        { type: 'image_url', image_url: { url: 'https://a' } },
      ],
    },
    {
      role: 'assistant',
      content: 'y',
      reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: 's', index: 0 }],
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: 'z' },
    { role: 'assistant', content: null, function_call: { name: 'g', arguments: '' } },
    { role: 'function', name: 'g', content: null },
  ],
  tools: [
    { type: 'function', function: { name: 'f', parameters: { type: 'object' } } },
    { type: 'custom', custom: { name: 'p', format: { type: 'text' } } },
  ],
  functions: [{ name: 'g', parameters: {} }],
  tool_choice: {
    type: 'allowed_tools',
    allowed_tools: { mode: 'auto', tools: [{ function: { name: 'f' } }] },
  },
  response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
  web_search_options: { user_location: { approximate: { country: 'DE' } } },
};

test('requests: random and disturbed ones are refused by name or converted', () => {
  const pick = seeded(31);
  let accepted = 0;
  for (let round = 0; round < 4000; round++) {
    const body = (
      round % 4 === 0 ? { model: 'm', messages: randomValue(pick) } : disturb(request, pick)
    ) as Record<string, unknown>;
    if (typeof body !== 'object' || body === null) continue;
    const done = onlyKnownErrors(() => {
      const hub = openAiChatClient.decodeRequest(body);
      for (const id of ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)
        JSON.stringify(
          dialect(id).encodeRequest(hub, target({ reasoningHistory: 'reasoning_details' })).body,
        );
    }, body);
    if (done) accepted++;
  }
  assert.ok(accepted > 800 && accepted < 3800, `${accepted} of 4000 were requests`);
});

function askedBy(pick: (below: number) => number): AskedBy {
  return { body: (pick(2) ? disturb(request, pick) : {}) as Record<string, unknown>, at: pick(1e9) };
}

test('answers: any message and any events are told, and read again', () => {
  const pick = seeded(32);
  const content = [
    { type: 'thinking', thinking: 'Hm.', signature: 's' },
    { type: 'text', text: 'x', citations: [{ url: 'https://a', title: 'A' }] },
    { type: 'web_search_tool_result', tool_use_id: 's', content: [{ url: 'https://a', title: 'A' }] },
    { type: 'tool_use', id: 'a', name: 'p', input: { input: 'x' } },
  ];
  for (let round = 0; round < 2000; round++) {
    const told = disturb(content, pick);
    const blocks = (Array.isArray(told) ? told : []).filter(
      (block) => typeof block === 'object' && block !== null && !Array.isArray(block),
    );
    const message = {
      id: 'msg_1',
      model: 'm',
      content: blocks,
      stop_reason: randomValue(pick, 3),
      usage: randomValue(pick, 2),
    };
    onlyKnownErrors(() => {
      const asked = askedBy(pick);
      if (typeof asked.body !== 'object' || asked.body === null) return;
      const hub = message as unknown as Parameters<typeof openAiChatClient.encodeResponse>[0];
      JSON.stringify(openAiChatClient.encodeResponse(hub, { ...asked }));
      const encoder = openAiChatClient.createStreamEncoder(asked);
      const wire = messageToEvents(hub)
        .map((event) => encoder.push(event))
        .join('');
      assert.ok(wire.endsWith('data: [DONE]\n\n'));
    }, message);
  }
});

test('whatever an upstream says, our own upstream side reads what we make of it', () => {
  const pick = seeded(33);
  let complete = 0;
  for (let round = 0; round < 1500; round++) {
    const chunks = Array.from({ length: 1 + pick(6) }, () => ({
      choices: [{ index: 0, delta: randomValue(pick, 1), finish_reason: pick(3) ? null : 'stop' }],
    }));
    const data = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map(
      (text) => `data: ${text}\n\n`,
    );
    const events = decodeEvents(
      'openai-chat',
      split([new TextEncoder().encode(data.join(''))]),
      decodeContext({ webSearchTool: 'x' }),
    );
    const again = relay(events);
    checkGrammar(again, { converted: true });
    assert.equal(again.at(-1)?.type, events.at(-1)?.type);
    if (again.at(-1)?.type === 'message_stop') complete++;
  }
  assert.ok(complete > 300, `${complete} of 1500 were complete`);
});

function relay(events: readonly HubEvent[]): HubEvent[] {
  const encoder = openAiChatClient.createStreamEncoder();
  const wire = events.map((event) => encoder.push(event)).join('');
  return decodeEvents('openai-chat', split([new TextEncoder().encode(wire)]));
}
