// What Responses clients get: every recorded answer of every dialect through our client side into the official SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import type { Response as OpenAiResponse, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { messageToEvents } from '../../../../src/core/dialects/accumulate.ts';
import type { AskedBy } from '../../../../src/core/dialects/dialect.ts';
import type { HubEvent, HubMessage } from '../../../../src/core/dialects/hub.ts';
import { openAiResponsesClient } from '../../../../src/core/dialects/openai-responses/client/client.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import {
  accumulate,
  decodeContext,
  decodeEvents,
  dialect,
  split,
  textOfMessage,
  thinkingOfMessage,
} from '../decode.ts';

const asked: AskedBy = {
  body: { model: 'asked-for', instructions: 'Be brief.', tools: [], parallel_tool_calls: false },
  at: 1_700_000_000_999,
};

function wireOf(events: readonly HubEvent[], by: AskedBy = asked): string {
  const encoder = openAiResponsesClient.createStreamEncoder(by);
  return events.map((event) => encoder.push(event)).join('');
}

function sdk(answer: string, type: string, status = 200): OpenAI {
  return new OpenAI({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(answer, { status, headers: { 'content-type': type } }),
  });
}

function streamed(events: readonly HubEvent[], by?: AskedBy): Promise<OpenAiResponse> {
  const client = sdk(wireOf(events, by), 'text/event-stream');
  return client.responses.stream({ model: 'asked-for', input: 'x' }).finalResponse();
}

function thinkingOf(response: OpenAiResponse): string {
  return response.output
    .flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : []))
    .join('');
}

function callsOf(response: OpenAiResponse): unknown[] {
  return response.output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }]
      : [],
  );
}

function checkResponse(response: OpenAiResponse, message: HubMessage): void {
  assert.equal(response.output_text, textOfMessage(message));
  assert.equal(thinkingOf(response), thinkingOfMessage(message));
  assert.deepEqual(
    callsOf(response),
    message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
  );
  const incomplete = ['max_tokens', 'refusal', 'model_context_window_exceeded'].includes(
    message.stop_reason ?? '',
  );
  assert.equal(response.status, incomplete ? 'incomplete' : 'completed');
  const { usage } = message;
  assert.equal(
    response.usage?.input_tokens,
    usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
  );
  assert.equal(response.usage?.output_tokens, usage.output_tokens);
  assert.equal(response.model, 'asked-for');
  const ids = response.output.map((item) => item.id);
  assert.equal(new Set(ids).size, ids.length, 'ids of items are unique');
}

if (recordingsAbsent !== undefined) test('recorded answers', { skip: recordingsAbsent }, () => {});

for (const id of ['anthropic', 'openai-chat', 'openai-responses'] as const)
  for (const recording of recordings(id)) {
    if (recording.status >= 300) continue;
    test(`${recording.id}: read by the official SDK`, () => checkRecording(recording));
  }

async function checkRecording(recording: Recording): Promise<void> {
  const context = decodeContext({ webSearchTool: 'web_search' });
  if (recording.stream) {
    const events = decodeEvents(recording.dialect, split([recordedBytes(recording)]), context);
    if (events.at(-1)?.type === 'error') await assert.rejects(streamed(events), OpenAI.APIError);
    else {
      checkResponse(await streamed(events), accumulate(events));
      await checkEvents(events);
    }
    return;
  }
  const message = wholeMessage(recording);
  if (!message) return;
  const body = JSON.stringify(openAiResponsesClient.encodeResponse(message, asked));
  const client = sdk(body, 'application/json');
  checkResponse(await client.responses.create({ model: 'asked-for', input: 'x' }), message);
  checkResponse(await streamed(messageToEvents(message)), message);
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

/** What the SDK does not check: numbers, pairs of added and done, and that the pieces make the whole. */
async function checkEvents(events: readonly HubEvent[]): Promise<void> {
  const client = sdk(wireOf(events), 'text/event-stream');
  const stream = await client.responses.create({ model: 'asked-for', input: 'x', stream: true });
  const seen: ResponseStreamEvent[] = [];
  for await (const event of stream) seen.push(event);
  assert.deepEqual(
    seen.map((event) => event.sequence_number),
    seen.map((_, at) => at),
  );
  assert.deepEqual(
    seen.slice(0, 2).map(({ type }) => type),
    ['response.created', 'response.in_progress'],
  );
  const last = seen.at(-1);
  assert.ok(last?.type === 'response.completed' || last?.type === 'response.incomplete', last?.type);
  const done = seen.flatMap((event) => (event.type === 'response.output_item.done' ? [event] : []));
  const added = seen.flatMap((event) => (event.type === 'response.output_item.added' ? [event] : []));
  assert.deepEqual(
    done.map((event) => event.output_index).sort((a, b) => a - b),
    added.map((event) => event.output_index),
  );
  for (const event of done) assert.deepEqual(event.item, last.response.output[event.output_index]);
  assert.equal(last.response.output.length, added.length);
}

const usage = {
  input_tokens: 3,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 5,
  output_tokens: 6,
};

function hubMessage(content: unknown[], more: object = {}): HubMessage {
  const head = { id: 'msg_abc', type: 'message', role: 'assistant', model: 'asked-for' };
  return { ...head, content, stop_reason: 'end_turn', usage, ...more } as unknown as HubMessage;
}

function encode(message: HubMessage, by: AskedBy = asked): OpenAiResponse {
  return openAiResponsesClient.encodeResponse(message, by) as OpenAiResponse;
}

test('the response says back what was asked', () => {
  const { output, usage: counts, ...rest } = encode(hubMessage([{ type: 'text', text: 'Hi' }]));
  assert.deepEqual(output, [
    {
      id: 'msg_abc_0',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'Hi' }],
    },
  ]);
  assert.deepEqual(counts, {
    input_tokens: 12,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 5 },
    output_tokens: 6,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 18,
  });
  assert.deepEqual(
    [rest.id, rest.object, rest.status, rest.created_at, rest.instructions, rest.parallel_tool_calls],
    ['resp_abc', 'response', 'completed', 1_700_000_000, 'Be brief.', false],
  );
});

test('calls of custom tools and of namespaces go back under the client’s own names', async () => {
  const tools = [
    { type: 'custom', name: 'apply_patch' },
    { type: 'namespace', name: 'mcp__files__', tools: [{ type: 'function', name: 'find', parameters: {} }] },
  ];
  const message = hubMessage([
    { type: 'tool_use', id: 'a', name: 'apply_patch', input: { input: '*** "Begin"\n' } },
    { type: 'tool_use', id: 'b', name: 'mcp__files__find', input: { q: 1 } },
    { type: 'tool_use', id: 'c', name: 'other', input: {} },
  ]);
  const by = { ...asked, body: { model: 'asked-for', tools } };
  for (const response of [encode(message, by), await streamed(messageToEvents(message), by)])
    assert.deepEqual(
      response.output.map((item) => JSON.parse(JSON.stringify({ ...item, parsed_arguments: undefined }))),
      [
        {
          id: 'ctc_abc_0',
          type: 'custom_tool_call',
          status: 'completed',
          call_id: 'a',
          name: 'apply_patch',
          input: '*** "Begin"\n',
        },
        {
          id: 'fc_abc_1',
          type: 'function_call',
          status: 'completed',
          call_id: 'b',
          name: 'find',
          namespace: 'mcp__files__',
          arguments: '{"q":1}',
        },
        {
          id: 'fc_abc_2',
          type: 'function_call',
          status: 'completed',
          call_id: 'c',
          name: 'other',
          arguments: '{}',
        },
      ],
    );
});

test('thinking, redacted thinking, searches and citations', async () => {
  const found = { type: 'web_search_result', url: 'https://a.example', title: 'A', encrypted_content: '' };
  const citation = {
    type: 'web_search_result_location',
    url: 'https://a.example',
    title: 'A',
    cited_text: 'x',
  };
  const message = hubMessage([
    { type: 'thinking', thinking: 'Hm.', signature: 'sy1.up.x' },
    { type: 'redacted_thinking', data: 'zzz' },
    { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'cats' } },
    { type: 'web_search_tool_result', tool_use_id: 's1', content: [found] },
    { type: 'server_tool_use', id: 's2', name: 'web_search', input: { query: 'dogs' } },
    { type: 'web_search_tool_result', tool_use_id: 's2', content: { error_code: 'unavailable' } },
    { type: 'text', text: 'Found ' },
    { type: 'text', text: 'it.', citations: [citation] },
  ]);
  const search = (query: string, sources: unknown[]) => ({
    type: 'search',
    query,
    queries: [query],
    sources,
  });
  for (const response of [encode(message), await streamed(messageToEvents(message))]) {
    const [thinking, redacted, first, second, answer] = response.output;
    assert.deepEqual(thinking, {
      id: 'rs_abc_0',
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Hm.' }],
      encrypted_content: 'sy1.up.x',
    });
    assert.ok(redacted?.type === 'reasoning' && redacted.encrypted_content === 'redacted.zzz');
    assert.ok(first?.type === 'web_search_call' && second?.type === 'web_search_call');
    assert.deepEqual([first.status, second.status], ['completed', 'failed']);
    assert.deepEqual(first.action, search('cats', [{ type: 'url', url: 'https://a.example' }]));
    assert.deepEqual(second.action, search('dogs', []));
    assert.ok(answer?.type === 'message');
    assert.deepEqual(
      answer.content.map((part) => part.type === 'output_text' && [part.text, part.annotations]),
      [
        ['Found ', []],
        [
          'it.',
          [{ type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 3 }],
        ],
      ],
    );
  }
});

test('how answers end', () => {
  const end = (stop_reason: string) => {
    const { status, incomplete_details } = encode(hubMessage([], { stop_reason }));
    return [status, incomplete_details?.reason];
  };
  assert.deepEqual(end('stop_sequence'), ['completed', undefined]);
  assert.deepEqual(end('max_tokens'), ['incomplete', 'max_output_tokens']);
  assert.deepEqual(end('model_context_window_exceeded'), ['incomplete', 'max_output_tokens']);
  assert.deepEqual(end('refusal'), ['incomplete', 'content_filter']);
});

test('an error in a stream: the official SDK throws it, event readers get a failed response', async () => {
  const [start] = messageToEvents(hubMessage([]));
  assert.ok(start);
  const events: HubEvent[] = [
    start,
    { type: 'error', error: { type: 'overloaded_error', message: 'Busy.' } },
  ];
  await assert.rejects(streamed(events), /Busy\./);
  const last = wireOf(events).trim().split('\n\n').at(-1) ?? '';
  assert.match(last, /^event: response\.failed\n/);
  const { response } = JSON.parse(last.slice(last.indexOf('{'))) as { response: OpenAiResponse };
  assert.equal(response.status, 'failed');
  assert.deepEqual(response.error, { code: 'server_is_overloaded', message: 'Busy.' });
  assert.equal(wireOf([{ type: 'ping' }]), ': ping\n\n');
});

test('refusals by HTTP status: the official SDK’s own errors', async () => {
  const ask = (status: number, type: string, message: string) => {
    const body = JSON.stringify(openAiResponsesClient.encodeError({ status, type, message }));
    return sdk(body, 'application/json', status).responses.create({ model: 'm', input: 'x' });
  };
  const thrown = async (status: number, type: string, message = 'No.') => {
    const error: unknown = await ask(status, type, message).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof OpenAI.APIError);
    return [error.constructor, error.code, error.message];
  };
  assert.deepEqual(await thrown(401, 'authentication_error'), [
    OpenAI.AuthenticationError,
    'invalid_api_key',
    '401 No.',
  ]);
  assert.deepEqual(await thrown(429, 'rate_limit_error'), [
    OpenAI.RateLimitError,
    'rate_limit_exceeded',
    '429 No.',
  ]);
  assert.deepEqual(await thrown(400, 'invalid_request_error', 'prompt is too long: 2 tokens > 1 maximum'), [
    OpenAI.BadRequestError,
    'context_length_exceeded',
    '400 prompt is too long: 2 tokens > 1 maximum',
  ]);
  assert.deepEqual(await thrown(529, 'overloaded_error'), [
    OpenAI.InternalServerError,
    'server_is_overloaded',
    '529 No.',
  ]);
  assert.deepEqual(await thrown(404, 'not_found_error', 'no model x'), [
    OpenAI.NotFoundError,
    'model_not_found',
    '404 no model x',
  ]);
});
