// Noise from clients and upstreams: only the errors that the gateway knows come out, and streams always end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../../../src/core/client-error.ts';
import { messageToEvents } from '../../../../src/core/dialects/accumulate.ts';
import type { HubEvent } from '../../../../src/core/dialects/hub.ts';
import { openAiResponsesClient } from '../../../../src/core/dialects/openai-responses/client/client.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { checkGrammar } from '../../../tools/anthropic-grammar.ts';
import { seeded } from '../../../tools/seeded.ts';
import { target } from '../claude-code-request.ts';
import { decodeContext, decodeEvents, dialect, split } from '../decode.ts';

const keys =
  `type id role content text input output item part delta index output_index item_id content_index summary_index name
  arguments call_id summary encrypted_content annotations url title action query sources status response error code
  message incomplete_details reason usage input_tokens output_tokens model tools parameters namespace tool_choice
  instructions reasoning effort format schema image_url file_data __proto__`.split(/\s+/);
const values =
  `message reasoning function_call function_call_output custom_tool_call web_search_call input_text output_text refusal
  summary_text reasoning_text input_image input_file user assistant developer search completed incomplete failed
  namespace function custom web_search response.created response.completed response.incomplete response.failed error
  response.output_item.added response.output_item.done response.content_part.added response.content_part.done
  response.output_text.delta response.output_text.done response.refusal.delta response.reasoning_text.delta
  response.reasoning_summary_text.delta response.function_call_arguments.delta
  response.function_call_arguments.done response.custom_tool_call_input.delta response.web_search_call.completed`.split(
    /\s+/,
  );

function randomValue(pick: (below: number) => number, depth = 0): unknown {
  const kind = pick(depth > 4 ? 6 : 10);
  if (kind === 0) return null;
  if (kind === 1) return pick(2) === 0;
  if (kind === 2) return pick(5);
  if (kind <= 5) return values[pick(values.length)];
  const size = pick(5);
  if (kind === 6) return Array.from({ length: size }, () => randomValue(pick, depth + 1));
  return randomObject(pick, depth);
}

function randomObject(pick: (below: number) => number, depth = 0): Record<string, unknown> {
  const entries = Array.from({ length: 1 + pick(6) }, () => [
    keys[pick(keys.length)],
    randomValue(pick, depth + 1),
  ]);
  return { type: values[pick(values.length)], ...Object.fromEntries(entries) };
}

test('streams of random events', () => {
  const pick = seeded(21);
  let complete = 0;
  for (let round = 0; round < 3000; round++) {
    const data = Array.from(
      { length: 1 + pick(12) },
      () => `data: ${JSON.stringify(randomObject(pick))}\n\n`,
    );
    const bytes = new TextEncoder().encode(data.join(''));
    const context = decodeContext(pick(2) ? { webSearchTool: 'web_search' } : {});
    const events = decodeEvents('openai-responses', split([bytes]), context);
    checkGrammar(events, { converted: true });
    if (events.at(-1)?.type === 'message_stop') complete++;
    relay(events);
  }
  assert.ok(complete > 100, `${complete} of 3000 were complete`);
});

/** Our client side reads whatever the upstream side says. */
function relay(events: readonly HubEvent[]): void {
  const encoder = openAiResponsesClient.createStreamEncoder();
  const wire = events.map((event) => encoder.push(event)).join('');
  const again = decodeEvents('openai-responses', split([new TextEncoder().encode(wire)]));
  checkGrammar(again, { converted: true });
  assert.equal(again.at(-1)?.type, events.at(-1)?.type);
}

test('random whole answers', () => {
  const pick = seeded(22);
  let read = 0;
  for (let round = 0; round < 3000; round++) {
    const body = {
      output: Array.from({ length: pick(5) }, () => randomObject(pick)),
      usage: randomValue(pick),
    };
    try {
      const message = dialect('openai-responses').decodeResponse(body, decodeContext({ webSearchTool: 'x' }));
      JSON.stringify(openAiResponsesClient.encodeResponse(message));
      relay(messageToEvents(message));
      read++;
    } catch (error) {
      assert.ok(
        isUpstreamFailure(error),
        `${error instanceof Error ? error.stack : error}\n${JSON.stringify(body)}`,
      );
    }
  }
  assert.ok(read > 1000, `${read} of 3000 were read`);
});

test('random requests are refused by name or converted', () => {
  const pick = seeded(23);
  let accepted = 0;
  for (let round = 0; round < 3000; round++) {
    const body = {
      model: 'm',
      input:
        pick(4) === 0 ? randomValue(pick) : Array.from({ length: 1 + pick(4) }, () => randomObject(pick)),
      ...(pick(2) ? { tools: [randomObject(pick)], tool_choice: randomValue(pick) } : {}),
      ...(pick(2) ? { [String(keys[pick(keys.length)])]: randomValue(pick) } : {}),
    };
    try {
      const request = openAiResponsesClient.decodeRequest(body);
      for (const id of ['anthropic', 'openai-chat', 'openai-responses'] as const)
        JSON.stringify(dialect(id).encodeRequest(request, target({ webSearch: 'web_search_tool' })).body);
      accepted++;
    } catch (error) {
      assert.ok(
        error instanceof ClientError,
        `${error instanceof Error ? error.stack : error}\n${JSON.stringify(body)}`,
      );
    }
  }
  assert.ok(accepted > 100, `${accepted} of 3000 were accepted`);
});
