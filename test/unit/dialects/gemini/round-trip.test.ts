// There and back: what was said in the hub comes back from Gemini's form, and signatures come back to Google.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOf } from '../../../../src/core/dialects/gemini/client/asked-request.ts';
import { geminiClient } from '../../../../src/core/dialects/gemini/client/client.ts';
import { encodeGeminiRequest } from '../../../../src/core/dialects/gemini/request.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import { checkGrammar } from '../../../tools/anthropic-grammar.ts';
import { recordedBytes, recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import { seeded } from '../../../tools/seeded.ts';
import { png, target, tool } from '../claude-code-request.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split } from '../decode.ts';
import { garbageOf, onlyKnownErrors } from '../garbage.ts';

type Pick = (below: number) => number;

const gemini3 = target({}, { model: 'gemini-3-flash' });

/** A conversation with calls and their results in random numbers and orders. */
function conversation(pick: Pick): HubRequest {
  const messages: object[] = [{ role: 'user', content: [{ type: 'text', text: 'Begin.' }] }];
  let ids = 0;
  for (let turn = pick(5); turn >= 0; turn--) {
    const calls = Array.from({ length: pick(4) }, () => ({
      type: 'tool_use',
      id: `toolu_${++ids}`,
      name: ['f', 'g'][pick(2)],
      input: pick(2) === 0 ? {} : { a: [pick(9), '漢'], b: { c: null } },
    }));
    const text = pick(2) === 0 || calls.length === 0 ? [{ type: 'text', text: `Says ${turn}.` }] : [];
    messages.push({ role: 'assistant', content: [...text, ...calls] });
    const results = calls.map(({ id }) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: `result of ${id}`,
      ...(pick(3) === 0 ? { is_error: true } : {}),
    }));
    const said = [{ type: 'text', text: 'Go on.' }];
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } };
    messages.push({ role: 'user', content: [...results, ...said, ...(pick(3) === 0 ? [image] : [])] });
  }
  return {
    model: 'm',
    stream: false,
    system: [{ type: 'text', text: 'Be.' }],
    messages,
    max_tokens: 10 + pick(1000),
    temperature: pick(10) / 10,
    stop_sequences: ['END'],
    tools: [
      { name: 'f', description: 'F', input_schema: { type: 'object', properties: { a: { type: 'array' } } } },
    ],
    tool_choice: [{ type: 'auto' }, { type: 'any' }, { type: 'none' }, { type: 'tool', name: 'f' }][pick(4)],
  } as unknown as HubRequest;
}

test('requests: hub, Gemini, hub', () => {
  const pick = seeded(7);
  for (let round = 0; round < 300; round++) {
    const request = conversation(pick);
    for (const model of ['gemini-3-flash', 'gemini-2.5-flash']) {
      const { body } = encodeGeminiRequest(request, target({}, { model }));
      const back = geminiClient.decodeRequest(askedOf(JSON.parse(JSON.stringify(body)), 'm', false));
      // Models before Gemini 3 know no ids: there the order of calls and results is what has to come back.
      const same = model === 'gemini-3-flash' ? (value: unknown) => value : numbered;
      assert.deepEqual(same(back), same(request), JSON.stringify(body));
    }
  }
});

/** The same with calls numbered through. The results' texts name the ids of the original request. */
function numbered(request: unknown): unknown {
  const numbers = new Map<string, string>();
  const text = JSON.stringify(request).replace(/result of toolu_\d+/g, 'result');
  const even = text.replace(/toolu_\d+|call_\d+/g, (id) => {
    const known = numbers.get(id) ?? `id_${numbers.size}`;
    numbers.set(id, known);
    return known;
  });
  return JSON.parse(even);
}

if (recordingsAbsent !== undefined) test('recorded signatures', { skip: recordingsAbsent }, () => {});

for (const recording of recordings('gemini')) {
  if (recording.status !== 200 || !recording.features.includes('signature_on_function_call')) continue;
  test(`${recording.id}: signatures come back with their calls`, () => {
    const bytes = recordedBytes(recording);
    const text = new TextDecoder().decode(bytes);
    const { content } = recording.stream
      ? accumulate(decodeEvents('gemini', split([bytes])))
      : dialect('gemini').decodeResponse(JSON.parse(text), decodeContext());
    const signatures = Array.from(text.matchAll(/"thoughtSignature": ?"([^"]+)"/g), ([, value]) => value);
    for (const through of [content, throughGeminiClient(content)]) {
      const messages = [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: through },
      ];
      const { body } = encodeGeminiRequest({ model: 'm', messages } as unknown as HubRequest, gemini3);
      const [, turn] = body.contents as { parts: { functionCall?: unknown; thoughtSignature?: string }[] }[];
      const calls = turn?.parts.filter((part) => part.functionCall !== undefined) ?? [];
      assert.equal(calls.length, recording.expect.tool_calls.length);
      assert.deepEqual(
        calls.flatMap((part) => part.thoughtSignature ?? []),
        signatures,
      );
      assert.equal(calls[0]?.thoughtSignature, signatures[0]);
    }
  });
}

/** The content as it comes back from a Gemini client that throws thoughts away. */
function throughGeminiClient(content: unknown): unknown {
  const answer = geminiClient.encodeResponse({ content } as never) as {
    candidates: { content: { parts: { thought?: boolean }[] } }[];
  };
  const parts = answer.candidates[0]?.content.parts.filter((part) => !part.thought);
  const contents = [
    { role: 'user', parts: [{ text: 'x' }] },
    { role: 'model', parts },
  ];
  return geminiClient.decodeRequest(askedOf({ contents }, 'm', false)).messages[1]?.content;
}

const words =
  `contents role user model parts text thought thoughtSignature functionCall functionResponse name args id response output
  error inlineData mimeType data fileData fileUri systemInstruction tools functionDeclarations parameters type OBJECT
  properties nullable toolConfig functionCallingConfig mode ANY allowedFunctionNames generationConfig maxOutputTokens
  thinkingConfig thinkingBudget thinkingLevel responseMimeType responseSchema googleSearch stopSequences __proto__
  candidates content finishReason STOP index usageMetadata promptTokenCount groundingMetadata webSearchQueries
  groundingChunks web uri title partialArgs jsonPath $.a[0] willContinue promptFeedback blockReason`.split(
    /\s+/,
  );

const { disturb } = garbageOf(words);

test('requests of clients: disturbed ones are refused by name or converted to every upstream', () => {
  const pick = seeded(11);
  const example = encodeGeminiRequest(
    { ...conversation(seeded(5)), tools: [tool('f', { a: { type: 'string' } })] } as HubRequest,
    gemini3,
  ).body;
  let accepted = 0;
  for (let round = 0; round < 2000; round++) {
    const body = disturb(example, pick);
    if (typeof body !== 'object' || body === null) continue;
    const done = onlyKnownErrors(() => {
      const request = geminiClient.decodeRequest(askedOf({ ...body }, 'm', round % 2 === 0));
      for (const id of ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const)
        JSON.stringify(dialect(id).encodeRequest(request, gemini3).body);
    }, body);
    if (done) accepted++;
  }
  assert.ok(accepted > 300 && accepted < 1900, `${accepted} of 2000 were requests`);
});

test('answers: disturbed ones are decoded, to the grammar, or failures', () => {
  const pick = seeded(13);
  const example = {
    candidates: [
      {
        content: {
          role: 'model',
          parts: [
            { text: 'a', thought: true },
            { text: 'b', thoughtSignature: 's' },
            { functionCall: { id: 'c', name: 'f', args: { x: 1 } }, thoughtSignature: 't' },
            { functionCall: { name: 'f', partialArgs: [{ jsonPath: '$.a[0]', stringValue: 'v' }] } },
          ],
        },
        finishReason: 'STOP',
        index: 0,
        groundingMetadata: { webSearchQueries: ['q'], groundingChunks: [{ web: { uri: 'u', title: 't' } }] },
      },
    ],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
  };
  for (let round = 0; round < 3000; round++) {
    const body = disturb(example, pick);
    const context = () => decodeContext({ webSearchTool: 'web_search' });
    onlyKnownErrors(() => {
      const message = dialect('gemini').decodeResponse(body, context());
      JSON.stringify(geminiClient.encodeResponse(message));
    }, body);
    onlyKnownErrors(() => {
      const wire = `data: ${JSON.stringify(body)}\n\ndata: ${JSON.stringify(example)}\n\n`;
      const events = decodeEvents('gemini', split([new TextEncoder().encode(wire)]), context());
      checkGrammar(events, { converted: true });
    }, body);
  }
});
