// There and back: what a Responses client gets and sends again, what an upstream gets and answers, means the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageToEvents } from '../../../../src/core/dialects/accumulate.ts';
import type { HubEvent, HubMessage, HubRequest } from '../../../../src/core/dialects/hub.ts';
import { openAiResponsesClient } from '../../../../src/core/dialects/openai-responses/client/client.ts';
import { encodeResponsesRequest } from '../../../../src/core/dialects/openai-responses/request.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import { checkResponses } from '../../../tools/scripted-upstream-responses-check.ts';
import { seeded } from '../../../tools/seeded.ts';
import { mainRequest, png, target, tool, toolLoopRequest } from '../claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split } from '../decode.ts';

type Json = Record<string, unknown>;

if (recordingsAbsent !== undefined) test('recorded answers', { skip: recordingsAbsent }, () => {});

for (const id of ['anthropic', 'openai-chat', 'openai-responses'] as const)
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

/** Thinking with its signature, texts and calls: exactly what the next request must hold. */
function kept(content: readonly { type: string }[]): Json[] {
  return content.flatMap((block): Json[] => {
    const { type, text, thinking, signature, id, name, input, data } = block as Json;
    if (type === 'text') return text === '' ? [] : [{ type, text }];
    if (type === 'thinking')
      return thinking || signature ? [{ type, thinking, signature: signature ?? '' }] : [];
    if (type === 'redacted_thinking') return [{ type, data }];
    return type === 'tool_use' ? [{ type, id, name, input }] : [];
  });
}

function checkEcho(message: HubMessage): void {
  const response = openAiResponsesClient.encodeResponse(message) as { output: Json[] };
  const input = [{ role: 'user', content: 'x' }, ...response.output];
  const request = openAiResponsesClient.decodeRequest({ model: 'm', input });
  const content = request.messages[1]?.content ?? [];
  assert.ok(Array.isArray(content));
  assert.deepEqual(kept(content), kept(message.content));
}

/** The upstream side names a signature as its own: here it is unwrapped again. Texts of one message are one text. */
function meaning(message: HubMessage, own: boolean): unknown {
  const content: Json[] = [];
  for (const block of kept(message.content)) {
    const last = content.at(-1);
    if (own && block.type === 'thinking')
      block.signature = String(block.signature).replace(/^sy1\.up\.(?:encrypted\.)?/, '');
    if (block.type === 'redacted_thinking')
      Object.assign(block, {
        type: 'thinking',
        thinking: '',
        signature: `redacted.${block.data}`,
        data: undefined,
      });
    if (block.type === 'text' && last?.type === 'text') last.text = `${last.text}${block.text}`;
    else content.push(block);
  }
  const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = message.usage;
  return {
    content: JSON.parse(JSON.stringify(content)),
    counts: [input_tokens, output_tokens, cache_read_input_tokens ?? 0, cache_creation_input_tokens ?? 0],
    stop: endOf(message),
  };
}

/** A stop sequence, a pause and Anthropic's window limit have no word of their own. */
function endOf({ stop_reason, content }: HubMessage): string | null {
  const reason = stop_reason === 'model_context_window_exceeded' ? 'max_tokens' : stop_reason;
  if (reason === 'max_tokens' || reason === 'refusal') return reason;
  return content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
}

function checkSelf(message: HubMessage): void {
  const body: unknown = JSON.parse(JSON.stringify(openAiResponsesClient.encodeResponse(message)));
  const whole = dialect('openai-responses').decodeResponse(body, decodeContext());
  assert.deepEqual(meaning(whole, true), meaning(message, false));
  const streamed = accumulate(relayed(messageToEvents(message)));
  assert.deepEqual(meaning(streamed, true), meaning(message, false));
}

/** Through our stream encoder and our stream decoder. */
function relayed(events: readonly HubEvent[]): HubEvent[] {
  const encoder = openAiResponsesClient.createStreamEncoder();
  const wire = events.map((event) => encoder.push(event)).join('');
  return decodeEvents('openai-responses', split([new TextEncoder().encode(wire)]));
}

test('errors pass with their message and status', () => {
  for (const [type, status] of [
    ['rate_limit_error', 429],
    ['overloaded_error', 529],
    ['api_error', 500],
    ['invalid_request_error', undefined],
  ] as const) {
    const error = {
      type: 'error' as const,
      error: { type, message: 'Sorry.' },
      ...(status ? { status } : {}),
    };
    const last = relayed([error]).at(-1);
    assert.ok(last?.type === 'error');
    assert.equal(last.error.message, 'Sorry.');
    if (status) assert.deepEqual([last.error.type, last.status], [type, status]);
  }
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
    messages.push({ role: 'assistant', content: [text(), ...calls] });
    const results = calls.map(({ id }) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: [text(), ...list(1, image)],
    }));
    messages.push({ role: 'user', content: [...results, text()] });
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
    ...(pick(2) ? { stream: true } : {}),
    messages,
  } as unknown as HubRequest;
}

test('requests: read as a client’s, they are written the same again', () => {
  const pick = seeded(11);
  const requests = Array.from({ length: 300 }, () => randomRequest(pick));
  for (const request of [mainRequest(), toolLoopRequest(), ...requests]) {
    const first = encodeResponsesRequest(request, target());
    const body = JSON.parse(JSON.stringify(first.body)) as Json;
    checkResponses(body, { extensions: ['reasoning_text'] });
    const again = encodeResponsesRequest(openAiResponsesClient.decodeRequest(body), target());
    assert.deepEqual(JSON.parse(JSON.stringify(again.body)), body);
  }
});
