// Compares what an Anthropic client gets with what a recorded answer holds.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { HubMessage } from '../../src/core/dialects/hub.ts';
import type { Recording } from './recordings.ts';

function textOfMessage(message: HubMessage): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function thinkingOfMessage(message: HubMessage): string {
  return message.content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('');
}

/**
 * What an Anthropic client can be told differs from the raw reading in four points: thinking tags are thinking, a refusal
 * is text, a custom tool's text is an object, and ids are never missing.
 */
export function checkMessage(message: HubMessage, recording: Recording, error: string | undefined): void {
  const { expect } = recording;
  const { text, thinking } = withoutTags(expect.text);
  assert.equal(textOfMessage(message), expect.refusal ?? text);
  const thought = thinkingOfMessage(message);
  if (thinking !== '') assert.equal(thought, thinking);
  else {
    assert.equal(thought.length, expect.reasoning_length);
    if (expect.reasoning_sha256_16) assert.equal(sha256(thought), expect.reasoning_sha256_16);
  }
  checkCalls(message, recording);
  if (expect.block_types)
    assert.deepEqual(
      message.content.map((block) => block.type),
      expect.block_types,
    );
  assert.equal(error !== undefined, expect.finish_class === 'error', `error: ${error}`);
  if (error !== undefined) {
    assert.ok(error.startsWith(expect.error?.message ?? ''), error);
    return;
  }
  assert.equal(message.stop_reason, stopReason(recording));
  if (expect.stop_sequence) assert.equal(message.stop_sequence, expect.stop_sequence);
  checkUsage(message, recording);
}

function checkCalls(message: HubMessage, { expect }: Recording): void {
  const calls = message.content.flatMap((block) =>
    block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: block.input }] : [],
  );
  const expected = expect.tool_calls.map(({ id, name, arguments: input }, index) => ({
    id: id ?? calls[index]?.id,
    name,
    arguments: typeof input === 'string' ? { input } : input,
  }));
  assert.deepEqual(calls, expected);
  assert.ok(calls.every((call) => call.id !== ''));
  if (!expect.server_tool_calls) return;
  const server = message.content.flatMap((block) =>
    block.type === 'server_tool_use' || (block.type as string) === 'mcp_tool_use'
      ? [
          {
            id: 'id' in block ? block.id : '',
            name: 'name' in block ? block.name : '',
            arguments: 'input' in block ? block.input : {},
          },
        ]
      : [],
  );
  assert.deepEqual(server, expect.server_tool_calls);
}

function checkUsage(message: HubMessage, { expect, dialect: id }: Recording): void {
  const { usage } = message;
  if (!expect.usage) {
    assert.ok(usage.input_tokens > 0, 'input is estimated');
    assert.ok(usage.output_tokens > 0 || message.content.length === 0, 'output is estimated');
    return;
  }
  const { input, output, cached, cache_read, cache_write, reasoning, tool_use_prompt } = expect.usage;
  if (input === null) {
    assert.ok(usage.input_tokens > 0, 'input is estimated');
    return;
  }
  const inside = id === 'anthropic' ? 0 : (cached ?? 0);
  assert.deepEqual(
    {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrite: usage.cache_creation_input_tokens ?? 0,
    },
    {
      input: Math.max(0, input + (tool_use_prompt ?? 0) - inside),
      // Gemini alone leaves thoughts out of the count.
      output: (output ?? 0) + (id === 'gemini' ? (reasoning ?? 0) : 0),
      cacheRead: cached ?? cache_read ?? 0,
      cacheWrite: cache_write ?? 0,
    },
  );
  if (reasoning && id !== 'anthropic') assert.equal(usage.output_tokens_details?.thinking_tokens, reasoning);
}

function stopReason({ expect, dialect: id }: Recording): string | null {
  if (id === 'anthropic') return expect.finish_reason;
  // Nothing but feedback on the prompt: it was refused, even if no reason is given.
  if (id === 'gemini' && expect.finish_class === null) return 'refusal';
  if (expect.finish_class === null || expect.finish_class === 'other')
    return expect.tool_calls.length > 0 ? 'tool_use' : 'end_turn';
  const reasons = {
    stop: 'end_turn',
    tool_calls: 'tool_use',
    length: 'max_tokens',
    content_filter: 'refusal',
  };
  return expect.finish_class in reasons ? reasons[expect.finish_class as keyof typeof reasons] : null;
}

/** A plain reading of <think> at the beginning, independent of the decoder's. */
function withoutTags(text: string): { text: string; thinking: string } {
  const match = /^\s*<think>\s*([\s\S]*?)(?:<\/think>\s*([\s\S]*))?$/.exec(text);
  return match ? { text: match[2] ?? '', thinking: match[1] ?? '' } : { text, thinking: '' };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
