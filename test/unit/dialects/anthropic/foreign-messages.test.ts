// Conversations of other dialects' clients in the order that Anthropic insists on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderedMessages } from '../../../../src/core/dialects/anthropic/foreign-messages.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import { target } from '../claude-code-request.ts';
import { decodeContext, dialect } from '../decode.ts';

const text = (said: string) => ({ type: 'text', text: said });
const call = (id: string, name = 'f') => ({ type: 'tool_use', id, name, input: {} });
const result = (id: string, said = 'x') => ({ type: 'tool_result', tool_use_id: id, content: said });
const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const missing = '(no result: the call was interrupted)';
const silent = text('(The conversation goes on.)');

const cases: [name: string, messages: Record<string, unknown>[], expected: object[]][] = [
  ['the model speaks first', [assistant(text('Hi'))], [user(silent), assistant(text('Hi'))]],
  ['nothing at all', [], [user(silent)]],
  [
    'calls without results, before a word and at the end',
    [user(text('a')), assistant(call('1'), call('2')), user(result('2'), text('b')), assistant(call('3'))],
    [
      user(text('a')),
      assistant(call('1'), call('2')),
      user(result('2'), result('1', missing), text('b')),
      assistant(call('3')),
      user(result('3', missing)),
    ],
  ],
  [
    'results that nobody asked for, or twice',
    [user(result('9', 'lost')), assistant(call('1')), user(result('1'), result('1', 'again'))],
    [
      user(text('Result of an earlier tool call:'), text('lost')),
      assistant(call('1')),
      user(result('1'), text('Result of an earlier tool call:'), text('again')),
    ],
  ],
  [
    'blank texts and turns of one role',
    [user(text('a'), text(' ')), user(text('\n')), assistant(text('')), user(text('b'))],
    [user(text('a'), text('b'))],
  ],
  [
    'white space before what the model is to write',
    [user(text('a')), assistant(text('{ \n'))],
    [user(text('a')), assistant(text('{'))],
  ],
  [
    'words of the developer between',
    [user(text('a')), { role: 'system', content: 'b' }, { role: 'system', content: ' ' }],
    [user(text('a')), { role: 'system', content: [text('b')] }],
  ],
  [
    'words of the developer between calls and results',
    [user(text('a')), assistant(call('1')), { role: 'system', content: 'b' }, user(result('1'), text('c'))],
    [
      user(text('a')),
      assistant(call('1')),
      user(result('1')),
      { role: 'system', content: [text('b')] },
      user(text('c')),
    ],
  ],
];

for (const [name, messages, expected] of cases)
  test(name, () => {
    const before = structuredClone(messages);
    assert.deepEqual(orderedMessages(messages), expected);
    assert.deepEqual(messages, before);
  });

function encode(more: object) {
  const request = { model: 'm', max_tokens: 2000, messages: [user(text('a'))], ...more };
  return dialect('anthropic').encodeRequest(request as unknown as HubRequest, target());
}

test('names of tools that Anthropic refuses are shortened, and called by their own in the answer', () => {
  const name = 'server.tool:1';
  const { body, memory } = encode({
    tools: [{ name, input_schema: {} }],
    tool_choice: { type: 'tool', name },
  });
  const [tool] = body.tools as { name: string; input_schema: object }[];
  assert.match(String(tool?.name), /^[a-zA-Z0-9_-]+$/);
  assert.deepEqual(
    [tool?.input_schema, body.tool_choice],
    [{ type: 'object' }, { type: 'tool', name: tool?.name }],
  );
  const answer = { content: [call('1', tool?.name)], stop_reason: 'tool_use', usage: {} };
  const { content } = dialect('anthropic').decodeResponse(answer, decodeContext(memory));
  assert.deepEqual(content, [call('1', name)]);
});

test('a choice of a tool that is not there, a blank system prompt and thinking without room are left out', () => {
  const { body, notes } = encode({
    max_tokens: 500,
    system: [text(' ')],
    tool_choice: { type: 'tool', name: 'gone' },
    thinking: { type: 'enabled', budget_tokens: 1024 },
  });
  assert.deepEqual(Object.keys(body).sort(), ['max_tokens', 'messages', 'model']);
  assert.match(
    notes.join(),
    /thinking dropped: the output limit.*tool_choice dropped: there is no such tool/,
  );
});

test('a fixed budget is left out in a tool loop that began without thinking', () => {
  const thinking = { type: 'enabled', budget_tokens: 1024 };
  const loop = (...first: object[]) =>
    encode({ thinking, messages: [user(text('a')), assistant(...first, call('1')), user(result('1'))] });
  assert.equal(loop().body.thinking, undefined);
  assert.deepEqual(loop({ type: 'thinking', thinking: 'x', signature: 'own' }).body.thinking, thinking);
});
