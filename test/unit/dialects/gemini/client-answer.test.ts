// What Gemini clients get: every recorded answer of every dialect, and what comes back of it, read by the official client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { messageToEvents } from '../../../../src/core/dialects/accumulate.ts';
import type { AskedBy, ClientDialect } from '../../../../src/core/dialects/dialect.ts';
import { askedOf } from '../../../../src/core/dialects/gemini/client/asked-request.ts';
import { geminiClient, geminiListClient } from '../../../../src/core/dialects/gemini/client/client.ts';
import type { HubEvent, HubMessage } from '../../../../src/core/dialects/hub.ts';
import { hubUsage } from '../../../../src/core/dialects/usage.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { recordedBytes, recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import {
  accumulate,
  decodeContext,
  decodeEvents,
  dialect,
  split,
  textOfMessage,
  thinkingOfMessage,
} from '../decode.ts';

function official(body: string, contentType: string, status = 200): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: 'none',
    httpOptions: {
      baseUrl: 'http://localhost:9',
      fetch: async () => new Response(body, { status, headers: { 'content-type': contentType } }),
    },
  });
}

const asking = { model: 'gemini-x', contents: 'Hi' };

async function readStream(events: readonly HubEvent[], asked?: AskedBy): Promise<GenerateContentResponse[]> {
  const encoder = geminiClient.createStreamEncoder(asked);
  const wire = events.map((event) => encoder.push(event)).join('');
  const stream = await official(wire, 'text/event-stream').models.generateContentStream(asking);
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

function readWhole(message: HubMessage): Promise<GenerateContentResponse> {
  const body = JSON.stringify(geminiClient.encodeResponse(message));
  return official(body, 'application/json').models.generateContent(asking);
}

type Parts = NonNullable<
  NonNullable<NonNullable<GenerateContentResponse['candidates']>[0]['content']>['parts']
>;

function partsOf(chunks: readonly GenerateContentResponse[]): Parts {
  return chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
}

/** The client's answer says what the hub's does. */
function compare(chunks: readonly GenerateContentResponse[], message: HubMessage): void {
  const parts = partsOf(chunks);
  const said = (thought: boolean) =>
    parts.map((part) => ((part.thought === true) === thought ? (part.text ?? '') : '')).join('');
  assert.equal(said(false), textOfMessage(message));
  assert.equal(said(true), thinkingOfMessage(message));
  assert.deepEqual(
    parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : [])),
    message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, args: block.input }] : [],
    ),
  );
  const last = chunks.at(-1);
  const reasons: Record<string, string> = {
    max_tokens: 'MAX_TOKENS',
    model_context_window_exceeded: 'MAX_TOKENS',
    refusal: 'SAFETY',
  };
  assert.equal(last?.candidates?.[0]?.finishReason, reasons[String(message.stop_reason)] ?? 'STOP');
  for (const chunk of chunks.slice(0, -1)) assert.equal(chunk.candidates?.[0]?.finishReason, undefined);
  const { usage } = message;
  const told = last?.usageMetadata;
  assert.deepEqual(
    [
      (told?.promptTokenCount ?? 0) - (told?.cachedContentTokenCount ?? 0),
      (told?.candidatesTokenCount ?? 0) + (told?.thoughtsTokenCount ?? 0),
      told?.cachedContentTokenCount ?? 0,
    ],
    [
      usage.input_tokens + (usage.cache_creation_input_tokens ?? 0),
      usage.output_tokens,
      usage.cache_read_input_tokens ?? 0,
    ],
  );
  assert.equal(last?.modelVersion, 'asked-for');
  for (const part of parts)
    assert.notEqual(Object.keys(part).length, 0, 'the official chat drops such answers');
}

if (recordingsAbsent !== undefined) test('recorded answers', { skip: recordingsAbsent }, () => {});

for (const recording of recordings()) {
  if (recording.status >= 300) continue;
  const decoded = () =>
    recording.stream
      ? decodeEvents(recording.dialect, split([recordedBytes(recording)]))
      : wholeEvents(recording.dialect, recordedBytes(recording));
  test(`${recording.dialect} ${recording.id}: read by the official client`, async () => {
    const events = decoded();
    if (events.at(-1)?.type === 'error') {
      await assert.rejects(readStream(events), (error) => error instanceof ApiError && error.status >= 400);
      return;
    }
    const message = accumulate(events);
    compare(await readStream(events), message);
    const whole = await readWhole(message);
    compare([whole], message);
  });
  test(`${recording.dialect} ${recording.id}: comes back as it was`, async () => {
    const events = decoded();
    if (events.at(-1)?.type === 'error') return;
    const chunks = await readStream(events, { body: {}, at: 0 });
    assert.ok(!partsOf(chunks).some((part) => part.thought), 'thoughts are for those who ask for them');
    // As the official chat keeps it: one content for each chunk.
    const contents = [
      { role: 'user', parts: [{ text: 'Hi' }] },
      ...chunks.map((chunk) => chunk.candidates?.[0]?.content),
    ];
    const { messages } = geminiClient.decodeRequest(askedOf({ contents }, 'm', true));
    assert.deepEqual(essence(messages[1]?.content), essence(accumulate(events).content));
  });
}

function wholeEvents(id: Parameters<typeof dialect>[0], bytes: Uint8Array): HubEvent[] {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return messageToEvents(dialect(id).decodeResponse(body, decodeContext()));
  } catch (error) {
    assert.ok(isUpstreamFailure(error), String(error));
    const { errorType: type, message, status } = error.failure;
    return [{ type: 'error', error: { type, message }, status }];
  }
}

/** What has to survive: texts, calls, signed thinking with its place before them. */
function essence(content: unknown): unknown[] {
  const blocks = (Array.isArray(content) ? content : []) as Record<string, unknown>[];
  const kept: Record<string, unknown>[] = [];
  for (const { type, text, thinking, signature, data, id, name, input } of blocks) {
    const last = kept.at(-1);
    if (type === 'text' && last?.type === 'text') last.text = `${last.text}${text}`;
    else if (type === 'text' && String(text).trim() !== '') kept.push({ type, text });
    else if (type === 'thinking' && signature) kept.push({ type, thinking, signature });
    else if (type === 'redacted_thinking') kept.push({ type, data });
    else if (type === 'tool_use') kept.push({ type, id, name, input });
  }
  return kept;
}

function message(content: object[], more: object = {}): HubMessage {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'asked-for',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    stop_details: null,
    usage: hubUsage({ input: 3, output: 5 }),
    ...more,
  } as unknown as HubMessage;
}

test('an answer without anything is still one that the official chat keeps', async () => {
  const empty = message([], { stop_reason: 'max_tokens' });
  const [part] = partsOf([await readWhole(empty)]);
  assert.deepEqual(part, { text: '' });
  compare(await readStream(messageToEvents(empty)), empty);
});

test('what was searched', async () => {
  const found = message([
    { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'cats' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [{ type: 'web_search_result', url: 'https://a.test', title: 'A', encrypted_content: '' }],
    },
    { type: 'text', text: 'Found.' },
  ]);
  const expected = {
    webSearchQueries: ['cats'],
    groundingChunks: [{ web: { uri: 'https://a.test', title: 'A' } }],
  };
  assert.deepEqual((await readWhole(found)).candidates?.[0]?.groundingMetadata, expected);
  const chunks = await readStream(messageToEvents(found));
  assert.deepEqual(chunks.at(-1)?.candidates?.[0]?.groundingMetadata, expected);
});

test('a refusal says why', () => {
  const refused = message([], {
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', category: null, explanation: 'No.' },
  });
  // The official client keeps this field for Vertex only.
  assert.match(JSON.stringify(geminiClient.encodeResponse(refused)), /"finishMessage":"No\."/);
});

test('pings say nothing, in events and in a list', async () => {
  const ping: HubEvent = { type: 'ping' };
  const said = message([{ type: 'text', text: 'a' }]);
  const events = [ping, ...messageToEvents(said).flatMap((event) => [event, ping])];
  compare(await readStream(events), said);
  const encoder = geminiListClient.createStreamEncoder();
  compare(JSON.parse(events.map((event) => encoder.push(event)).join('')), said);
  assert.notEqual(geminiListClient.createStreamEncoder().push(ping), '');
});

test('without events: one JSON list, also when it ends with an error', () => {
  const wire = (client: ClientDialect, events: readonly HubEvent[]) => {
    const encoder = client.createStreamEncoder();
    return events.map((event) => encoder.push(event)).join('');
  };
  const events = messageToEvents(
    message([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]),
  );
  const list = JSON.parse(wire(geminiListClient, events)) as GenerateContentResponse[];
  assert.equal(list.length, 3);
  compare(list, accumulate(events));
  const failed: HubEvent[] = [
    ...events.slice(0, 4),
    { type: 'error', error: { type: 'api_error', message: 'm' } },
  ];
  const [, error] = JSON.parse(wire(geminiListClient, failed)) as unknown[];
  assert.deepEqual(error, { error: { code: 500, message: 'm', status: 'INTERNAL' } });
  const early = wire(geminiListClient, failed.slice(-1));
  assert.deepEqual(JSON.parse(early), [error]);
});

const errors: [status: number, type: string, code: number, word: string][] = [
  [400, 'invalid_request_error', 400, 'INVALID_ARGUMENT'],
  [401, 'authentication_error', 401, 'UNAUTHENTICATED'],
  [403, 'permission_error', 403, 'PERMISSION_DENIED'],
  [404, 'not_found_error', 404, 'NOT_FOUND'],
  [413, 'request_too_large', 413, 'INVALID_ARGUMENT'],
  [429, 'rate_limit_error', 429, 'RESOURCE_EXHAUSTED'],
  [500, 'api_error', 500, 'INTERNAL'],
  [504, 'timeout_error', 504, 'DEADLINE_EXCEEDED'],
  [529, 'overloaded_error', 503, 'UNAVAILABLE'],
  [502, 'unheard_of', 502, 'INTERNAL'],
];

for (const [status, type, code, word] of errors)
  test(`error ${status} ${type}`, async () => {
    const body = geminiClient.encodeError({ status, type, message: 'why' });
    assert.deepEqual(body, { error: { code, message: 'why', status: word } });
    const client = official(JSON.stringify(body), 'application/json', status);
    await assert.rejects(client.models.generateContent(asking), (error) => {
      return error instanceof ApiError && error.status === status && error.message.includes('why');
    });
  });
