// Random conversations and answers through the dialects and back: what was meant is still meant. Conversations take the way
// over two dialects, as between two routers; what the tables in docs/dialects.md call lost is left out of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageToEvents } from '../../../src/core/dialects/accumulate.ts';
import { type AskedBy, type DialectId, dialectIds } from '../../../src/core/dialects/dialect.ts';
import { askedOf } from '../../../src/core/dialects/gemini/client/asked-request.ts';
import type { HubMessage, HubRequest } from '../../../src/core/dialects/hub.ts';
import { clientDialect } from '../../../src/core/dialects/registry.ts';
import { promptUsage } from '../../../src/core/dialects/usage.ts';
import type { JsonObject } from '../../../src/core/json/values.ts';
import { checkGrammar } from '../../tools/anthropic-grammar.ts';
import { sides } from '../../tools/scripted-upstream-sides.ts';
import type { RecordedRequest } from '../../tools/scripted-upstream-types.ts';
import { seeded } from '../../tools/seeded.ts';
import { target } from './claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split } from './decode.ts';
import { assertSameMeaning, meaningOf, randomConversation } from './meaning.ts';

const rules = { maxOutput: undefined, systemRole: true, extensions: [], signatures: new Set<string>() };

/** To a provider of this dialect, and read again as if it had come from a client. */
function over(id: DialectId, request: HubRequest): HubRequest {
  const model = id === 'gemini' ? 'gemini-3-flash' : 'm';
  const profile = target({ fileParts: true }, { model });
  const body = JSON.parse(JSON.stringify(dialect(id).encodeRequest(request, profile).body)) as JsonObject;
  const asked = { body, headers: { 'anthropic-version': '2023-06-01' }, kind: 'message', model };
  sides[id].check(asked as unknown as RecordedRequest, rules);
  const told = id === 'gemini' ? askedOf(body, model, request.stream === true) : body;
  return clientDialect(id)?.decodeRequest(told) ?? assert.fail(`no client side of ${id}`);
}

for (const first of dialectIds)
  for (const second of dialectIds)
    test(`conversations over ${first} and ${second}`, () => {
      const pick = seeded(50);
      for (let round = 0; round < 100; round++) {
        const request = randomConversation(pick);
        const back = over(second, over(first, request));
        try {
          assertSameMeaning(meaningOf(back), meaningOf(request));
          assert.deepEqual(settings(back, first, second), settings(request, first, second));
        } catch (error) {
          assert.fail(`${error}\n${JSON.stringify(request)}\n${JSON.stringify(back)}`);
        }
      }
    });

/** Fields that both dialects have. */
function settings(request: HubRequest, ...over: DialectId[]): JsonObject {
  const { temperature, stop_sequences: stops, tool_choice: choice, output_config: config } = request;
  return {
    stream: request.stream === true,
    limit: request.max_tokens,
    temperature,
    stops: over.includes('openai-responses') ? undefined : stops,
    choice,
    schema: config?.format?.schema,
  };
}

const asked: Readonly<Record<DialectId, AskedBy>> = {
  anthropic: { body: {}, at: 0 },
  'openai-chat': { body: { stream_options: { include_usage: true } }, at: 0 },
  'openai-responses': { body: { reasoning: { summary: 'auto' } }, at: 0 },
  gemini: { body: { generationConfig: { thinkingConfig: { includeThoughts: true } } }, at: 0 },
};

function randomAnswer(pick: (below: number) => number): HubMessage {
  const words = ['Hello.', 'Ünïcode 😀 漢字', 'two\nlines ', '  {"a":1}', '<b>'];
  const block = (at: number) =>
    [
      { type: 'text', text: words[pick(words.length)], citations: null },
      { type: 'thinking', thinking: words[pick(words.length)], signature: `sy1.up.encrypted.${at}` },
      { type: 'tool_use', id: `call_${at}`, name: 'look_up', input: [{}, { a: ['漢', null, 1.5] }][pick(2)] },
    ][pick(3)];
  const content = Array.from({ length: 1 + pick(5) }, (_, at) => block(at));
  const calls = content.some((each) => each?.type === 'tool_use');
  const usage = {
    input_tokens: pick(1000),
    output_tokens: 20 + pick(1000),
    cache_read_input_tokens: pick(2) * 100,
    cache_creation_input_tokens: 0,
    output_tokens_details: { thinking_tokens: pick(20) },
  };
  const reason = ['max_tokens', 'refusal', calls ? 'tool_use' : 'end_turn', calls ? 'tool_use' : 'end_turn'][
    pick(4)
  ];
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'asked-for',
    content,
    stop_reason: reason,
    stop_sequence: null,
    usage,
  } as unknown as HubMessage;
}

for (const id of dialectIds)
  test(`answers over ${id}, streamed and whole`, () => {
    const pick = seeded(51);
    const client = clientDialect(id) ?? assert.fail(`no client side of ${id}`);
    for (let round = 0; round < 300; round++) {
      const message = randomAnswer(pick);
      const body: unknown = JSON.parse(JSON.stringify(client.encodeResponse(message, asked[id])));
      const whole = dialect(id).decodeResponse(body, decodeContext());
      const encoder = client.createStreamEncoder(asked[id]);
      const wire = messageToEvents(message)
        .map((event) => encoder.push(event))
        .join('');
      const events = decodeEvents(id, split([new TextEncoder().encode(wire)]));
      checkGrammar(events, { converted: id !== 'anthropic' });
      for (const found of [whole, accumulate(events)])
        assert.deepEqual(answer(found, id), answer(message, id), JSON.stringify(message));
    }
  });

/** Chat completions and Gemini tell texts and thoughts of one answer without what separates them. */
function answer(message: HubMessage, id: DialectId): JsonObject {
  const joined = (type: 'text' | 'thinking') => {
    const text = message.content
      .map((block) =>
        block.type === 'text' && type === 'text'
          ? block.text
          : block.type === 'thinking' && type === 'thinking'
            ? block.thinking
            : '',
      )
      .join('');
    return id === 'anthropic' ? text : text.replace(/\s+/g, '');
  };
  const { usage } = message;
  return {
    model: message.model,
    text: joined('text'),
    thinking: joined('thinking'),
    calls: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    stop: message.stop_reason,
    prompt: promptUsage(usage),
    output: usage.output_tokens,
    thought: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
