// What a provider signed comes back to it as it was, through the client and through our carrier.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { carrySignature, signatureOrigin } from '../../../src/core/dialects/signature-carrier.ts';
import { unwrapDetails, wrapDetails } from '../../../src/core/dialects/signature-forms.ts';
import type { JsonObject } from '../../../src/core/json/values.ts';
import { recordings, recordingsAbsent } from '../../tools/recordings.ts';
import { target } from './claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, sse } from './decode.ts';

test('an origin is read as it was written, for names of all sorts', () => {
  const providers = ['up', 'z.ai', 'a.b', 'a', '智谱', 'a%2Eb'];
  for (const provider of providers)
    for (const other of providers) {
      const origin = signatureOrigin(carrySignature(provider, 'x.y'), other);
      assert.deepEqual(origin, provider === other ? { kind: 'own', original: 'x.y' } : { kind: 'foreign' });
    }
  assert.deepEqual(signatureOrigin('', 'up'), { kind: 'none' });
  assert.deepEqual(signatureOrigin(undefined, 'up'), { kind: 'none' });
  assert.deepEqual(signatureOrigin('EqQB', 'up'), { kind: 'unknown' });
});

const detailCases: { name: string; details: JsonObject[]; thinking: string }[] = [
  {
    name: 'summary and encrypted part',
    details: [
      { type: 'reasoning.summary', summary: 'First.', format: 'openai-responses-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1', format: 'openai-responses-v1', index: 0 },
    ],
    thinking: 'First.',
  },
  {
    name: 'two signed texts',
    details: [
      { type: 'reasoning.text', text: 'One. 漢', signature: 'a', index: 0 },
      { type: 'reasoning.text', text: 'Two.', signature: 'b', index: 1 },
    ],
    thinking: 'One. 漢Two.',
  },
  {
    name: 'a text that the client did not see',
    details: [{ type: 'reasoning.text', text: 'hidden', signature: 'a', index: 0 }],
    thinking: '',
  },
];

for (const { name, details, thinking } of detailCases)
  test(`details: ${name}`, () =>
    assert.deepEqual(unwrapDetails(wrapDetails(details, thinking), thinking), details));

/** The assistant message that goes back up after this answer. */
function echoed(content: unknown[], quirks: object): JsonObject {
  const request = {
    model: 'm',
    max_tokens: 1,
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', content },
      { role: 'user', content: 'y' },
    ],
  } as unknown as HubRequest;
  const { body } = dialect('openai-chat').encodeRequest(request, target(quirks));
  const found = (body.messages as JsonObject[]).find((message) => message.role === 'assistant');
  assert.ok(found);
  return found;
}

if (recordingsAbsent !== undefined) test('recorded reasoning details', { skip: recordingsAbsent }, () => {});

for (const recording of recordings('openai-chat')) {
  if (recording.status !== 200 || !recording.features.includes('rd:signature')) continue;
  test(`${recording.id}: details come back as they were`, () => {
    const body = recording.body as { choices?: { message: { reasoning_details: unknown } }[] };
    if (recording.stream || !body.choices) return;
    const answer = dialect('openai-chat').decodeResponse(body, decodeContext());
    const { reasoning_details: back } = echoed(answer.content, { reasoningHistory: 'reasoning_details' });
    assert.deepEqual(back, body.choices[0]?.message.reasoning_details);
  });
}

test("Gemini's thought signatures come back with their calls", () => {
  const google = { google: { thought_signature: 'AVSo' } };
  const calls = [
    { index: 0, id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: google },
    { index: 1, id: 'b', function: { name: 'f', arguments: '{}' } },
  ];
  const chunk = {
    choices: [{ index: 0, delta: { content: 'x', tool_calls: calls }, finish_reason: 'tool_calls' }],
  };
  const { content } = accumulate(decodeEvents('openai-chat', sse(chunk)));
  assert.deepEqual(
    content.map((block) => block.type),
    ['text', 'thinking', 'tool_use', 'tool_use'],
  );
  const back = echoed(content, {}).tool_calls as { extra_content?: unknown }[];
  assert.deepEqual(
    back.map((call) => call.extra_content),
    [google, undefined],
  );
});
