// What Gemini clients ask for, as the hub's requests: shapes of the official client, Gemini CLI and examples for the
// command line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../../../src/core/client-error.ts';
import { askedOf, readModelPath } from '../../../../src/core/dialects/gemini/client/asked-request.ts';
import { encodeBase64 } from '../../../../src/core/dialects/gemini/client/base64.ts';
import { carryThinking } from '../../../../src/core/dialects/gemini/client/carried-thinking.ts';
import { geminiClient } from '../../../../src/core/dialects/gemini/client/client.ts';
import { encodeGeminiRequest } from '../../../../src/core/dialects/gemini/request.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import { recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import { pdf, png, target } from '../claude-code-request.ts';

const hi = { role: 'user', parts: [{ text: 'Hi' }] };

function decode(body: object): HubRequest {
  return geminiClient.decodeRequest(askedOf({ contents: [hi], ...body }, 'models/gemini-x', true));
}

function refusal(body: Record<string, unknown>): string {
  try {
    geminiClient.decodeRequest(body);
  } catch (error) {
    assert.ok(error instanceof ClientError, String(error));
    assert.equal(error.status, 400);
    return error.message;
  }
  assert.fail('it should have been refused');
}

test('a small request', () => {
  assert.deepEqual(decode({}), {
    model: 'gemini-x',
    stream: true,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
});

test('the spelling of the command line means the same', () => {
  const camel = {
    systemInstruction: { parts: [{ text: 'Be.' }] },
    generationConfig: {
      maxOutputTokens: 5,
      topP: 0.5,
      stopSequences: ['x'],
      thinkingConfig: { thinkingBudget: 0 },
    },
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    safetySettings: [{ category: 'c', threshold: 't' }],
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: png } }] }],
  };
  const snake = {
    system_instruction: { parts: { text: 'Be.' } },
    generation_config: {
      max_output_tokens: 5,
      top_p: 0.5,
      stop_sequences: ['x'],
      thinking_config: { thinking_budget: 0 },
    },
    tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { type: 'object' } }] }],
    tool_config: { function_calling_config: { mode: 'any', allowed_function_names: ['f'] } },
    safety_settings: [{ category: 'c', threshold: 't' }],
    contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: png } }] }],
  };
  const expected = {
    model: 'gemini-x',
    stream: true,
    system: [{ type: 'text', text: 'Be.' }],
    max_tokens: 5,
    top_p: 0.5,
    stop_sequences: ['x'],
    thinking: { type: 'disabled' },
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
    tool_choice: { type: 'tool', name: 'f' },
    safetySettings: camel.safetySettings,
    messages: [
      {
        role: 'user',
        content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }],
      },
    ],
  };
  assert.deepEqual(decode(camel), expected);
  assert.deepEqual(decode(snake), expected);
});

test('an answer that comes back as it was streamed is one turn; calls and results find each other', () => {
  const model = (...parts: object[]) => ({ role: 'model', parts });
  const { messages } = decode({
    contents: [
      hi,
      model({ text: 'I think', thought: true }),
      model({ text: 'Let ' }),
      model({ text: 'me see.' }),
      model({ functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { name: 'f' } }),
      model({ functionCall: { id: 'own', name: 'g', args: {} } }),
      model({ text: '' }),
      {
        role: 'function',
        parts: [{ functionResponse: { id: 'own', name: 'g', response: { error: 'broken' } } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'f', response: { output: 'one' } } },
          { text: 'and' },
          { functionResponse: { name: 'f', response: { rows: [1] } } },
          { functionResponse: { name: 'gone', response: { output: 'late' } } },
        ],
      },
    ],
  });
  assert.deepEqual(messages.slice(1), [
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'I think', signature: '' },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'call_2', name: 'f', input: {} },
        { type: 'tool_use', id: 'own', name: 'g', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'own', content: 'broken', is_error: true },
        { type: 'tool_result', tool_use_id: 'call_1', content: 'one' },
        { type: 'tool_result', tool_use_id: 'call_2', content: '{"rows":[1]}' },
        { type: 'text', text: 'and' },
        { type: 'text', text: 'Result of an earlier tool call:' },
        { type: 'text', text: 'late' },
      ],
    },
  ]);
});

test('thinking that travelled in a signature is restored in full, in place of what was shown of it', () => {
  const blocks = [
    { type: 'thinking', thinking: 'Whole. 漢', signature: 'sy1.up.google.S' },
    { type: 'redacted_thinking', data: 'closed' },
  ];
  const signature = carryThinking(blocks);
  assert.ok(signature);
  assert.match(signature, /^[A-Za-z0-9+/=]+$/, 'clients take it for bytes');
  const call = { functionCall: { id: 'c', name: 'f', args: {} } };
  for (const thoughtSignature of [signature, signature.replaceAll('+', '-').replaceAll('/', '_')]) {
    const parts = [
      { text: 'Who', thought: true },
      { text: 'le.', thought: true },
      { ...call, thoughtSignature },
    ];
    const { messages } = decode({ contents: [hi, { role: 'model', parts }] });
    assert.deepEqual(messages[1]?.content, [...blocks, { type: 'tool_use', id: 'c', name: 'f', input: {} }]);
  }
  assert.equal(carryThinking([{ type: 'thinking', thinking: 'unsigned', signature: '' }]), undefined);
});

test("signatures of Google's own, and such as look like ours, are dropped", () => {
  for (const thoughtSignature of [
    'CiIBjz1r',
    'not base64!',
    encodeBase64('{"switchyard":1}'),
    encodeBase64('{"switchyard":[{"type":"tool_use"}]}'),
    encodeBase64('{"switchyard":'),
  ]) {
    const { messages } = decode({
      contents: [hi, { role: 'model', parts: [{ text: 'x', thoughtSignature }] }],
    });
    assert.deepEqual(messages[1]?.content, [{ type: 'text', text: 'x' }]);
  }
});

test('files: images, PDFs, texts, addresses, and a word for all else', () => {
  const parts = [
    { inlineData: { mimeType: 'application/pdf', data: pdf, displayName: 'P' } },
    { inlineData: { mimeType: 'text/csv', data: encodeBase64('a,ü') } },
    { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
    { fileData: { mimeType: 'image/png', fileUri: 'https://x.test/a' } },
    { fileData: { mimeType: 'video/mp4', fileUri: 'https://x.test/b' } },
  ];
  assert.deepEqual(decode({ contents: [{ parts }] }).messages[0]?.content, [
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf }, title: 'P' },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,ü' } },
    { type: 'text', text: '[File (audio/wav) left out]' },
    { type: 'image', source: { type: 'url', url: 'https://x.test/a' } },
    { type: 'text', text: '[File (video/mp4) at https://x.test/b]' },
  ]);
});

test('media inside a result', () => {
  const functionResponse = {
    name: 'f',
    response: { output: 'see' },
    parts: [{ inlineData: { mimeType: 'image/png', data: png } }],
  };
  const { messages } = decode({
    contents: [
      hi,
      { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
      { role: 'user', parts: [{ functionResponse }] },
    ],
  });
  assert.deepEqual(messages[2]?.content, [
    {
      type: 'tool_result',
      tool_use_id: 'call_1',
      content: [
        { type: 'text', text: 'see' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
      ],
    },
  ]);
});

test("Google's schemas become JSON schemas", () => {
  const parameters = {
    type: 'OBJECT',
    properties: {
      type: { type: 'STRING', nullable: true, enum: ['A', 'B'] },
      list: { type: 'ARRAY', minItems: '1', items: { type: 6, properties: { n: { type: 3 } } } },
      any: { any_of: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }] },
    },
    required: ['type'],
    propertyOrdering: ['type', 'list'],
  };
  const { tools } = decode({
    tools: [{ functionDeclarations: [{ name: 'f', description: 'D', parameters }] }],
  });
  assert.deepEqual(tools, [
    {
      name: 'f',
      description: 'D',
      input_schema: {
        type: 'object',
        properties: {
          type: { type: ['string', 'null'], enum: ['A', 'B'] },
          list: {
            type: 'array',
            minItems: 1,
            items: { type: 'object', properties: { n: { type: 'integer' } } },
          },
          any: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
        },
        required: ['type'],
      },
    },
  ]);
});

const functions = { functionDeclarations: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] };
const modes: [calling: object, choice: unknown, tools: number][] = [
  [{}, undefined, 3],
  [{ mode: 'AUTO' }, { type: 'auto' }, 3],
  [{ mode: 'VALIDATED' }, { type: 'auto' }, 3],
  [{ mode: 'NONE' }, { type: 'none' }, 3],
  [{ mode: 2 }, { type: 'any' }, 3],
  [{ mode: 'ANY', allowedFunctionNames: ['a', 'b'] }, { type: 'any' }, 2],
  [{ mode: 'ANY', allowedFunctionNames: ['b'] }, { type: 'tool', name: 'b' }, 3],
];

for (const [functionCallingConfig, choice, count] of modes)
  test(`calling ${JSON.stringify(functionCallingConfig)}`, () => {
    const request = decode({ tools: [functions], toolConfig: { functionCallingConfig } });
    assert.deepEqual([request.tool_choice, request.tools?.length], [choice, count]);
    assert.equal(decode({ toolConfig: { functionCallingConfig } }).tool_choice, undefined);
  });

test("Google's tools: a search is a search, others are named for those who know nothing like them", () => {
  const { tools } = decode({ tools: [{ googleSearch: {} }, { codeExecution: {} }, { urlContext: {} }] });
  assert.deepEqual(tools, [
    { type: 'web_search_20250305', name: 'web_search' },
    { type: 'code_execution', name: 'code_execution' },
    { type: 'url_context', name: 'url_context' },
  ]);
});

const wishes: [config: object, expected: object][] = [
  [{ thinkingConfig: { includeThoughts: true } }, { thinking: { type: 'adaptive', display: 'summarized' } }],
  [{ thinkingConfig: { thinkingBudget: -1 } }, { thinking: { type: 'adaptive', display: 'omitted' } }],
  [{ thinkingConfig: {} }, {}],
  [
    { thinkingConfig: { thinkingLevel: 'HIGH' } },
    { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
  ],
  [
    { thinkingConfig: { thinkingLevel: 'minimal', includeThoughts: true } },
    { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
  ],
  [
    { thinkingConfig: { thinkingBudget: 128 } },
    { thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' } },
  ],
  [
    { maxOutputTokens: 4096, thinkingConfig: { thinkingBudget: 9000 } },
    { max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 4095, display: 'omitted' } },
  ],
  [{ maxOutputTokens: 100, thinkingConfig: { thinkingBudget: 512 } }, { max_tokens: 100 }],
  [
    { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } },
    { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
  ],
  [
    { responseMimeType: 'application/json' },
    { system: [{ type: 'text', text: 'Answer with one JSON value only, without any other text.' }] },
  ],
  [
    { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a', 'b'] } },
    { system: [{ type: 'text', text: 'Answer with one of these words and nothing else: a, b' }] },
  ],
  [
    { responseModalities: ['TEXT'], candidateCount: 1, mediaResolution: 'LOW', seed: 3 },
    { seed: 3, generationConfig: { mediaResolution: 'LOW' } },
  ],
];

for (const [generationConfig, expected] of wishes)
  test(`generationConfig ${JSON.stringify(generationConfig)}`, () => {
    const { model: _, stream: __, messages: ___, ...fields } = decode({ generationConfig });
    assert.deepEqual(fields, expected);
  });

const refusals: [body: Record<string, unknown>, message: RegExp][] = [
  [{}, /model name/],
  [{ model: 'm' }, /contents is not specified/],
  [{ model: 'm', contents: 'text' }, /contents is not specified/],
  [{ model: 'm', contents: [] }, /contents is not specified/],
  [{ model: 'm', contents: ['x'] }, /'contents\[0\]'/],
  [{ model: 'm', contents: [{ parts: [{ text: ' ' }] }] }, /must not be empty/],
  [{ model: 'm', contents: [{ role: 'assistant', parts: [] }] }, /valid role/],
  [{ model: 'm', contents: [{ parts: 'x' }] }, /'contents\[0\]\.parts'/],
  [{ model: 'm', contents: [{ parts: [{ functionCall: { name: 'f' } }] }] }, /come from the model/],
  [{ model: 'm', contents: [{ parts: [{ inlineData: {} }] }] }, /inline_data\.data/],
  [{ model: 'm', contents: [{ role: 'model', parts: [{ functionCall: {} }] }] }, /Name cannot be empty/],
  [{ model: 'm', contents: [hi], tools: [{ functionDeclarations: [{}] }] }, /Name cannot be empty/],
  [{ model: 'm', contents: [hi], generationConfig: { temperature: 'hot' } }, /temperature/],
  [{ model: 'm', contents: [hi], generationConfig: { candidateCount: 2 } }, /Multiple candidates/],
  [
    { model: 'm', contents: [hi], toolConfig: { functionCallingConfig: { mode: 'MAYBE' } } },
    /function_calling_config\.mode/,
  ],
  [{ model: 'm', contents: [hi], systemInstruction: 7 }, /system_instruction/],
];

for (const [body, message] of refusals)
  test(`refused: ${JSON.stringify(body)}`, () => assert.match(refusal(body), message));

const paths: [path: string, expected: unknown][] = [
  ['/models/gemini-x:generateContent', { model: 'gemini-x', verb: 'generateContent' }],
  [
    'models/or%2Fqwen%2Fq3%3Afree:streamGenerateContent',
    { model: 'or/qwen/q3:free', verb: 'streamGenerateContent' },
  ],
  ['/models/or/qwen/q3:free:countTokens', { model: 'or/qwen/q3:free', verb: 'countTokens' }],
  ['/models/gemini-x', undefined],
  ['/models/%zz:x', undefined],
];

for (const [path, expected] of paths)
  test(`path ${path}`, () => assert.deepEqual(readModelPath(path), expected));

if (recordingsAbsent !== undefined) test('recorded requests', { skip: recordingsAbsent }, () => {});

for (const { id, request } of recordings('gemini')) {
  if (request === null) continue;
  test(`${id}: the request survives the way through the hub`, () => {
    const hub = geminiClient.decodeRequest(askedOf(request, 'gemini-3-flash', false));
    const { body } = encodeGeminiRequest(hub, target({}, { model: 'gemini-3-flash' }));
    // Files that only Gemini reads become texts, behind the others here.
    assert.equal(texts(body.contents).indexOf(texts(request.contents)), 0);
    assert.deepEqual(texts(body.systemInstruction ?? {}), texts(request.systemInstruction ?? {}));
    assert.deepEqual(functionNames(body), functionNames(request));
    const asked = (request.generationConfig ?? {}) as Record<string, unknown>;
    const config = body.generationConfig as Record<string, unknown>;
    for (const name of [
      'maxOutputTokens',
      'temperature',
      'topP',
      'topK',
      'stopSequences',
      'responseMimeType',
    ])
      assert.deepEqual(config[name], asked[name], name);
    assert.deepEqual(body.safetySettings, request.safetySettings);
  });
}

/** All texts below a value, run together: how they are cut makes no difference. */
function texts(value: unknown): string {
  return Array.from(JSON.stringify(value).matchAll(/"text":("(?:[^"\\]|\\.)*")/g), ([, text]) =>
    JSON.parse(String(text)),
  ).join('');
}

function functionNames(body: Record<string, unknown>): string[] {
  const tools = (body.tools ?? []) as { functionDeclarations?: { name: string }[] }[];
  return tools.flatMap((tool) => tool.functionDeclarations?.map(({ name }) => name) ?? []);
}
