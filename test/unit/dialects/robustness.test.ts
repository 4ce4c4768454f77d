// Whatever comes in, from a client or an upstream: only the errors that the gateway knows come out, and always an end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRequest } from '../../../src/core/dialects/anthropic/request-check.ts';
import { AnthropicStreamPeek } from '../../../src/core/dialects/anthropic/stream-peek.ts';
import { checkGrammar } from '../../tools/anthropic-grammar.ts';
import { recordedBytes, recordings, recordingsAbsent } from '../../tools/recordings.ts';
import { seeded } from '../../tools/seeded.ts';
import { target, toolLoopRequest } from './claude-code-request.ts';
import { decodeContext, decodeEvents, dialect, split } from './decode.ts';
import { garbageOf, onlyKnownErrors } from './garbage.ts';

const dialectsTested = ['openai-chat', 'anthropic', 'openai-responses', 'gemini'] as const;

const words =
  `type text content role user assistant system tool_use tool_result thinking signature image document source
  base64 media_type data id name input tool_use_id model messages tools choices delta message index finish_reason stop
  tool_calls function arguments usage prompt_tokens error reasoning_details annotations url_citation message_start
  content_block_start content_block_delta content_block message_delta message_stop input_schema $ref #/$defs/a $defs
  output summary encrypted_content output_text reasoning_text function_call call_id arguments action sources annotation
  output_index item_id item part content_index summary_index response status incomplete_details
  candidates parts thought thoughtSignature functionCall args partialArgs jsonPath $.a[0].b stringValue willContinue
  finishReason STOP groundingMetadata groundingChunks web uri webSearchQueries promptFeedback inlineData
  properties anyOf stream max_tokens thinking budget_tokens output_config format schema metadata user_id __proto__`.split(
    /\s+/,
  );

const { randomValue, disturb } = garbageOf(words);

test('requests: random and disturbed ones are refused by name or converted', () => {
  const pick = seeded(1);
  let accepted = 0;
  for (let round = 0; round < 3000; round++) {
    const body = (
      round % 3 === 0 ? randomValue(pick) : disturb(structuredClone(toolLoopRequest()), pick)
    ) as Record<string, unknown>;
    if (typeof body !== 'object' || body === null) continue;
    const quirks = { cacheControl: true, fileParts: true, reasoningHistory: 'reasoning_details' as const };
    const done = onlyKnownErrors(() => {
      const request = checkRequest(body);
      for (const id of dialectsTested)
        JSON.stringify(dialect(id).encodeRequest(request, target(quirks, { vision: round % 2 === 0 })).body);
    }, body);
    if (done) accepted++;
  }
  assert.ok(accepted > 200 && accepted < 2500, `${accepted} of 3000 were requests`);
});

test('whole answers: random bodies are decoded or failures', () => {
  const pick = seeded(2);
  const answer = {
    choices: [
      {
        message: {
          content: 'x',
          tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }],
          reasoning_details: [{}],
        },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  };
  for (let round = 0; round < 3000; round++) {
    const body = round % 2 === 0 ? randomValue(pick) : disturb(answer, pick);
    for (const id of dialectsTested)
      onlyKnownErrors(() => {
        JSON.stringify(dialect(id).decodeResponse(body, decodeContext({ webSearchTool: 'web_search' })));
      }, body);
  }
});

if (recordingsAbsent !== undefined) test('recorded streams', { skip: recordingsAbsent }, () => {});

for (const id of dialectsTested) {
  const streams = recordings(id).filter((recording) => recording.stream && recording.status === 200);
  if (streams.length === 0) continue;

  test(`${id}: streams cut anywhere end well or with an error, never with a fake end`, () => {
    const pick = seeded(3);
    for (const recording of streams) {
      const bytes = recordedBytes(recording);
      for (let round = 0; round < 8; round++) {
        const cut = bytes.subarray(0, pick(bytes.length));
        const events = decodeEvents(id, split([cut]));
        if (id !== 'anthropic') checkGrammar(events, { converted: true });
        const text = new TextDecoder().decode(cut);
        const finished =
          /"(?:finish_?|stop_)reason":\s*["\d]|\[DONE\]|"message_stop"|"response.(?:completed|incomplete)"/i.test(
            text,
          );
        if (!finished) assert.equal(events.at(-1)?.type, 'error', `${recording.id} cut at ${cut.length}`);
      }
    }
  });

  test(`${id}: streams with broken bytes`, () => {
    const pick = seeded(4);
    for (const recording of streams) {
      const whole = recordedBytes(recording);
      for (let round = 0; round < 8; round++) {
        const bytes = whole.slice(0, 6000);
        for (let hit = 0; hit < 5; hit++) bytes[pick(bytes.length)] = pick(256);
        onlyKnownErrors(() => {
          const events = decodeEvents(id, split([bytes]));
          if (id !== 'anthropic') checkGrammar(events, { converted: true });
          const peek = new AnthropicStreamPeek('x');
          for (const event of split([bytes])) peek.push(event);
        }, recording.id);
      }
    }
  });
}

test('events of random JSON', () => {
  const pick = seeded(5);
  for (let round = 0; round < 2000; round++) {
    const data = Array.from({ length: 1 + pick(4) }, () => {
      const value = JSON.stringify(
        pick(2) === 0
          ? randomValue(pick)
          : { choices: [{ index: 0, delta: randomValue(pick), finish_reason: null }] },
      );
      return `${pick(5) === 0 ? 'event: error\n' : ''}data: ${value}\n\n`;
    });
    const bytes = new TextEncoder().encode(data.join(''));
    onlyKnownErrors(() => {
      const events = decodeEvents(
        'openai-chat',
        split([bytes]),
        decodeContext({ webSearchTool: 'web_search' }),
      );
      checkGrammar(events, { converted: true });
      decodeEvents('anthropic', split([bytes]));
      const peek = new AnthropicStreamPeek('x');
      for (const event of split([bytes])) peek.push(event);
    }, data);
  }
});
