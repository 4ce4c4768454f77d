// Requests to Responses upstreams. Whatever is built here must also pass a check as strict as the real APIs'.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EncodedRequest } from '../../../../src/core/dialects/dialect.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import { encodeResponsesRequest } from '../../../../src/core/dialects/openai-responses/request.ts';
import { carrySignature } from '../../../../src/core/dialects/signature-carrier.ts';
import type { TargetProfile } from '../../../../src/core/dialects/target-profile.ts';
import { checkResponses } from '../../../tools/scripted-upstream-responses-check.ts';
import { mainRequest, pdf, png, target, tool, toolLoopRequest } from '../claude-code-request.ts';
import { dialect } from '../decode.ts';

function encode(request: HubRequest, profile: TargetProfile = target()): EncodedRequest {
  const before = JSON.stringify(request);
  const encoded = encodeResponsesRequest(request, profile);
  assert.equal(JSON.stringify(request), before, 'the original stays as it is');
  checkResponses(JSON.parse(JSON.stringify(encoded.body)), { extensions: ['reasoning_text'] });
  return encoded;
}

function ask(content: unknown, more: object = {}): HubRequest {
  return { model: 'm', max_tokens: 100, messages: [{ role: 'user', content }], ...more } as HubRequest;
}

function conversation(...messages: unknown[]): HubRequest {
  return ask('x', { messages });
}

test("Claude Code's first request", () => {
  const { path, body } = encode(mainRequest(), target({ promptCacheKey: true }));
  assert.equal(path, '/responses');
  const { tools, ...rest } = body;
  assert.deepEqual(rest, {
    model: 'upstream-model',
    instructions: 'You are Claude Code.\n\nLong instructions.\n\n# Environment',
    input: [
      {
        type: 'message',
        role: 'user',
        content:
          '<system-reminder>Skills.</system-reminder>\n\n<system-reminder>CLAUDE.md.</system-reminder>\n\nList the files.',
      },
    ],
    max_output_tokens: 32_000,
    stream: true,
    // The client shows no thinking, so no summary is made.
    reasoning: { effort: 'medium' },
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: '0f0e0d0c-0000-4000-8000-000000000001',
    store: false,
  });
  assert.deepEqual(
    (tools as { name: string }[]).map(({ name }) => name),
    ['Bash', 'Read', 'ToolSearch', 'WebSearch'],
  );
  assert.deepEqual((tools as unknown[])[0], {
    type: 'function',
    name: 'Bash',
    description: 'Does Bash.',
    parameters: {
      type: 'object',
      properties: { command: { type: 'string' } },
      required: ['command'],
      additionalProperties: false,
    },
    strict: false,
  });
});

test('a tool loop: results right behind their calls, media inside them, system texts after them', () => {
  const { body, memory } = encode(toolLoopRequest());
  assert.deepEqual((body.input as unknown[]).slice(1), [
    { type: 'message', role: 'assistant', content: 'I look at two things.' },
    { type: 'function_call', call_id: 'functions.Bash:0', name: 'Bash', arguments: '{"command":"ls"}' },
    { type: 'function_call', call_id: 'toolu_2', name: 'Read', arguments: '{"file_path":"/a.png"}' },
    {
      type: 'function_call_output',
      call_id: 'toolu_2',
      output: [{ type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${png}` }],
    },
    { type: 'function_call_output', call_id: 'functions.Bash:0', output: 'Error: no such directory' },
    {
      type: 'message',
      role: 'user',
      content: '<system-reminder>\nThe user has switched to plan mode.\n</system-reminder>\n\nGo on.',
    },
  ]);
  assert.deepEqual(memory.toolIds, new Set(['functions.Bash:0', 'toolu_2']));
});

test('media: files and images where they are taken, else texts', () => {
  const document = {
    type: 'document',
    title: 'a.pdf',
    source: { type: 'base64', media_type: 'application/pdf', data: pdf },
  };
  const linked = { type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } };
  const image = { type: 'image', source: { type: 'url', url: 'https://a.example/c.png' } };
  const seen = encode(ask([document, linked, image])).body.input as { content: unknown }[];
  assert.deepEqual(seen[0]?.content, [
    { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
    { type: 'input_file', file_url: 'https://a.example/b.pdf' },
    { type: 'input_image', detail: 'auto', image_url: 'https://a.example/c.png' },
  ]);
  const { body, notes } = encode(ask([document, image]), target({}, { vision: false, pdf: false }));
  const text = (body.input as { content: unknown }[])[0]?.content;
  assert.ok(typeof text === 'string' && text.includes('"a.pdf"') && !text.includes(pdf), String(text));
  assert.equal(notes.length, 2);
});

test('reasoning goes back to the provider that had it, encrypted', () => {
  const own = (text: string, original: string) => ({
    type: 'thinking',
    thinking: text,
    signature: carrySignature('up', original),
  });
  const turn = [
    own('First part.', ''),
    own('Second part.', 'encrypted.abc'),
    own('', 'encrypted.def'),
    { type: 'thinking', thinking: 'Of another.', signature: carrySignature('other', 'encrypted.x') },
    { type: 'thinking', thinking: "Anthropic's.", signature: 'EqQBCg' },
    { type: 'redacted_thinking', data: 'zzz' },
    own('Open thinking.', ''),
    { type: 'text', text: 'Hello.' },
  ];
  const request = conversation(
    { role: 'user', content: 'a' },
    { role: 'assistant', content: turn },
    { role: 'user', content: 'b' },
  );
  const encrypted = [
    {
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'First part.' },
        { type: 'summary_text', text: 'Second part.' },
      ],
      encrypted_content: 'abc',
    },
    { type: 'reasoning', summary: [], encrypted_content: 'def' },
  ];
  const hello = { type: 'message', role: 'assistant', content: 'Hello.' };
  assert.deepEqual((encode(request).body.input as unknown[]).slice(1, -1), [...encrypted, hello]);
  const open = {
    type: 'reasoning',
    summary: [],
    content: [{ type: 'reasoning_text', text: 'Open thinking.' }],
  };
  const wanted = encode(request, target({ reasoningHistory: 'reasoning_content' }));
  assert.deepEqual((wanted.body.input as unknown[]).slice(1, -1), [...encrypted, open, hello]);
});

test('what this dialect carried is nothing to a provider that speaks another one by now', () => {
  const thinking = { type: 'thinking', thinking: 'Hm.', signature: carrySignature('up', 'encrypted.abc') };
  const request = conversation(
    { role: 'user', content: 'a' },
    { role: 'assistant', content: [thinking, { type: 'text', text: 'b' }] },
    { role: 'user', content: 'c' },
  );
  for (const id of ['anthropic', 'openai-chat', 'gemini'] as const) {
    const profile = target({ reasoningHistory: 'reasoning_details' });
    const body = JSON.stringify(dialect(id).encodeRequest(request, profile).body);
    assert.ok(!body.includes('abc'), body);
  }
});

test('calls: texts before them, ids short and unique, each answered', () => {
  const long = `call_${'x'.repeat(80)}`;
  const use = (id: string) => ({ type: 'tool_use', id, name: 'Read', input: {} });
  const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: [] });
  const { body } = encode(
    conversation(
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [use(long), { type: 'text', text: 'And another.' }, use('b')] },
      { role: 'user', content: [result('b')] },
      { role: 'assistant', content: [use('b')] },
      { role: 'user', content: [result('b'), result('nobody')] },
    ),
  );
  const items = (
    body.input as { type: string; call_id?: string; output?: unknown; content?: unknown }[]
  ).slice(1);
  assert.deepEqual(
    items.map(({ type }) => type),
    [
      'message',
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
      'function_call',
      'function_call_output',
      'message',
    ],
  );
  assert.equal(items[4]?.output, '(no result: the call was interrupted)');
  assert.equal(items[5]?.call_id, 'b_2');
  assert.equal(items[7]?.content, 'Result of an earlier tool call:\n\n(no output)');
});

test('tools: choices, long names, none left, Anthropic’s own', () => {
  const long = `mcp__${'server'.repeat(12)}__find.it`;
  const tools = [tool(long), tool('Bash'), { type: 'bash_20250124', name: 'bash' }];
  const choose = (choice: object) => encode(ask('x', { tools, tool_choice: choice })).body;
  const named = choose({ type: 'tool', name: long, disable_parallel_tool_use: true });
  const sent = (named.tools as { name: string }[])[0]?.name;
  assert.deepEqual(named.tool_choice, { type: 'function', name: sent });
  assert.equal(named.parallel_tool_calls, false);
  assert.equal(choose({ type: 'any' }).tool_choice, 'required');
  assert.equal(choose({ type: 'none' }).tool_choice, 'none');
  assert.equal(choose({ type: 'tool', name: 'gone' }).tool_choice, undefined);
  const { memory, notes } = encode(ask('x', { tools }));
  assert.equal(memory.toolNames.get(String(sent)), long);
  assert.ok(notes.some((note) => note.includes('bash_20250124')));
  assert.equal(encode(ask('x', { tools: [], tool_choice: { type: 'auto' } })).body.tools, undefined);
});

test('web search: the upstream’s own where it has one', () => {
  const search = {
    type: 'web_search_20250305',
    name: 'web_search',
    allowed_domains: ['a.example'],
    blocked_domains: ['b.example'],
    user_location: { type: 'approximate', country: 'DE' },
    max_uses: 8,
  };
  const request = ask('Perform a web search for the query: cats', {
    tools: [search],
    tool_choice: { type: 'auto' },
  });
  const { body, memory, notes } = encode(request, target({ webSearch: 'web_search_tool' }));
  assert.deepEqual(body.tools, [
    {
      type: 'web_search',
      filters: { allowed_domains: ['a.example'] },
      user_location: { type: 'approximate', country: 'DE' },
    },
  ]);
  assert.deepEqual(body.include, ['reasoning.encrypted_content', 'web_search_call.action.sources']);
  assert.equal(memory.webSearchTool, 'web_search');
  assert.equal(memory.webSearchQuery, 'cats');
  assert.ok(notes.some((note) => note.includes('blocked domains')));
  const without = encode(request);
  assert.equal(without.body.tools, undefined);
  assert.equal(without.memory.webSearchTool, undefined);
  assert.match(String(without.body.instructions), /Web search is not available/);
});

test('thinking: levels, budgets, off, models that do not reason', () => {
  const fields = (more: object, profile = target()) => {
    const { reasoning, include } = encode(ask('x', more), profile).body;
    return { reasoning, include };
  };
  const include = ['reasoning.encrypted_content'];
  assert.deepEqual(fields({ thinking: { type: 'enabled', budget_tokens: 12_000 } }), {
    reasoning: { effort: 'high', summary: 'auto' },
    include,
  });
  assert.deepEqual(fields({ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }), {
    reasoning: { effort: 'high', summary: 'auto' },
    include,
  });
  assert.deepEqual(
    fields({ output_config: { effort: 'xhigh' } }, target({ efforts: ['low', 'high', 'xhigh'] })).reasoning,
    { effort: 'xhigh' },
  );
  const off = { thinking: { type: 'disabled' } };
  assert.equal(fields(off).reasoning, undefined);
  assert.deepEqual(fields(off, target({ efforts: ['none', 'low'] })).reasoning, { effort: 'none' });
  assert.equal(encode(ask('x', off)).memory.hideThinking, true);
  for (const profile of [
    target({}, { model: 'gpt-4.1' }),
    target({}, { reasoning: false }),
    target({ reasoning: 'none' }),
  ])
    assert.deepEqual(fields({ thinking: { type: 'adaptive' } }, profile), {
      reasoning: undefined,
      include: undefined,
    });
});

test('answers in a schema', () => {
  const strict = {
    type: 'object',
    properties: { title: { type: 'string' } },
    required: ['title'],
    additionalProperties: false,
  };
  const format = (schema: object, profile = target()) =>
    encode(ask('x', { output_config: { format: { type: 'json_schema', schema } } }), profile).body;
  assert.deepEqual(format(strict).text, {
    format: { type: 'json_schema', name: 'answer', schema: strict, strict: true },
  });
  const loose = { type: 'object', properties: { title: { type: 'string' } } };
  assert.equal((format(loose).text as { format: { strict: boolean } }).format.strict, false);
  const prompt = format(strict, target({ jsonSchema: 'prompt' }));
  assert.equal(prompt.text, undefined);
  assert.match(String(prompt.instructions), /matches this JSON schema/);
});

test('limits, sampling, parameters, and what the API does not know', () => {
  const { body, notes } = encode(
    ask('x', {
      max_tokens: 1,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      stop_sequences: ['</block>'],
      service_tier: 'auto',
      safeguards: [],
      truncation: 'auto',
    }),
    target({ refuses: ['top_p'] }, { params: { temperature: 0.1, user: 'u', max_tokens: 7 } }),
  );
  const { input: _, ...rest } = body;
  assert.deepEqual(rest, {
    model: 'upstream-model',
    // OpenAI takes no less; a probe with one token must succeed.
    max_output_tokens: 16,
    temperature: 0.5,
    truncation: 'auto',
    user: 'u',
    include: ['reasoning.encrypted_content'],
    store: false,
  });
  assert.deepEqual(notes, [
    'stop_sequences dropped: the Responses API has none',
    "top_k dropped: not known to the provider's API",
    'top_p dropped: up refuses it',
  ]);
  assert.equal(
    encode(ask('x', { max_tokens: 9000 }), target({}, { maxOutput: 4096 })).body.max_output_tokens,
    4096,
  );
  const limitless = encode(ask('x', { max_tokens: undefined }), target({}, { params: { max_tokens: 700 } }));
  assert.equal(limitless.body.max_output_tokens, 700);
});
