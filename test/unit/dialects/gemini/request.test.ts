// What a Gemini upstream gets, for requests as Claude Code sends them and for everything else that a client may say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGeminiRequest } from '../../../../src/core/dialects/gemini/request.ts';
import { carrySignature } from '../../../../src/core/dialects/signature-carrier.ts';
import { mainRequest, pdf, png, target, tool, toolLoopRequest } from '../claude-code-request.ts';
import { bodyOf, gemini, request } from './request-of.ts';

function schema(properties: object) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

test('the first request of a session', () => {
  const { path, body, notes } = encodeGeminiRequest(mainRequest(), gemini());
  assert.equal(path, '/models/gemini-3-flash-preview:streamGenerateContent?alt=sse');
  assert.deepEqual(body, {
    contents: [
      {
        role: 'user',
        parts: [
          { text: '<system-reminder>Skills.</system-reminder>' },
          { text: '<system-reminder>CLAUDE.md.</system-reminder>' },
          { text: 'List the files.' },
        ],
      },
    ],
    systemInstruction: {
      parts: [{ text: 'You are Claude Code.' }, { text: 'Long instructions.' }, { text: '# Environment' }],
    },
    tools: [
      {
        functionDeclarations: [
          ['Bash', 'command'],
          ['Read', 'file_path'],
          ['ToolSearch', 'query'],
          ['WebSearch', 'query'],
        ].map(([name, property]) => ({
          name,
          description: `Does ${name}.`,
          parametersJsonSchema: schema({ [String(property)]: { type: 'string' } }),
        })),
      },
    ],
    generationConfig: {
      maxOutputTokens: 32_000,
      thinkingConfig: { thinkingLevel: 'medium', includeThoughts: true },
    },
  });
  assert.deepEqual(notes, []);
});

test('a tool loop: results in the order of the calls, their media and all else behind them', () => {
  const { body, memory } = encodeGeminiRequest(toolLoopRequest(), gemini());
  assert.deepEqual((body.contents as unknown[]).slice(1), [
    {
      role: 'model',
      parts: [
        { text: 'I look at two things.' },
        {
          functionCall: { id: 'functions.Bash:0', name: 'Bash', args: { command: 'ls' } },
          thoughtSignature: 'skip_thought_signature_validator',
        },
        { functionCall: { id: 'toolu_2', name: 'Read', args: { file_path: '/a.png' } } },
      ],
    },
    {
      role: 'user',
      parts: [
        {
          functionResponse: {
            id: 'functions.Bash:0',
            name: 'Bash',
            response: { error: 'no such directory' },
          },
        },
        {
          functionResponse: {
            id: 'toolu_2',
            name: 'Read',
            response: { output: '[The file of this result: see below the results of this turn]' },
          },
        },
        { text: '<system-reminder>\nThe user has switched to plan mode.\n</system-reminder>' },
        { text: 'Of the result of Read:' },
        { inlineData: { mimeType: 'image/png', data: png } },
        { text: 'Go on.' },
      ],
    },
  ]);
  assert.deepEqual(memory.toolIds, new Set(['functions.Bash:0', 'toolu_2']));
});

test('models before Gemini 3 know neither ids of calls nor signatures', () => {
  const { body } = encodeGeminiRequest(toolLoopRequest(), gemini('gemini-2.5-pro'));
  assert.doesNotMatch(JSON.stringify(body), /thoughtSignature|"id"/);
});

test('calls without result, results without call, and turns of one role in a row', () => {
  const messages = [
    { role: 'assistant', content: 'Before all.' },
    { role: 'user', content: 'a' },
    { role: 'user', content: 'b' },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'x', name: 'f', input: {} },
        { type: 'tool_use', id: 'y', name: 'f', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'y', content: '' },
        { type: 'tool_result', tool_use_id: 'gone', content: 'late' },
      ],
    },
    { role: 'assistant', content: [{ type: 'thinking', thinking: 'only', signature: '' }] },
    { role: 'user', content: 'c' },
  ];
  assert.deepEqual(bodyOf({ messages }, gemini('gemini-2.5-flash')).contents, [
    { role: 'user', parts: [{ text: '(The conversation goes on.)' }] },
    { role: 'model', parts: [{ text: 'Before all.' }] },
    { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
    {
      role: 'model',
      parts: [{ functionCall: { name: 'f', args: {} } }, { functionCall: { name: 'f', args: {} } }],
    },
    {
      role: 'user',
      parts: [
        {
          functionResponse: {
            name: 'f',
            response: { error: '(no result: the call was interrupted)' },
          },
        },
        { functionResponse: { name: 'f', response: { output: '(no output)' } } },
        { text: 'Result of an earlier tool call:\nlate' },
        { text: 'c' },
      ],
    },
  ]);
});

test('a request of system messages alone still has a turn of the user', () => {
  const { contents } = bodyOf({ messages: [{ role: 'system', content: 'Be.' }] });
  assert.equal((contents as unknown[]).length, 1);
});

test('media: images and PDFs inside, addresses with their type, text documents as text', () => {
  const content = [
    { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: png } },
    { type: 'image', source: { type: 'url', url: 'https://x.test/a.webp?b' } },
    { type: 'document', title: 'T', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
    { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: png } },
  ];
  const { contents } = bodyOf({ messages: [{ role: 'user', content }] });
  assert.deepEqual((contents as { parts: unknown[] }[])[0]?.parts, [
    { inlineData: { mimeType: 'image/jpeg', data: png } },
    { fileData: { fileUri: 'https://x.test/a.webp?b', mimeType: 'image/webp' } },
    { text: 'Document "T":' },
    { inlineData: { mimeType: 'application/pdf', data: pdf } },
    { text: 'plain' },
    {
      text: `[Image (image/gif, 70 bytes) left out: the model gemini-3-flash-preview can't read images]`,
    },
  ]);
});

const choices: [choice: object, expected: unknown][] = [
  [{ type: 'auto' }, { mode: 'AUTO' }],
  [{ type: 'any' }, { mode: 'ANY' }],
  [{ type: 'none' }, { mode: 'NONE' }],
  [
    { type: 'tool', name: 'f' },
    { mode: 'ANY', allowedFunctionNames: ['f'] },
  ],
  [{ type: 'tool', name: 'absent' }, undefined],
];

for (const [choice, expected] of choices)
  test(`tool choice ${JSON.stringify(choice)}`, () => {
    const { toolConfig } = bodyOf({ tools: [tool('f')], tool_choice: choice });
    assert.deepEqual(toolConfig, expected && { functionCallingConfig: expected });
    assert.equal(bodyOf({ tools: [], tool_choice: choice }).toolConfig, undefined, 'never without functions');
  });

test('schemas: references resolved, document fields and empty choices gone, alternatives kept', () => {
  const input_schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      a: { $ref: '#/$defs/A' },
      b: { anyOf: [{ type: 'string', format: 'uri' }, { type: 'null' }] },
      c: { type: 'string', enum: ['', 'x'] },
      d: { const: 'only' },
      e: { type: 'integer', enum: [1, 2], exclusiveMinimum: 0 },
      enum: { type: 'string', default: { enum: [''] } },
    },
    $defs: { A: { type: 'array', items: { type: 'object', properties: {} } } },
  };
  const { tools } = bodyOf({ tools: [{ name: 'f', description: '', input_schema }] });
  assert.deepEqual(tools, [
    {
      functionDeclarations: [
        {
          name: 'f',
          parametersJsonSchema: {
            type: 'object',
            properties: {
              a: { type: 'array', items: { type: 'object', properties: {} } },
              b: { anyOf: [{ type: 'string', format: 'uri' }, { type: 'null' }] },
              c: { type: 'string', enum: ['x'] },
              d: { enum: ['only'] },
              e: { type: 'integer', enum: [1, 2], exclusiveMinimum: 0 },
              enum: { type: 'string', default: { enum: [''] } },
            },
          },
        },
      ],
    },
  ]);
});

test('a function whose parameters have free names keeps its schema', () => {
  const input_schema = { type: 'object', properties: {}, additionalProperties: { type: 'string' } };
  const { tools } = bodyOf({ tools: [{ name: 'f', description: '', input_schema }] });
  assert.deepEqual(tools, [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: input_schema }] }]);
});

test('functions without parameters have no schema; names that Google refuses are changed and remembered', () => {
  const long = `mcp__${'x'.repeat(80)}`;
  const { body, memory } = encodeGeminiRequest(
    request({ tools: [tool('none'), tool('7zip'), tool(long), tool('a.b')] }),
    gemini(),
  );
  const [{ functionDeclarations }] = body.tools as [{ functionDeclarations: { name: string }[] }];
  assert.deepEqual(functionDeclarations[0], { name: 'none', description: 'Does none.' });
  for (const { name } of functionDeclarations) assert.match(name, /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
  assert.deepEqual(new Set(memory.toolNames.values()), new Set(['7zip', long, 'a.b']));
});

const webSearch = { type: 'web_search_20250305', name: 'web_search', max_uses: 8 };

test("a web search is Google's", () => {
  const messages = [{ role: 'user', content: 'Perform a web search for the query: cats' }];
  const { body, memory, notes } = encodeGeminiRequest(
    request({
      messages,
      tools: [{ ...webSearch, allowed_domains: ['x.test'] }],
      tool_choice: { type: 'auto' },
    }),
    gemini('gemini-2.5-flash'),
  );
  assert.deepEqual(body.tools, [{ googleSearch: {} }]);
  assert.equal(body.toolConfig, undefined);
  assert.equal(memory.webSearchTool, 'web_search');
  assert.equal(memory.webSearchQuery, 'cats');
  assert.deepEqual(notes, ['allowed domains of the web search dropped: the provider has no place for them']);
});

test('beside functions, and where it is refused, there is no search: the model is told', () => {
  for (const [tools, quirks] of [
    [[webSearch, tool('f')], {}],
    [[webSearch], { refuses: ['googleSearch'] }],
  ] as const) {
    const profile = target(quirks, { model: 'gemini-3-flash' });
    const { body, memory, notes } = encodeGeminiRequest(request({ tools }), profile);
    assert.doesNotMatch(JSON.stringify(body.tools ?? []), /googleSearch/);
    assert.match(JSON.stringify(body.systemInstruction), /Web search is not available/);
    assert.equal(memory.webSearchTool, undefined);
    assert.equal(notes.length, 1);
  }
});

test('signatures return to the parts that they belong to; those of others do not', () => {
  const own = (original: string) => carrySignature('up', original);
  const content = [
    { type: 'thinking', thinking: 'shown', signature: own('google.SIG1') },
    { type: 'tool_use', id: 'a', name: 'f', input: {} },
    { type: 'tool_use', id: 'b', name: 'f', input: {} },
    { type: 'thinking', thinking: 'signed itself', signature: own('google.thought.SIG2') },
    { type: 'thinking', thinking: '', signature: own('google.SIG3') },
    { type: 'text', text: 'said' },
    { type: 'thinking', thinking: 'foreign', signature: carrySignature('other', 'google.SIG4') },
    { type: 'tool_use', id: 'c', name: 'f', input: {} },
  ];
  const { contents } = bodyOf({
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', content },
    ],
  });
  assert.deepEqual((contents as { parts: unknown[] }[])[1]?.parts, [
    { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 'SIG1' },
    { functionCall: { id: 'b', name: 'f', args: {} } },
    { text: 'signed itself', thought: true, thoughtSignature: 'SIG2' },
    { text: 'said', thoughtSignature: 'SIG3' },
    { functionCall: { id: 'c', name: 'f', args: {} } },
  ]);
});

const paths: [model: string, stream: boolean, path: string][] = [
  ['gemini-2.5-pro', false, '/models/gemini-2.5-pro:generateContent'],
  ['models/gemini-2.5-pro', true, '/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
  ['tunedModels/mine', false, '/tunedModels/mine:generateContent'],
  ['publishers/google/models/x', false, '/publishers/google/models/x:generateContent'],
  ['tunedModels/../../../x/y', false, '/models/tunedModels%2F..%2F..%2F..%2Fx%2Fy:generateContent'],
  ['a b/c?d', false, '/models/a%20b%2Fc%3Fd:generateContent'],
];

for (const [model, stream, path] of paths)
  test(`path of ${model}`, () =>
    assert.equal(encodeGeminiRequest(request({ stream }), gemini(model)).path, path));

test('the client keeps its request: converting changes nothing in it', () => {
  const original = toolLoopRequest();
  const before = structuredClone(original);
  encodeGeminiRequest(original, gemini());
  assert.deepEqual(original, before);
});

test("a first call without signature takes that of the text before it: a chat client's thinking stands in front", () => {
  const content = [
    { type: 'thinking', thinking: 'shown', signature: carrySignature('up', 'google.SIG1') },
    { type: 'text', text: 'Looking.' },
    { type: 'tool_use', id: 'a', name: 'f', input: {} },
  ];
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x' }] },
  ];
  const turn = (bodyOf({ messages }).contents as { parts: object[] }[])[1];
  assert.deepEqual(turn?.parts, [
    { text: 'Looking.' },
    { functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 'SIG1' },
  ]);
});
