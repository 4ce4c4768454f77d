// What chat clients get: every recorded answer of every dialect through our client side into the official SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import { messageToEvents } from '../../../../../src/core/dialects/accumulate.ts';
import type { AskedBy } from '../../../../../src/core/dialects/dialect.ts';
import type { HubEvent, HubMessage } from '../../../../../src/core/dialects/hub.ts';
import { openAiChatClient } from '../../../../../src/core/dialects/openai-chat/client/client.ts';
import { promptUsage } from '../../../../../src/core/dialects/usage.ts';
import { isUpstreamFailure } from '../../../../../src/core/failure.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../../../../tools/recordings.ts';
import {
  accumulate,
  decodeContext,
  decodeEvents,
  dialect,
  split,
  textOfMessage,
  thinkingOfMessage,
} from '../../decode.ts';

type Json = Record<string, unknown>;
type Message = ChatCompletion['choices'][number]['message'] & Json;

const asked: AskedBy = {
  body: { model: 'asked-for', stream_options: { include_usage: true } },
  at: 1_700_000_000_999,
};
const question = { model: 'asked-for', messages: [{ role: 'user' as const, content: 'x' }] };

function wireOf(events: readonly HubEvent[], by: AskedBy = asked): string {
  const encoder = openAiChatClient.createStreamEncoder(by);
  return events.map((event) => encoder.push(event)).join('');
}

function sdk(answer: string, type: string, status = 200): OpenAI {
  return new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(answer, { status, headers: { 'content-type': type } }),
  });
}

function streamed(events: readonly HubEvent[], by?: AskedBy): Promise<ChatCompletion> {
  return sdk(wireOf(events, by), 'text/event-stream').chat.completions.stream(question).finalChatCompletion();
}

async function chunksOf(events: readonly HubEvent[], by?: AskedBy): Promise<ChatCompletionChunk[]> {
  const stream = await sdk(wireOf(events, by), 'text/event-stream').chat.completions.create({
    ...question,
    stream: true,
  });
  const chunks: ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

function messageOf(completion: ChatCompletion): Message {
  const [choice] = completion.choices;
  assert.ok(choice && completion.choices.length === 1);
  return choice.message as Message;
}

function squeezed(text: unknown): string {
  return String(text ?? '').replace(/\s+/g, '');
}

function checkCompletion(completion: ChatCompletion, message: HubMessage): void {
  const told = messageOf(completion);
  // Blocks are put together as paragraphs.
  assert.equal(squeezed(told.content), squeezed(textOfMessage(message)));
  assert.deepEqual(
    (told.tool_calls ?? []).map((call) =>
      call.type === 'function'
        ? { id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }
        : call,
    ),
    message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
  );
  const { input, cached, output } = promptUsage(message.usage);
  assert.deepEqual(
    [
      completion.usage?.prompt_tokens,
      completion.usage?.prompt_tokens_details?.cached_tokens,
      completion.usage?.completion_tokens,
      completion.usage?.total_tokens,
    ],
    [input, cached, output, input + output],
  );
  assert.deepEqual([completion.model, completion.created], ['asked-for', 1_700_000_000]);
  assert.equal(completion.choices[0]?.finish_reason, finishOf(message));
}

function finishOf({ stop_reason, content }: HubMessage): string {
  if (stop_reason === 'max_tokens' || stop_reason === 'model_context_window_exceeded') return 'length';
  if (stop_reason === 'refusal') return 'content_filter';
  return content.some((block) => block.type === 'tool_use') ? 'tool_calls' : 'stop';
}

if (recordingsAbsent !== undefined) test('recorded answers', { skip: recordingsAbsent }, () => {});

for (const id of ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)
  for (const recording of recordings(id)) {
    if (recording.status >= 300) continue;
    test(`${recording.id}: read by the official SDK`, () => checkRecording(recording));
  }

async function checkRecording(recording: Recording): Promise<void> {
  const context = decodeContext({ webSearchTool: 'web_search' });
  if (recording.stream) {
    const events = decodeEvents(recording.dialect, split([recordedBytes(recording)]), context);
    if (events.at(-1)?.type === 'error') await assert.rejects(chunksOf(events), OpenAI.APIError);
    else await checkStream(events, accumulate(events));
    return;
  }
  const message = wholeMessage(recording);
  if (!message) return;
  const body = JSON.stringify(openAiChatClient.encodeResponse(message, asked));
  const completion = await sdk(body, 'application/json').chat.completions.create(question);
  checkCompletion(completion, message);
  assert.equal(squeezed(messageOf(completion).reasoning_content), squeezed(thinkingOfMessage(message)));
  await checkStream(messageToEvents(message), message);
}

function wholeMessage(recording: Recording): HubMessage | undefined {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(recordedBytes(recording)));
    return dialect(recording.dialect).decodeResponse(body, decodeContext({ webSearchTool: 'web_search' }));
  } catch (error) {
    assert.ok(isUpstreamFailure(error));
    return undefined;
  }
}

/** By the SDK's accumulator, and by hand what that does not know: thinking, and the frames of the stream. */
async function checkStream(events: readonly HubEvent[], message: HubMessage): Promise<void> {
  // The SDK throws an error of its own for answers that were cut.
  const ended = message.stop_reason !== 'max_tokens' && message.stop_reason !== 'refusal';
  if (ended && finishOf(message) !== 'length') checkCompletion(await streamed(events), message);
  const chunks = await chunksOf(events);
  assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: 'assistant', content: '' });
  const thinking = chunks.map(
    ({ choices }) => (choices[0]?.delta as Json | undefined)?.reasoning_content ?? '',
  );
  assert.equal(squeezed(thinking.join('')), squeezed(thinkingOfMessage(message)));
  const finishes = chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
  assert.deepEqual(finishes, [finishOf(message)]);
  assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    chunks.map(({ usage }) => typeof usage?.total_tokens),
    chunks.map((_, at) => (at === chunks.length - 1 ? 'number' : 'undefined')),
  );
  assert.deepEqual(chunks.at(-1)?.choices, []);
}

const usage = {
  input_tokens: 3,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 5,
  output_tokens: 6,
  output_tokens_details: { thinking_tokens: 2 },
};

function hubMessage(content: unknown[], more: object = {}): HubMessage {
  const head = { id: 'msg_abc', type: 'message', role: 'assistant', model: 'asked-for' };
  return { ...head, content, stop_reason: 'end_turn', usage, ...more } as unknown as HubMessage;
}

function encode(message: HubMessage, body: Json = {}): ChatCompletion {
  return openAiChatClient.encodeResponse(message, { ...asked, body }) as ChatCompletion;
}

test('a whole answer', () => {
  assert.deepEqual(encode(hubMessage([{ type: 'text', text: 'Hi' }])), {
    id: 'chatcmpl-abc',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'asked-for',
    system_fingerprint: null,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hi', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 12,
      completion_tokens: 6,
      total_tokens: 18,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 2 },
    },
  });
});

test('a stream, chunk by chunk', async () => {
  const message = hubMessage(
    [
      { type: 'thinking', thinking: 'Hm.', signature: 'sy1.up.x' },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'a', name: 'f', input: {} },
      { type: 'tool_use', id: 'b', name: 'g', input: { n: 1 } },
      { type: 'text', text: 'Done.' },
    ],
    { stop_reason: 'tool_use' },
  );
  const detail = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 };
  const call = (index: number, id: string, name: string) => ({
    tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
  });
  const args = (index: number, text: string) => ({ tool_calls: [{ index, function: { arguments: text } }] });
  const deltas = [
    { role: 'assistant', content: '' },
    { reasoning_content: 'Hm.', reasoning_details: [{ ...detail, text: 'Hm.' }] },
    { reasoning_details: [{ ...detail, signature: 'sy1.up.x' }] },
    { content: 'I look.' },
    call(0, 'a', 'f'),
    args(0, '{}'),
    call(1, 'b', 'g'),
    args(1, '{"n":1}'),
    { content: '\n\nDone.' },
    {},
  ];
  const unasked = { ...asked, body: { model: 'asked-for' } };
  const chunks = await chunksOf(messageToEvents(message), unasked);
  assert.deepEqual(
    chunks.map(({ choices }) => choices[0]?.delta),
    deltas,
  );
  assert.ok(
    chunks.every((chunk) => !('usage' in chunk)),
    'usage only where it was asked for',
  );
  assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'tool_calls');
  assert.ok(wireOf(messageToEvents(message)).endsWith('\n\ndata: [DONE]\n\n'));
  assert.equal(wireOf([{ type: 'ping' }]), ': ping\n\n');
});

test('a call whose arguments never came still has some', async () => {
  const events = messageToEvents(hubMessage([{ type: 'tool_use', id: 'a', name: 'f', input: {} }])).filter(
    (event) => event.type !== 'content_block_delta',
  );
  const [call] = messageOf(await streamed(events)).tool_calls ?? [];
  assert.ok(call?.type === 'function' && call.function.arguments === '{}');
});

test('searches and citations: each source once, cited ones with their place', async () => {
  const found = (url: string) => ({
    type: 'web_search_result',
    url,
    title: url.at(-1),
    encrypted_content: '',
  });
  const citation = { type: 'web_search_result_location', url: 'https://x/b', title: 'B', cited_text: 'x' };
  const message = hubMessage([
    { type: 'text', text: 'I search.' },
    { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'cats' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [found('https://x/a'), found('https://x/b')],
    },
    { type: 'web_search_tool_result', tool_use_id: 't', content: { error_code: 'unavailable' } },
    { type: 'text', text: 'Found ' },
    { type: 'text', text: 'it.', citations: [citation] },
  ]);
  const annotations = [
    {
      type: 'url_citation',
      url_citation: { url: 'https://x/b', title: 'B', start_index: 17, end_index: 20 },
    },
    {
      type: 'url_citation',
      url_citation: { url: 'https://x/a', title: 'a', start_index: 20, end_index: 20 },
    },
  ];
  for (const completion of [encode(message), await streamed(messageToEvents(message))]) {
    const told = messageOf(completion);
    assert.equal(told.content, 'I search.\n\nFound it.');
    assert.equal(told.content.slice(17, 20), 'it.');
    assert.deepEqual(told.annotations, annotations);
  }
});

test('calls in the form that the client knows', async () => {
  const message = hubMessage(
    [
      { type: 'tool_use', id: 'a', name: 'patch', input: { input: '*** "Begin"\n' } },
      { type: 'tool_use', id: 'b', name: 'f', input: { n: 1 } },
    ],
    { stop_reason: 'tool_use' },
  );
  const tools = [{ type: 'custom', custom: { name: 'patch' } }];
  const custom = { id: 'a', type: 'custom', custom: { name: 'patch', input: '*** "Begin"\n' } };
  const whole = encode(message, { tools });
  assert.deepEqual(messageOf(whole).tool_calls?.[0], custom);
  assert.equal(messageOf(whole).content, null);
  const chunks = await chunksOf(messageToEvents(message), { ...asked, body: { tools } });
  assert.deepEqual(chunks[1]?.choices[0]?.delta, { tool_calls: [{ index: 0, ...custom }] });

  const older = { functions: [{ name: 'patch' }] };
  const called = { name: 'patch', arguments: '{"input":"*** \\"Begin\\"\\n"}' };
  const by = { ...asked, body: older };
  for (const completion of [encode(message, older), await streamed(messageToEvents(message), by)]) {
    const { tool_calls, function_call } = messageOf(completion);
    assert.deepEqual([tool_calls, function_call], [undefined, called]);
    assert.equal(completion.choices[0]?.finish_reason, 'function_call');
  }
});

test('how answers end', () => {
  const end = (stop_reason: string, more: object = {}) => {
    const completion = encode(hubMessage([], { stop_reason, ...more }));
    return [completion.choices[0]?.finish_reason, messageOf(completion).refusal];
  };
  assert.deepEqual(end('stop_sequence'), ['stop', null]);
  assert.deepEqual(end('pause_turn'), ['stop', null]);
  assert.deepEqual(end('max_tokens'), ['length', null]);
  assert.deepEqual(end('model_context_window_exceeded'), ['length', null]);
  const why = { stop_details: { type: 'refusal', category: null, explanation: 'Not this.' } };
  assert.deepEqual(end('refusal', why), ['content_filter', 'Not this.']);
});

test('an error in a stream is the last word', async () => {
  const [start] = messageToEvents(hubMessage([]));
  assert.ok(start);
  const events: HubEvent[] = [
    start,
    { type: 'error', error: { type: 'overloaded_error', message: 'Busy.' } },
  ];
  await assert.rejects(chunksOf(events), /Busy\./);
  const last = wireOf(events).trim().split('\n\n').at(-1) ?? '';
  assert.deepEqual(JSON.parse(last.slice('data: '.length)), {
    error: { message: 'Busy.', type: 'server_error', param: null, code: 'server_is_overloaded' },
  });
});

test('refusals by HTTP status: the official SDK’s own errors', async () => {
  const thrown = async (status: number, type: string, message = 'No.') => {
    const body = JSON.stringify(openAiChatClient.encodeError({ status, type, message }));
    const asking = sdk(body, 'application/json', status).chat.completions.create(question);
    const error: unknown = await asking.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof OpenAI.APIError);
    return [error.constructor, error.code];
  };
  assert.deepEqual(await thrown(401, 'authentication_error'), [
    OpenAI.AuthenticationError,
    'invalid_api_key',
  ]);
  assert.deepEqual(await thrown(429, 'rate_limit_error'), [OpenAI.RateLimitError, 'rate_limit_exceeded']);
  assert.deepEqual(await thrown(400, 'invalid_request_error', 'prompt is too long: 2 tokens > 1 maximum'), [
    OpenAI.BadRequestError,
    'context_length_exceeded',
  ]);
});
