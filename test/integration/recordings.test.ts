// Every recorded answer, replayed by a real upstream through the running router to the official Anthropic SDK.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { checkMessage } from '../tools/recorded-expectations.ts';
import { replayRouter } from '../tools/recorded-replay.ts';
import { type Recording, recordings, recordingsAbsent } from '../tools/recordings.ts';
import type { TestRouter } from '../tools/router-harness.ts';

const cases = recordings();

test('recordings through the running router', { skip: recordingsAbsent ?? false }, async (t) => {
  const router = await replayRouter(t, cases);
  for (const recording of cases) {
    await t.test(`${recording.dialect} ${recording.id}`, () => check(recording, router));
  }
});

async function check(recording: Recording, router: TestRouter): Promise<void> {
  const client = new Anthropic({ baseURL: router.url, authToken: router.token, apiKey: null, maxRetries: 0 });
  const model = `${recording.id}/recorded`;
  const params = { model, max_tokens: 1000, messages: [{ role: 'user' as const, content: 'Hi' }] };
  const asked = recording.stream
    ? client.messages.stream(params).finalMessage()
    : client.messages.create(params);
  if (recording.status >= 300 || recording.expect.finish_class === 'error') {
    checkError(recording, await failureOf(asked));
    return;
  }
  const message = await asked;
  assert.equal(message.model, model);
  checkMessage(message, recording.stream ? asAssembledBySdk(recording) : recording, undefined);
}

/** The SDK's stream helper leaves the input of MCP calls empty: it puts together `tool_use` and `server_tool_use` only. */
function asAssembledBySdk(recording: Recording): Recording {
  const calls = recording.expect.server_tool_calls?.map((call) =>
    call.id.startsWith('mcptoolu_') ? { ...call, arguments: {} } : call,
  );
  return calls ? { ...recording, expect: { ...recording.expect, server_tool_calls: calls } } : recording;
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof Error, 'it should have failed');
  return outcome;
}

function checkError({ dialect, status, expect }: Recording, error: Error): void {
  assert.ok(error instanceof APIError, `${error}`);
  // Claude Code takes every message with this header's name for a missing login of its own.
  const message = expect.error?.message?.replace('x-api-key', 'API key');
  // A list of validation errors is said in words.
  if (message && !message.startsWith('['))
    assert.ok(error.message.includes(JSON.stringify(message).slice(1, -1)), error.message);
  if (status < 300) return;
  assert.ok(error.status !== undefined && error.status >= 400, `${error.status}`);
  // Claude Code would try a 401 for three minutes, and the key is not the client's to mend.
  assert.notEqual(error.status, 401);
  if (dialect === 'anthropic' && status !== 401) assert.equal(error.status, status);
}
