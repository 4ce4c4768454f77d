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
