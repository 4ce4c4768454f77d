// There and back: what a chat client gets and sends again, what an upstream gets and answers, means the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageToEvents } from '../../../../../src/core/dialects/accumulate.ts';
import type { AskedBy } from '../../../../../src/core/dialects/dialect.ts';
import type { HubEvent, HubMessage, HubRequest } from '../../../../../src/core/dialects/hub.ts';
import { openAiChatClient } from '../../../../../src/core/dialects/openai-chat/client/client.ts';
import { encodeChatRequest } from '../../../../../src/core/dialects/openai-chat/request.ts';
import { promptUsage } from '../../../../../src/core/dialects/usage.ts';
import { isUpstreamFailure } from '../../../../../src/core/failure.ts';
import { checkGrammar } from '../../../../tools/anthropic-grammar.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../../../../tools/recordings.ts';
import { checkOpenAi } from '../../../../tools/scripted-upstream-openai-check.ts';
import { seeded } from '../../../../tools/seeded.ts';
import { mainRequest, png, target, tool, toolLoopRequest } from '../../claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split } from '../../decode.ts';

type Json = Record<string, unknown>;

const asked: AskedBy = { body: { stream_options: { include_usage: true } }, at: 0 };

if (recordingsAbsent !== undefined) test('recorded answers', { skip: recordingsAbsent }, () => {});

for (const id of ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)
  for (const recording of recordings(id)) {
    const message = recording.status === 200 ? decoded(recording) : undefined;
    if (!message) continue;
    test(`${recording.id}: comes back from the client as it was`, () => checkEcho(message));
    test(`${recording.id}: written and read by us`, () => checkSelf(message));
  }

function decoded(recording: Recording): HubMessage | undefined {
  const context = decodeContext({ webSearchTool: 'web_search' });
  if (recording.stream) {
    const events = decodeEvents(recording.dialect, split([recordedBytes(recording)]), context);
    return events.at(-1)?.type === 'error' ? undefined : accumulate(events);
  }
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(recordedBytes(recording)));
    return dialect(recording.dialect).decodeResponse(body, context);
  } catch (error) {
    assert.ok(isUpstreamFailure(error));
    return undefined;
  }
}

/**
 * In a chat message thinking stands first, calls last, and the text is one.
 * @param refusal why an upstream refused: part of the text when it comes back
 */
function meaning(content: readonly { type: string }[], refusal = ''): Json {
  const blocks = content as readonly Json[];
  const text = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('') + refusal;
  return {
    thinking: blocks.flatMap(({ type, thinking, signature }) =>
      type === 'thinking' && (thinking || signature) ? [[thinking, signature ?? '']] : [],
    ),
    redacted: blocks.flatMap(({ type, data }) => (type === 'redacted_thinking' ? [data] : [])),
    text: text.replace(/\s+/g, ''),
    calls: blocks.flatMap(({ type, id, name, input }) => (type === 'tool_use' ? [{ id, name, input }] : [])),
  };
}

function refusalOf({ stop_details }: HubMessage): string | undefined {
  return stop_details?.explanation ?? undefined;
}

function checkEcho(message: HubMessage): void {
  const { choices } = openAiChatClient.encodeResponse(message) as { choices: { message: Json }[] };
  const messages = [{ role: 'user', content: 'x' }, choices[0]?.message, { role: 'user', content: 'y' }];
  const request = openAiChatClient.decodeRequest({ model: 'm', messages });
  const content = request.messages.find(({ role }) => role === 'assistant')?.content ?? [];
  assert.ok(Array.isArray(content));
  assert.deepEqual(meaning(content), meaning(message.content, refusalOf(message)));
}

function checkSelf(message: HubMessage): void {
  const body: unknown = JSON.parse(JSON.stringify(openAiChatClient.encodeResponse(message, asked)));
  checkSame(dialect('openai-chat').decodeResponse(body, decodeContext()), message);
  const events = relayed(messageToEvents(message));
  checkGrammar(events, { converted: true });
  checkSame(accumulate(events), message);
}

function checkSame(got: HubMessage, message: HubMessage): void {
  const { thinking: _, redacted: __, ...rest } = meaning(got.content);
  const { thinking: ___, redacted: ____, ...expected } = meaning(message.content, refusalOf(message));
  assert.deepEqual(rest, expected);
  const counts = ({ usage }: HubMessage) => promptUsage(usage);
  assert.deepEqual(counts(got), counts(message));
  assert.equal(got.stop_reason, endOf(message));
}

/** A stop sequence, a pause and Anthropic's window limit have no word of their own. */
function endOf({ stop_reason, content }: HubMessage): string | null {
  const reason = stop_reason === 'model_context_window_exceeded' ? 'max_tokens' : stop_reason;
  if (reason === 'max_tokens' || reason === 'refusal') return reason;
  return content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
}

/** Through our stream encoder and our stream decoder. */
function relayed(events: readonly HubEvent[]): HubEvent[] {
  const encoder = openAiChatClient.createStreamEncoder(asked);
  const wire = events.map((event) => encoder.push(event)).join('');
  return decodeEvents('openai-chat', split([new TextEncoder().encode(wire)]));
}

test('errors pass with their message', () => {
  for (const type of ['rate_limit_error', 'overloaded_error', 'api_error', 'invalid_request_error']) {
    const last = relayed([{ type: 'error', error: { type, message: 'Sorry.' } }]).at(-1);
    assert.ok(last?.type === 'error');
    assert.deepEqual([last.error.type, last.error.message], [type, 'Sorry.']);
  }
});

test('thinking comes back with its signature from the pieces of a stream too', () => {
  const content = [
    { type: 'thinking', thinking: 'One.', signature: 'sy1.up.a' },
    { type: 'thinking', thinking: '', signature: 'sy1.up.b' },
    { type: 'redacted_thinking', data: 'zzz' },
    { type: 'thinking', thinking: 'Two.', signature: '' },
    { type: 'text', text: 'Hi' },
  ];
  const message = { id: 'msg_1', type: 'message', role: 'assistant', content } as unknown as HubMessage;
  const encoder = openAiChatClient.createStreamEncoder();
  const details = messageToEvents(message)
    .flatMap((event) => encoder.push(event).split('\n\n'))
    .flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice('data: '.length))] : []))
    .flatMap((chunk: { choices: { delta: Json }[] }) => chunk.choices[0]?.delta.reasoning_details ?? []);
  assert.equal(details.length, 5);
  const request = openAiChatClient.decodeRequest({
    model: 'm',
    messages: [{ role: 'assistant', content: 'Hi', reasoning_details: details }],
  });
  assert.deepEqual(request.messages[0]?.content, content);
});

/** A conversation as a client may have it: turns in order, each call answered. */
function randomRequest(pick: (below: number) => number): HubRequest {
  const text = () => ({ type: 'text', text: ['Hello.', 'Ünïcode 😀', '{"a":1}', 'two\nlines'][pick(4)] });
  const image = () => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } });
  const list = <Item>(most: number, make: () => Item) => Array.from({ length: pick(most + 1) }, make);
  const messages: Json[] = [{ role: 'user', content: [text(), ...list(2, image)] }];
  for (let turn = 0, count = pick(5); turn < count; turn++) {
    const calls = list(3, () => ({
      type: 'tool_use',
      id: `call_${turn}_${pick(1e6)}`,
      name: 'Bash',
      input: { n: pick(9) },
    }));
    const thinking = list(1, () => ({ type: 'thinking', thinking: 'Hm.', signature: 'sy1.p.sig' }));
    messages.push({ role: 'assistant', content: [...thinking, text(), ...calls] });
    const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: [text()] }));
    messages.push({ role: 'user', content: [...results, text(), ...list(1, image)] });
  }
  const tools = [tool('Bash', { n: { type: 'number' } }), tool('Read')];
  return {
    model: 'm',
    max_tokens: 1000 + pick(1000),
    ...(pick(2) ? { system: [text()] } : {}),
    ...(pick(2)
      ? { tools, tool_choice: [{ type: 'any' }, { type: 'tool', name: 'Read' }, { type: 'auto' }][pick(3)] }
      : {}),
    ...(pick(2) ? { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } } : {}),
    ...(pick(2) ? { temperature: pick(20) / 10, top_p: 0.5, stop_sequences: ['a', 'b'] } : {}),
    ...(pick(2) ? { stream: true } : {}),
    messages,
  } as unknown as HubRequest;
}

test('requests: read as a client’s, they are written the same again', () => {
  const pick = seeded(11);
  const requests = Array.from({ length: 300 }, () => randomRequest(pick));
  for (const reasoningHistory of ['drop', 'reasoning_content', 'reasoning_details'] as const)
    for (const request of [mainRequest(), toolLoopRequest(), ...requests]) {
      const profile = target({ reasoningHistory, fileParts: true });
      const body = JSON.parse(JSON.stringify(encodeChatRequest(request, profile).body)) as Json;
      checkOpenAi(body, { maxOutput: undefined, extensions: ['reasoning_content', 'reasoning_details'] });
      const again = encodeChatRequest(openAiChatClient.decodeRequest(body), profile);
      // Another provider's signatures are not its own: only in the first two forms nothing is signed.
      if (reasoningHistory !== 'reasoning_details')
        assert.deepEqual(JSON.parse(JSON.stringify(again.body)), body);
    }
});

test('Anthropic gets what a chat client kept of its thinking', () => {
  const pick = seeded(12);
  for (let round = 0; round < 100; round++) {
    const request = randomRequest(pick);
    const messages = [
      { role: 'user', content: 'x' },
      ...request.messages.flatMap(({ role, content }) => {
        if (role !== 'assistant') return [];
        const answer = { id: 'msg_1', content } as unknown as HubMessage;
        const { choices } = openAiChatClient.encodeResponse(answer) as { choices: { message: Json }[] };
        return [choices[0]?.message, { role: 'user', content: 'y' }];
      }),
    ];
    const { body } = dialect('anthropic').encodeRequest(
      openAiChatClient.decodeRequest({ model: 'm', messages }),
      target({}, { provider: 'p' }),
    );
    const signed = JSON.stringify(request.messages).split('"sy1.p.sig"').length;
    assert.equal(JSON.stringify(body.messages).split('"signature":"sig"').length, signed);
  }
});
