// Compares what a client of any dialect reads with what a recorded answer holds. `recorded-expectations.ts` looks closer
// at what an Anthropic client gets.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { DialectId } from '../../src/core/dialects/dialect.ts';
import type { Finish, Reading } from './client-readings.ts';
import type { Recording } from './recordings.ts';

/**
 * For a client of another dialect than the recording's. What it can be told differs from the raw reading: thinking tags are
 * thinking, a custom tool's text is an object, ids are never missing; `Finish` holds no word for a pause or a stop sequence,
 * because OpenAI and Google have none.
 */
export function checkReading(client: DialectId, recording: Recording, reading: Reading): void {
  checkTexts(client, recording, reading);
  checkCalls(recording, reading);
  assert.equal(reading.finish, finishOf(recording));
  checkUsage(recording, reading);
}

/** A plain reading of <think> at the beginning, independent of the decoder's. */
function withoutTags(text: string): { text: string; thinking: string } {
  const match = /^\s*<think>\s*([\s\S]*?)(?:<\/think>\s*([\s\S]*))?$/.exec(text);
  return match ? { text: match[2] ?? '', thinking: match[1] ?? '' } : { text, thinking: '' };
}

function checkTexts(client: DialectId, { expect }: Recording, reading: Reading): void {
  const { text, thinking } = withoutTags(expect.text);
  const said = expect.refusal === null ? reading.text : reading.text + reading.refusal;
  assert.equal(joined(client, said), joined(client, expect.refusal ?? text));
  if (thinking !== '') assert.equal(reading.thinking, thinking);
  else if (joined(client, 'a b') === 'a b') {
    assert.equal(reading.thinking.length, expect.reasoning_length);
    if (expect.reasoning_sha256_16) assert.equal(sha256(reading.thinking), expect.reasoning_sha256_16);
  } else assert.ok(reading.thinking.length >= expect.reasoning_length);
}

/** A chat message has one text and one reasoning: blocks become paragraphs. */
function joined(client: DialectId, text: string): string {
  return client === 'openai-chat' ? text.replace(/\s+/g, '') : text;
}

function checkCalls({ expect }: Recording, { calls }: Reading): void {
  assert.deepEqual(
    calls.map(({ name, input }) => ({ name, input })),
    expect.tool_calls.map(({ name, arguments: input }) => ({
      name,
      input: typeof input === 'string' ? { input } : input,
    })),
  );
  const ids = calls.map(({ id }) => id);
  assert.ok(
    ids.every((id) => id !== undefined && id !== ''),
    `ids: ${ids}`,
  );
  assert.equal(new Set(ids).size, ids.length);
}

function finishOf({ dialect, expect }: Recording): Finish {
  const calls = expect.tool_calls.length > 0;
  switch (expect.finish_class) {
    case 'length':
    case 'content_filter':
      return expect.finish_class;
    case null:
      // Nothing but feedback on the prompt: it was refused, even if no reason is given.
      return dialect === 'gemini' ? 'content_filter' : calls ? 'tool_calls' : 'stop';
    default:
      return calls ? 'tool_calls' : 'stop';
  }
}

function checkUsage({ dialect, expect }: Recording, { usage }: Reading): void {
  assert.ok(usage, 'usage is told');
  if (!expect.usage || expect.usage.input === null) {
    assert.ok(usage.input > 0, 'input is estimated');
    return;
  }
  const { input, output, cached, cache_read, cache_write, reasoning, tool_use_prompt } = expect.usage;
  // Anthropic alone counts cached tokens beside the others, Gemini alone thoughts beside the output.
  const beside = dialect === 'anthropic' ? (cache_read ?? 0) + (cache_write ?? 0) : 0;
  assert.deepEqual(usage, {
    // Some servers tell more cached tokens than the prompt had.
    input: Math.max(input + (tool_use_prompt ?? 0) + beside, cached ?? 0),
    output: (output ?? 0) + (dialect === 'gemini' ? (reasoning ?? 0) : 0),
    cached: cached ?? cache_read ?? 0,
  });
}

/** That the client tells its user what the provider said, with a status that it can act on. */
export function checkRefused({ status, expect }: Recording, error: Error): void {
  // Claude Code takes every message with this header's name for a missing login of its own.
  const message = expect.error?.message?.replace('x-api-key', 'API key');
  // A list of validation errors is said in words. Google's client puts the body, JSON, into its message, and the body of
  // a stream's refusal once more as a text.
  if (message && !message.startsWith('['))
    assert.ok(
      [message, quoted(message), quoted(quoted(message))].some((form) => error.message.includes(form)),
      `${error.message}\nlacks ${message}`,
    );
  if (status < 300) return;
  const told = 'status' in error ? Number(error.status) : Number.NaN;
  assert.ok(told >= 400, `status ${told}`);
  // The key is the router's, not the client's to mend.
  assert.notEqual(told, 401);
}

/** As it stands inside a JSON text. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
