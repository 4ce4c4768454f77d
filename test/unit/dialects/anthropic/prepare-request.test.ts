// What is taken out of a request before an Anthropic upstream gets it. The result must pass a check as strict as the API's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareAnthropicRequest } from '../../../../src/core/dialects/anthropic/prepare-request.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import type { TargetProfile } from '../../../../src/core/dialects/target-profile.ts';
import { checkAnthropic } from '../../../tools/scripted-upstream-anthropic-check.ts';
import { mainRequest, pdf, png, target, tool, toolLoopRequest } from '../claude-code-request.ts';

const headers = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'context-management-2025-06-27' };

function prepare(request: HubRequest, profile: TargetProfile = target(), signatures: string[] = []) {
  const before = JSON.stringify(request);
  const prepared = prepareAnthropicRequest(request, profile);
  assert.equal(JSON.stringify(request), before, 'the original stays as it is');
  checkAnthropic(
    JSON.parse(JSON.stringify(prepared.request)),
    headers,
    { maxOutput: profile.maxOutput, systemRole: true, signatures: new Set(signatures) },
    false,
  );
  return prepared;
}

function answered(blocks: object[], more: object = {}): HubRequest {
  const results = blocks.flatMap((block) =>
    'id' in block && 'type' in block && block.type === 'tool_use'
      ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }]
      : [],
  );
  return {
    model: 'm',
    max_tokens: 4000,
    tools: [tool('Bash')],
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: blocks },
      { role: 'user', content: [...results, { type: 'text', text: 'go on' }] },
    ],
    ...more,
  } as unknown as HubRequest;
}

const call = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} };
const thought = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature });

test('a plain request is left alone', () => {
  const request = mainRequest();
  const prepared = prepare(request);
  assert.deepEqual([prepared.changed, prepared.notes], [false, []]);
  assert.equal(prepared.request, request);
});

test('signatures: own ones come back, foreign and missing ones go, unknown ones stay', () => {
  const contentFor = (signature: string) => {
    const request = answered([thought(signature), { type: 'text', text: 'a' }]);
    const { request: prepared, changed } = prepare(request, target(), ['EqQB']);
    return [changed, JSON.stringify(prepared.messages[1]?.content)];
  };
  const without = JSON.stringify([{ type: 'text', text: 'a' }]);
  const signed = JSON.stringify([thought('EqQB'), { type: 'text', text: 'a' }]);
  assert.deepEqual(contentFor('EqQB'), [false, signed]);
  assert.deepEqual(contentFor('sy1.up.EqQB'), [true, signed]);
  assert.deepEqual(contentFor('sy1.up.'), [true, without]);
  assert.deepEqual(contentFor('sy1.up.details.[]'), [true, without]);
  assert.deepEqual(contentFor('sy1.other.EqQB'), [true, without]);
  assert.deepEqual(contentFor('sy1.up%2E2.EqQB'), [true, without]);
  assert.deepEqual(contentFor(''), [true, without]);
});

test('a turn of nothing but foreign thinking disappears', () => {
  const { request } = prepare(answered([thought('')]));
  assert.deepEqual(
    request.messages.map((message) => message.role),
    ['user', 'user'],
  );
});

test('ids of other models are rewritten together with their results', () => {
  const { request, notes } = prepare(
    answered([
      { ...call, id: 'functions.Bash:0' },
      { ...call, id: 'functions.Bash:1' },
    ]),
  );
  const calls = request.messages[1]?.content as unknown as { id: string }[];
  const results = request.messages[2]?.content as unknown as { tool_use_id: string }[];
  assert.match(calls[0]?.id ?? '', /^functions_Bash_0_[0-9a-f]{8}$/);
  assert.deepEqual(
    calls.map(({ id }) => id),
    [results[0]?.tool_use_id, results[1]?.tool_use_id],
  );
  assert.deepEqual(notes, ['4 tool call ids rewritten']);
});

test('an id used in two turns is made unique', () => {
  const turn = answered([{ ...call, id: 'call_0' }]);
  const { request } = prepare({ ...turn, messages: [...turn.messages, ...turn.messages.slice(1)] });
  const last = request.messages.at(-1)?.content as unknown as { tool_use_id: string }[];
  assert.equal(last[0]?.tool_use_id, 'call_0_2');
});

test('media that the model cannot read become texts', () => {
  const { request, notes } = prepare(
    answered([{ type: 'text', text: 'a' }], {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
            { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'stays' } },
          ],
        },
      ],
    }),
    target({}, { vision: false, pdf: false }),
  );
  const blocks = request.messages[0]?.content as unknown as { type: string }[];
  assert.deepEqual(
    blocks.map((block) => block.type),
    ['text', 'text', 'document'],
  );
  assert.equal(notes.length, 1);
  assert.ok(!JSON.stringify(prepare(toolLoopRequest(), target({}, { vision: false })).request).includes(png));
});

test('limits: max_tokens is lowered, a budget stays below it', () => {
  const { request, notes } = prepare(
    answered([{ type: 'text', text: 'a' }], {
      max_tokens: 64_000,
      thinking: { type: 'enabled', budget_tokens: 31_999 },
    }),
    target({}, { maxOutput: 8192 }),
  );
  assert.equal(request.max_tokens, 8192);
  assert.deepEqual(request.thinking, { type: 'enabled', budget_tokens: 8191 });
  assert.deepEqual(notes, ['max_tokens lowered from 64000 to 8192']);
});

test('thinking with a budget is switched off where the turn began without ours', () => {
  const { request } = prepare(
    answered([thought('sy1.other.x'), call], {
      thinking: { type: 'enabled', budget_tokens: 2000 },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    }),
  );
  assert.equal(request.thinking, undefined);
  assert.equal(request.context_management, undefined);
});

test('own parameters fill gaps, refused fields go', () => {
  const { request } = prepare(
    { ...mainRequest(), temperature: 0.2 } as HubRequest,
    target({ refuses: ['context_management'] }, { params: { temperature: 1, top_p: 0.5 } }),
  );
  assert.deepEqual([request.temperature, request.top_p, request.context_management], [0.2, 0.5, undefined]);
});

test('search results of other providers become text', () => {
  const { request } = prepare(
    answered([
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_1',
        content: [
          { type: 'web_search_result', url: 'https://a', title: 'A', encrypted_content: '', page_age: null },
        ],
      },
      { type: 'text', text: 'a' },
    ]),
  );
  assert.deepEqual(request.messages[1]?.content, [
    { type: 'text', text: '[Web search results]\n- A: https://a' },
    { type: 'text', text: 'a' },
  ]);
});
