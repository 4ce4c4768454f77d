// What makes an answer valid in the dialect of the client that gets it: enough for the official clients to read it.
import assert from 'node:assert/strict';
import type { DialectId } from '../../src/core/dialects/dialect.ts';
import type { HubEvent } from '../../src/core/dialects/hub.ts';
import { isObject, type JsonObject } from '../../src/core/json/values.ts';
import { SseSplitter } from '../../src/core/sse/splitter.ts';
import { checkGrammar } from './anthropic-grammar.ts';

export interface ClientAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Throws an `AssertionError` that says what the dialect's clients could not read. */
export function checkClientAnswer(client: DialectId, answer: ClientAnswer, asked: { stream: boolean }): void {
  const { status, headers, body } = answer;
  assert.ok(status === 200 || (status >= 400 && status < 600), `status ${status}`);
  if (status !== 200) {
    assert.match(headers['content-type'] ?? '', /^application\/json/);
    checkError[client](object(JSON.parse(body)));
  } else if (asked.stream) checkStream(client, body);
  else checkWhole[client](object(JSON.parse(body)));
}

function object(value: unknown): JsonObject {
  assert.ok(isObject(value), `no object: ${JSON.stringify(value)?.slice(0, 200)}`);
  return value;
}

function named(value: unknown, ...fields: string[]): void {
  const found = object(value);
  for (const field of fields)
    assert.ok(typeof found[field] === 'string' && found[field] !== '', `${field}: ${found[field]}`);
}

function openAiError({ error }: JsonObject): void {
  named(error, 'message', 'type');
}

const checkError: Readonly<Record<DialectId, (body: JsonObject) => void>> = {
  anthropic: ({ type, error }) => {
    assert.equal(type, 'error');
    named(error, 'type', 'message');
  },
  'openai-chat': openAiError,
  'openai-responses': openAiError,
  gemini: ({ error }) => {
    named(error, 'message', 'status');
    assert.equal(typeof object(error).code, 'number');
  },
};

const checkWhole: Readonly<Record<DialectId, (body: JsonObject) => void>> = {
  anthropic: (body) => {
    assert.deepEqual([body.type, body.role, Array.isArray(body.content)], ['message', 'assistant', true]);
    named(body, 'id', 'model', 'stop_reason');
    assert.equal(typeof object(body.usage).output_tokens, 'number');
  },
  'openai-chat': (body) => {
    assert.equal(body.object, 'chat.completion');
    const choices = body.choices;
    assert.ok(Array.isArray(choices));
    const choice = object(choices[0]);
    named(choice, 'finish_reason');
    assert.equal(object(choice.message).role, 'assistant');
  },
  'openai-responses': (body) => {
    assert.equal(body.object, 'response');
    assert.ok(Array.isArray(body.output));
    named(body, 'id', 'status');
  },
  gemini: (body) => {
    assert.ok(Array.isArray(body.candidates));
    object(object(body.candidates[0]).content);
    object(body.usageMetadata);
  },
};

function checkStream(client: DialectId, body: string): void {
  const splitter = new SseSplitter();
  const events = [...splitter.push(new TextEncoder().encode(body)), ...splitter.end()];
  const data = events.filter((event) => event.data !== '').map((event) => event.data);
  checkEvents[client](data);
}

const checkEvents: Readonly<Record<DialectId, (data: readonly string[]) => void>> = {
  anthropic: (data) => {
    const events = data.map((text) => JSON.parse(text) as HubEvent);
    checkGrammar(events, { converted: false });
    assert.ok(['message_stop', 'error'].includes(String(events.at(-1)?.type)), 'it ends');
  },
  'openai-chat': (data) => {
    const done = data.at(-1) === '[DONE]';
    const chunks = (done ? data.slice(0, -1) : data).map((text) => object(JSON.parse(text)));
    const failed = chunks.at(-1)?.error !== undefined;
    assert.notEqual(done, failed, 'it ends, well or with an error');
    if (failed) openAiError(object(chunks.pop()));
    for (const chunk of chunks) {
      assert.equal(chunk.object, 'chat.completion.chunk');
      assert.ok(Array.isArray(chunk.choices));
    }
  },
  'openai-responses': (data) => {
    const events = data.map((text) => object(JSON.parse(text)));
    for (const [at, event] of events.entries()) assert.equal(event.sequence_number, at);
    const ends = ['response.completed', 'response.incomplete', 'response.failed'];
    const last = events.at(-1);
    assert.ok(ends.includes(String(last?.type)), `ends with ${last?.type}`);
    assert.equal(events.filter(({ type }) => ends.includes(String(type))).length, 1);
  },
  gemini: (data) => {
    const chunks = data.map((text) => object(JSON.parse(text)));
    const last = chunks.at(-1);
    if (last?.error !== undefined) checkError.gemini(object(chunks.pop()));
    else {
      const [candidate] = Array.isArray(last?.candidates) ? last.candidates : [];
      named(candidate, 'finishReason');
    }
    for (const chunk of chunks) assert.ok(Array.isArray(chunk.candidates));
  },
};
