// Requests to chat completions. Whatever is built here must also pass a check as strict as the real API's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EncodedRequest } from '../../../../src/core/dialects/dialect.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import { encodeChatRequest } from '../../../../src/core/dialects/openai-chat/request.ts';
import type { TargetProfile } from '../../../../src/core/dialects/target-profile.ts';
import { checkOpenAi } from '../../../tools/scripted-upstream-openai-check.ts';
import { mainRequest, pdf, png, target, tool, toolLoopRequest } from '../claude-code-request.ts';

/** Fields beyond OpenAI's own that the quirks of a test ask for. */
const extensions = [
  'reasoning',
  'thinking',
  'enable_thinking',
  'thinking_budget',
  'plugins',
  'enable_search',
];
const messageExtensions = ['reasoning_content', 'reasoning_details', 'cache_control'];

function encode(request: HubRequest, profile: TargetProfile = target()): EncodedRequest {
  const before = JSON.stringify(request);
  const encoded = encodeChatRequest(request, profile);
  assert.equal(JSON.stringify(request), before, 'the original stays as it is');
  const body = JSON.parse(JSON.stringify(encoded.body));
  checkOpenAi(body, { maxOutput: undefined, extensions: [...extensions, ...messageExtensions] });
  return encoded;
}

function ask(content: unknown, more: object = {}): HubRequest {
  return { model: 'm', max_tokens: 100, messages: [{ role: 'user', content }], ...more } as HubRequest;
}

test("Claude Code's first request", () => {
  const { path, body } = encode(mainRequest());
  assert.equal(path, '/chat/completions');
  assert.deepEqual(body.messages, [
    { role: 'system', content: 'You are Claude Code.\n\nLong instructions.\n\n# Environment' },
    {
      role: 'user',
      content:
        '<system-reminder>Skills.</system-reminder>\n\n<system-reminder>CLAUDE.md.</system-reminder>\n\nList the files.',
    },
  ]);
  const { messages: _, tools, ...rest } = body;
  assert.deepEqual(rest, {
    model: 'upstream-model',
    max_tokens: 32_000,
    stream: true,
    stream_options: { include_usage: true },
    reasoning_effort: 'medium',
  });
  assert.deepEqual(
    (tools as { function: { name: string } }[]).map((entry) => entry.function.name),
    ['Bash', 'Read', 'ToolSearch', 'WebSearch'],
  );
  assert.deepEqual((tools as unknown[])[0], {
    type: 'function',
    function: {
      name: 'Bash',
      description: 'Does Bash.',
      parameters: {
        type: 'object',
        properties: { command: { type: 'string' } },
        required: ['command'],
        additionalProperties: false,
      },
    },
  });
});

test('a tool loop: results right behind their calls, media and system texts after them', () => {
  const { body, memory } = encode(toolLoopRequest());
  assert.deepEqual((body.messages as unknown[]).slice(2), [
    {
      role: 'assistant',
      content: 'I look at two things.',
      tool_calls: [
        {
          id: 'functions.Bash:0',
          type: 'function',
          function: { name: 'Bash', arguments: '{"command":"ls"}' },
        },
        { id: 'toolu_2', type: 'function', function: { name: 'Read', arguments: '{"file_path":"/a.png"}' } },
      ],
    },
    {
      role: 'tool',
      tool_call_id: 'toolu_2',
      content: '[The file of this result: see the next user message]',
    },
    { role: 'tool', tool_call_id: 'functions.Bash:0', content: 'Error: no such directory' },
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>\nThe user has switched to plan mode.\n</system-reminder>' },
        { type: 'text', text: 'Of the result of tool call toolu_2:' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
        { type: 'text', text: 'Go on.' },
      ],
    },
  ]);
  assert.deepEqual(memory.toolIds, new Set(['functions.Bash:0', 'toolu_2']));
});

test('media for a target that is blind become texts that name them', () => {
  const { body, notes } = encode(toolLoopRequest(), target({}, { vision: false }));
  const text = JSON.stringify(body.messages);
  assert.ok(!text.includes(png));
  assert.ok(
    text.includes("[Image (image/png, 70 bytes) left out: the model upstream-model can't read images]"),
    text,
  );
  assert.ok(notes.some((note) => note.includes('image replaced by text')));
});

test('PDF documents: as files where they are taken, else as texts', () => {
  const document = {
    type: 'document',
    title: 'a.pdf',
    source: { type: 'base64', media_type: 'application/pdf', data: pdf },
  };
  const request = ask([{ type: 'text', text: 'Read.' }, document]);
  const [message] = encode(request, target({ fileParts: true })).body.messages as { content: unknown[] }[];
  assert.deepEqual(message?.content[1], {
    type: 'file',
    file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
  });
  for (const profile of [target(), target({ fileParts: true }, { pdf: false })]) {
    const [plain] = encode(request, profile).body.messages as { content: string }[];
    assert.match(plain?.content ?? '', /Document \("a\.pdf", application\/pdf, 15 bytes\) left out/);
  }
});

test('texts of documents, search results and tool references stay readable', () => {
  const { body } = encode(
    ask([
      { type: 'document', title: 'Notes', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
      { type: 'search_result', title: 'T', source: 'https://s', content: [{ type: 'text', text: 'found' }] },
      { type: 'tool_reference', tool_name: 'WebSearch' },
      { type: 'text', text: '' },
    ]),
  );
  const [message] = body.messages as { content: string }[];
  assert.equal(
    message?.content,
    'Document "Notes":\n\nplain\n\nSearch result "T" (https://s):\nfound\n\nThe tool WebSearch can be called now.',
  );
});

test('calls without results, results without calls, repeated ids', () => {
  const call = (id: string) => ({ type: 'tool_use', id, name: 'Bash', input: {} });
  const result = (id: string, content: string) => ({ type: 'tool_result', tool_use_id: id, content });
  const { body } = encode({
    model: 'm',
    max_tokens: 1,
    tools: [tool('Bash')],
    messages: [
      { role: 'user', content: [result('gone', 'from before'), { type: 'text', text: 'hi' }] },
      { role: 'assistant', content: [call('call_0'), call('call_0')] },
      { role: 'user', content: [result('call_0', 'one'), result('call_0', 'two')] },
      { role: 'assistant', content: [call('call_0'), call('x'.repeat(60))] },
      { role: 'user', content: [{ type: 'text', text: 'stop' }, result('call_0', '')] },
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: '' }] },
      { role: 'user', content: 'and now?' },
    ],
  } as unknown as HubRequest);
  const long = `${'x'.repeat(31)}_`;
  const messages = body.messages as { role: string; content: string; tool_call_id?: string }[];
  assert.deepEqual(
    messages.map(({ role, content, tool_call_id: id }) => [role, id?.startsWith(long) ? long : id, content]),
    [
      ['user', undefined, 'Result of an earlier tool call:\nfrom before\n\nhi'],
      ['assistant', undefined, null],
      ['tool', 'call_0', 'one'],
      ['tool', 'call_0_2', 'two'],
      ['assistant', undefined, null],
      ['tool', 'call_0_3', '(no output)'],
      ['tool', long, '(no result: the call was interrupted)'],
      ['user', undefined, 'stop'],
      ['user', undefined, 'and now?'],
    ],
  );
});

test('tool_choice in all its forms', () => {
  const choose = (choice: object, quirks = {}) => {
    const { body } = encode(ask('x', { tools: [tool('Bash')], tool_choice: choice }), target(quirks));
    return [body.tool_choice, body.parallel_tool_calls];
  };
  assert.deepEqual(choose({ type: 'auto' }), ['auto', undefined]);
  assert.deepEqual(choose({ type: 'any', disable_parallel_tool_use: true }), ['required', false]);
  assert.deepEqual(choose({ type: 'auto', disable_parallel_tool_use: true }, { parallelToolCalls: false }), [
    'auto',
    undefined,
  ]);
  assert.deepEqual(choose({ type: 'tool', name: 'Bash' }), [
    { type: 'function', function: { name: 'Bash' } },
    undefined,
  ]);
  assert.deepEqual(choose({ type: 'tool', name: 'Unknown' }), [undefined, undefined]);
  assert.deepEqual(choose({ type: 'none' }), ['none', undefined]);
});

test('no tools left: neither tools nor a choice among them', () => {
  for (const tools of [[], undefined, [{ type: 'web_search_20250305', name: 'web_search' }]]) {
    const { body } = encode(ask('x', { tools, tool_choice: { type: 'auto' } }));
    assert.ok(!('tools' in body) && !('tool_choice' in body));
  }
});

test('tool names that are too long or hold other characters are mapped, everywhere the same', () => {
  const long = `mcp__${'server'.repeat(12)}__tool`;
  const { body, memory } = encode({
    ...ask('x', {
      tools: [tool(long), tool('ns.tool/1'), tool('Bash')],
      tool_choice: { type: 'tool', name: long },
    }),
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: long, input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
    ],
  } as HubRequest);
  const names = (body.tools as { function: { name: string } }[]).map((entry) => entry.function.name);
  assert.deepEqual([...memory.toolNames.values()], [long, 'ns.tool/1']);
  assert.deepEqual([...memory.toolNames.keys()], names.slice(0, 2));
  assert.deepEqual(body.tool_choice, { type: 'function', function: { name: names[0] } });
  const [, assistant] = body.messages as { tool_calls: { function: { name: string } }[] }[];
  assert.equal(assistant?.tool_calls[0]?.function.name, names[0]);
});

test('limits, sampling and stop sequences', () => {
  const { body, notes } = encode(
    ask('x', {
      max_tokens: 50_000,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['a', '', 'b', 'c', 'd', 'e'],
    }),
    target({ maxTokensField: 'max_completion_tokens' }, { maxOutput: 8192 }),
  );
  const { messages: _, ...rest } = body;
  assert.deepEqual(rest, {
    model: 'upstream-model',
    max_completion_tokens: 8192,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['a', 'b', 'c', 'd'],
  });
  assert.deepEqual(notes, [
    'max_tokens lowered from 50000 to 8192',
    '1 stop sequences dropped: only 4 are taken',
    "top_k dropped: not known to the provider's API",
  ]);
});

test('own parameters fill gaps, refused fields go, unknown ones go or pass', () => {
  const request = ask('x', { temperature: 0.1, foo: 1, safeguards: [], context_management: {} });
  const { body } = encode(
    request,
    target({ refuses: ['temperature'] }, { params: { seed: 7, max_tokens: 5, top_p: 0.3 } }),
  );
  assert.deepEqual(
    [body.temperature, body.seed, body.max_tokens, body.top_p, body.foo],
    [undefined, 7, 100, 0.3, undefined],
  );
  const passing = encodeChatRequest(request, target({}, { dropParams: false }));
  assert.equal(passing.body.foo, 1);
  assert.ok(!('safeguards' in passing.body) && !('context_management' in passing.body));
});

test('thinking and effort in the words of each upstream', () => {
  const fields = (more: object, quirks: object, profile: Partial<TargetProfile> = {}) => {
    const { body } = encode(ask('x', { stream: true, ...more }), target(quirks, profile));
    const { model: _, messages: __, max_tokens: ___, stream: _4, stream_options: _5, ...rest } = body;
    return rest;
  };
  const adaptive = (effort?: string) => ({ thinking: { type: 'adaptive' }, output_config: { effort } });
  const budget = (budget_tokens: number) => ({ thinking: { type: 'enabled', budget_tokens } });
  const off = { thinking: { type: 'disabled' } };
  assert.deepEqual(fields(adaptive('max'), {}), { reasoning_effort: 'high' });
  assert.deepEqual(fields(adaptive('max'), { efforts: ['low', 'high', 'xhigh'] }), {
    reasoning_effort: 'xhigh',
  });
  assert.deepEqual(fields(adaptive(), {}), {});
  assert.deepEqual(fields(budget(31_999), {}), { reasoning_effort: 'high' });
  assert.deepEqual(fields(budget(2000), {}), { reasoning_effort: 'low' });
  assert.deepEqual(fields(off, {}), {});
  assert.deepEqual(fields(adaptive('high'), {}, { model: 'openai/gpt-4o-mini' }), {});
  assert.deepEqual(fields(adaptive('high'), {}, { reasoning: false }), {});
  assert.deepEqual(fields(adaptive('high'), { reasoning: 'none' }), {});
  assert.deepEqual(fields(adaptive('high'), { reasoning: 'openrouter' }), { reasoning: { effort: 'high' } });
  assert.deepEqual(fields(budget(4000), { reasoning: 'openrouter' }), { reasoning: { max_tokens: 4000 } });
  assert.deepEqual(fields(off, { reasoning: 'openrouter' }), { reasoning: { enabled: false } });
  assert.deepEqual(fields(adaptive('high'), { reasoning: 'thinking' }), { thinking: { type: 'enabled' } });
  assert.deepEqual(fields(off, { reasoning: 'thinking' }), { thinking: { type: 'disabled' } });
  assert.deepEqual(fields({}, { reasoning: 'thinking' }), {});
  assert.deepEqual(fields(budget(4000), { reasoning: 'enable_thinking' }), {
    enable_thinking: true,
    thinking_budget: 4000,
  });
  assert.deepEqual(
    encode(ask('x', adaptive('high')), target({ reasoning: 'enable_thinking' })).body.enable_thinking,
    false,
  );
  const forced = { tools: [tool('Bash')], tool_choice: { type: 'any' } };
  assert.deepEqual(encode(ask('x', forced), target({ reasoning: 'thinking' })).body.thinking, {
    type: 'disabled',
  });
});

test('answers in a JSON schema', () => {
  const closed = {
    type: 'object',
    properties: { title: { type: 'string' } },
    required: ['title'],
    additionalProperties: false,
  };
  const formatOf = (schema: object, quirks = {}) =>
    encode(ask('x', { output_config: { format: { type: 'json_schema', schema } } }), target(quirks)).body;
  assert.deepEqual(formatOf(closed).response_format, {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: closed, strict: true },
  });
  const open = {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    required: ['a'],
  };
  assert.deepEqual(formatOf(open).response_format, {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: open },
  });
  const prompted = formatOf(closed, { jsonSchema: 'json_object' });
  assert.deepEqual(prompted.response_format, { type: 'json_object' });
  assert.match(JSON.stringify(prompted.messages), /matches this JSON schema/);
  const refused = formatOf(closed, { refuses: ['response_format'] });
  assert.ok(!('response_format' in refused));
  assert.match(JSON.stringify(refused.messages), /matches this JSON schema/);
});

test('web search by the upstream, and without', () => {
  const request = ask('Perform a web search for the query: otters', {
    tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8, allowed_domains: ['a.example'] }],
    tool_choice: { type: 'auto' },
  });
  const searching = encode(request, target({ webSearch: 'web_search_options' }));
  assert.deepEqual(searching.body.web_search_options, {});
  assert.equal(searching.memory.webSearchTool, 'web_search');
  assert.equal(searching.memory.webSearchQuery, 'otters');
  const without = encode(request);
  assert.equal(without.memory.webSearchTool, undefined);
  assert.match(JSON.stringify(without.body.messages), /Web search is not available/);
  assert.deepEqual(without.notes, ['web search dropped: up has none of its own']);
});

test('earlier thinking goes back as the upstream wants it', () => {
  const history = (signature: string, quirks: object) => {
    const { body } = encode(
      {
        model: 'm',
        max_tokens: 1,
        tools: [tool('Bash')],
        messages: [
          { role: 'user', content: 'x' },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm', signature },
              { type: 'tool_use', id: 'a', name: 'Bash', input: {} },
            ],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
        ],
      } as unknown as HubRequest,
      target(quirks),
    );
    const {
      role: _,
      content: __,
      tool_calls: ___,
      ...rest
    } = (body.messages as Record<string, unknown>[])[1] ?? {};
    return rest;
  };
  assert.deepEqual(history('sy1.up.', {}), {});
  assert.deepEqual(history('EqQB', { reasoningHistory: 'reasoning_content' }), { reasoning_content: 'hm' });
  const details = { reasoningHistory: 'reasoning_details' };
  assert.deepEqual(history('sy1.up.', details), {
    reasoning_details: [{ type: 'reasoning.text', text: 'hm' }],
  });
  assert.deepEqual(history('sy1.up.EqQB', details), {
    reasoning_details: [
      { type: 'reasoning.text', text: 'hm', signature: 'EqQB', format: 'anthropic-claude-v1', index: 0 },
    ],
  });
  assert.deepEqual(history('sy1.other.EqQB', details), {});
});

test('a call of another model without thinking gets a stand-in where thinking is demanded', () => {
  const { body } = encode(
    {
      model: 'm',
      max_tokens: 1,
      tools: [tool('Bash')],
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
      ],
    } as unknown as HubRequest,
    target({ reasoningHistory: 'reasoning_content' }),
  );
  assert.equal((body.messages as { reasoning_content?: string }[])[1]?.reasoning_content, ' ');
});

test('cache marks stay where they are understood', () => {
  const { body } = encode(toolLoopRequest(), target({ cacheControl: true }));
  const messages = body.messages as { content: { cache_control?: unknown }[] }[];
  assert.deepEqual(
    messages[0]?.content.map((part) => part.cache_control !== undefined),
    [true, true, true],
  );
  assert.deepEqual(messages.at(-1)?.content.at(-1)?.cache_control, { type: 'ephemeral' });
});

test('the mark of the last tool result stays, with its lifetime', () => {
  const loop = toolLoopRequest();
  const mark = { type: 'ephemeral', ttl: '1h', scope: 'global' };
  const last = {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'b', content: 'ok', cache_control: mark }],
  };
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 'b', name: 'Bash', input: {} }] };
  const request = { ...loop, messages: [...loop.messages, call, last] } as HubRequest;
  const messages = (quirks: object) =>
    encode(request, target(quirks)).body.messages as { content: unknown }[];
  assert.deepEqual(messages({ cacheControl: true }).at(-1)?.content, [
    { type: 'text', text: 'ok', cache_control: { type: 'ephemeral', ttl: '1h' } },
  ]);
  assert.equal(messages({}).at(-1)?.content, 'ok');
});

test("the session's id keeps the cache; device ids stay here", () => {
  const { body } = encode(mainRequest(), target({ promptCacheKey: true }));
  assert.equal(body.prompt_cache_key, '0f0e0d0c-0000-4000-8000-000000000001');
  assert.ok(!JSON.stringify(body).includes('d'.repeat(64)));
});
