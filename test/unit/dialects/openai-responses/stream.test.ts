// Responses in all the forms in which servers send them, beyond what was recorded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodeContext } from '../../../../src/core/dialects/dialect.ts';
import type { HubEvent, HubMessage } from '../../../../src/core/dialects/hub.ts';
import { isUpstreamFailure } from '../../../../src/core/failure.ts';
import { checkGrammar } from '../../../tools/anthropic-grammar.ts';
import { recordedBytes, recordings, recordingsAbsent } from '../../../tools/recordings.ts';
import { accumulate, decodeContext, decodeEvents, dialect, split, sse } from '../decode.ts';

type Json = Record<string, unknown>;

const usage = { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5 };
const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } };
const completed = (more: Json = {}) => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output: [], usage, ...more },
});
const added = (output_index: number, item: Json) => ({
  type: 'response.output_item.added',
  output_index,
  item,
});
const done = (output_index: number, item: Json) => ({
  type: 'response.output_item.done',
  output_index,
  item,
});
const textDelta = (output_index: number, delta: string) => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta,
});
const message = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const call = (id: string, args: string) => ({
  id: `fc_${id}`,
  type: 'function_call',
  call_id: id,
  name: 'Read',
  arguments: args,
});
const reasoning = (more: Json) => ({ id: 'rs_1', type: 'reasoning', summary: [], ...more });

function events(data: unknown[], context?: DecodeContext): HubEvent[] {
  const result = decodeEvents('openai-responses', sse(...data), context);
  checkGrammar(result, { converted: true });
  return result;
}

function read(data: unknown[], context?: DecodeContext): HubMessage {
  const result = events(data, context);
  assert.notEqual(result.at(-1)?.type, 'error', JSON.stringify(result.at(-1)));
  return accumulate(result);
}

/** Kind and content of each block, thinking with its signature. */
function blocks(answer: HubMessage): unknown[] {
  return answer.content.map((block) => {
    if (block.type === 'text') return block.text;
    if (block.type === 'thinking') return [block.thinking, block.signature];
    return block.type === 'tool_use' ? { [block.id]: block.input } : block.type;
  });
}

function error(data: unknown[]): { type: string; message: string; status: number | undefined } {
  const last = events(data).at(-1);
  assert.equal(last?.type, 'error');
  return { ...last.error, status: last.status };
}

test('the model of the request, the estimate at the start, the true usage at the end', () => {
  const [start] = events([
    created,
    added(0, message('')),
    textDelta(0, 'Hi'),
    done(0, message('Hi')),
    completed(),
  ]);
  assert.ok(start?.type === 'message_start');
  assert.equal(start.message.model, 'asked-for');
  assert.equal(start.message.usage.input_tokens, 77);
  const answer = read([
    created,
    added(0, message('')),
    textDelta(0, 'Hi'),
    done(0, message('Hi')),
    completed(),
  ]);
  assert.equal(answer.usage.input_tokens, 6);
  assert.equal(answer.usage.cache_read_input_tokens, 4);
  assert.deepEqual(blocks(answer), ['Hi']);
});

test('an input count that only the start tells, or that is zero there, stands at the end too', () => {
  const inputAtEnd = (started: Json) => {
    const last = events([
      { ...created, response: { ...created.response, ...started } },
      added(0, message('')),
      textDelta(0, 'Hi'),
      done(0, message('Hi')),
      completed({ usage: null }),
    ]).find(({ type }) => type === 'message_delta');
    assert.ok(last?.type === 'message_delta');
    return last.usage.input_tokens;
  };
  assert.equal(inputAtEnd({ usage: { input_tokens: 500, output_tokens: 0 } }), 500);
  assert.equal(inputAtEnd({ usage: { input_tokens: 0, output_tokens: 0 } }), 77);
  assert.equal(inputAtEnd({}), 77);
});

test('texts that come only whole: in a part, an item, the final response', () => {
  const part = {
    type: 'response.content_part.done',
    output_index: 0,
    content_index: 0,
    part: message('Hi').content[0],
  };
  const textDone = { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hi' };
  for (const way of [
    [added(0, message('')), part],
    [added(0, message('')), textDone],
    [done(0, message('Hi'))],
    [textDelta(0, 'H'), textDone],
    [],
  ])
    assert.deepEqual(blocks(read([created, ...way, completed({ output: [message('Hi')] })])), ['Hi']);
});

test('two messages in a row are two blocks', () => {
  const answer = read([
    done(0, message('I look.')),
    done(1, { ...message('Done.'), id: 'msg_2' }),
    completed(),
  ]);
  assert.deepEqual(blocks(answer), ['I look.', 'Done.']);
});

test('calls: parallel, in pieces, whole, without arguments, with repeated ids, by name of the client', () => {
  const piece = (output_index: number, delta: string) => ({
    type: 'response.function_call_arguments.delta',
    output_index,
    delta,
  });
  const answer = read(
    [
      created,
      added(0, call('a', '')),
      added(1, call('b', '')),
      piece(0, '{"x":'),
      piece(1, '{"y":2}'),
      piece(0, '1}'),
      done(0, call('a', '{"x":1}')),
      done(1, call('b', '{"y":2}')),
      done(2, call('a', '')),
      done(3, { ...call('c', ''), arguments: { z: 3 } }),
      completed(),
    ],
    decodeContext({ toolNames: new Map([['Read', 'mcp__x__read.file']]), toolIds: new Set(['b']) }),
  );
  assert.deepEqual(blocks(answer), [{ a: { x: 1 } }, { 'b-2': { y: 2 } }, { 'a-2': {} }, { c: { z: 3 } }]);
  assert.ok(answer.content.every((block) => block.type === 'tool_use' && block.name === 'mcp__x__read.file'));
  assert.equal(answer.stop_reason, 'tool_use');
});

test('a custom tool’s text arrives piece by piece as one argument', () => {
  const item = { id: 'ctc_1', type: 'custom_tool_call', call_id: 'c', name: 'Patch', input: '' };
  const delta = (text: string) => ({
    type: 'response.custom_tool_call_input.delta',
    output_index: 0,
    delta: text,
  });
  const input = 'a "quoted"\nline 😀';
  const answer = read([
    added(0, item),
    delta('a "quo'),
    delta('ted"\nline \ud83d'),
    delta('\ude00'),
    done(0, { ...item, input }),
    completed(),
  ]);
  assert.deepEqual(blocks(answer), [{ c: { input } }]);
});

test('reasoning: each part a block, the last one carries what has to come back', () => {
  const part = (summary_index: number, delta: string) => ({
    type: 'response.reasoning_summary_text.delta',
    output_index: 0,
    summary_index,
    delta,
  });
  const whole = reasoning({
    summary: [
      { type: 'summary_text', text: 'First.' },
      { type: 'summary_text', text: 'Second.' },
    ],
    encrypted_content: 'abc',
  });
  const expected = [
    ['First.', 'sy1.up.'],
    ['Second.', 'sy1.up.encrypted.abc'],
  ];
  assert.deepEqual(
    blocks(
      read([
        added(0, reasoning({ encrypted_content: 'preliminary' })),
        part(0, 'Fir'),
        part(0, 'st.'),
        part(1, 'Second.'),
        done(0, whole),
        done(1, reasoning({ id: 'rs_2', encrypted_content: 'def' })),
        done(2, message('Hi')),
        completed(),
      ]),
    ),
    [...expected, ['', 'sy1.up.encrypted.def'], 'Hi'],
  );
  assert.deepEqual(blocks(read([done(0, whole), completed()])), expected);
});

test('open thinking is shown; where there is a summary too, only one of them', () => {
  const open = [{ type: 'reasoning_text', text: 'All of it.' }];
  assert.deepEqual(blocks(read([done(0, reasoning({ content: open })), completed()])), [
    ['All of it.', 'sy1.up.'],
  ]);
  const both = reasoning({ content: open, summary: [{ type: 'summary_text', text: 'Short.' }] });
  assert.deepEqual(blocks(read([done(0, both), completed()])), [['Short.', 'sy1.up.']]);
  const hidden = decodeContext({ hideThinking: true });
  assert.deepEqual(
    blocks(read([done(0, { ...both, encrypted_content: 'x' }), done(1, message('Hi')), completed()], hidden)),
    ['Hi'],
  );
});

test('a refusal is text; a filtered, a cut and a stopped answer say so', () => {
  const refusal = { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'I won’t.' };
  const refused = { ...message(''), content: [{ type: 'refusal', refusal: 'I won’t.' }] };
  assert.deepEqual(blocks(read([refusal, done(0, refused), completed()])), ['I won’t.']);
  const end = (reason: string) => ({
    type: 'response.incomplete',
    response: { incomplete_details: { reason }, usage },
  });
  const reasons = ['content_filter', 'max_output_tokens', 'max_tool_calls'].map(
    (reason) => read([done(0, message('Hi')), end(reason)]).stop_reason,
  );
  assert.deepEqual(reasons, ['refusal', 'max_tokens', 'pause_turn']);
});

test('web searches: sources of the call, else citations, in the form that Claude Code counts', () => {
  const search = (id: string, sources: string[]) => ({
    id,
    type: 'web_search_call',
    status: 'completed',
    action: { type: 'search', query: `query ${id}`, sources: sources.map((url) => ({ type: 'url', url })) },
  });
  const opened = {
    id: 'ws_p',
    type: 'web_search_call',
    action: { type: 'open_page', url: 'https://c.example' },
  };
  const cited = message('Found.');
  Object.assign(cited.content[0] ?? {}, {
    annotations: [
      { type: 'url_citation', url: 'https://a.example', title: 'A' },
      { type: 'url_citation', url: 'https://c.example', title: 'C' },
    ],
  });
  const data = [
    done(0, search('ws_1', ['https://a.example', 'https://b.example'])),
    done(1, opened),
    done(2, cited),
    completed(),
  ];
  const answer = read(data, decodeContext({ webSearchTool: 'web_search' }));
  assert.deepEqual(blocks(answer), [
    'server_tool_use',
    'web_search_tool_result',
    'Found.',
    'server_tool_use',
    'web_search_tool_result',
  ]);
  const urls = answer.content.flatMap((block) =>
    block.type === 'web_search_tool_result' && Array.isArray(block.content)
      ? [block.content.map(({ url, title }) => [url, title])]
      : [],
  );
  assert.deepEqual(urls, [
    [
      ['https://a.example', 'https://a.example'],
      ['https://b.example', 'https://b.example'],
    ],
    [['https://c.example', 'C']],
  ]);
  assert.equal(answer.usage.server_tool_use?.web_search_requests, 1);
  assert.equal(answer.stop_reason, 'end_turn');
  assert.deepEqual(blocks(read(data)), ['Found.'], 'nobody asked for a search');
});

test('errors: as events, as failed responses, with the status that their code stands for', () => {
  const failed = (code: string, text = 'Sorry.') => ({
    type: 'response.failed',
    response: { status: 'failed', error: { code, message: text } },
  });
  assert.deepEqual(error([created, failed('rate_limit_exceeded')]), {
    type: 'rate_limit_error',
    message: 'Sorry.',
    status: 429,
  });
  assert.equal(error([failed('context_length_exceeded')]).status, 400);
  assert.equal(error([failed('server_is_overloaded')]).type, 'overloaded_error');
  assert.equal(
    error([{ type: 'error', code: 'server_error', message: 'Flat.', param: null }]).message,
    'Flat.',
  );
  assert.equal(
    error([{ type: 'error', error: { type: 'insufficient_quota', message: 'Nested.' } }]).status,
    429,
  );
  assert.equal(error([{ error: { message: 'Bare.' } }]).message, 'Bare.');
  assert.equal(
    error([{ type: 'response.failed' }]).message,
    'The provider ended its answer with status "failed"',
  );
  assert.equal(error([completed({ status: 'failed', error: { message: 'Late.' } })]).message, 'Late.');
  assert.equal(error([done(0, { ...call('a', '{}'), name: '' }), completed()]).type, 'api_error');
});

test('the end: cut streams are no answers, what follows the end is ignored', () => {
  assert.match(error([]).message, /empty stream/);
  assert.match(error([created, done(0, message('Hi'))]).message, /broke off/);
  assert.match(error([created, textDelta(0, 'Hi'), '[DONE]']).message, /broke off/);
  assert.match(error([created, '<html>']).message, /not JSON/);
  // All is there but the last event.
  assert.deepEqual(blocks(read([created, done(0, message('Hi')), '[DONE]'])), ['Hi']);
  assert.deepEqual(
    blocks(read([done(0, message('Hi')), completed(), textDelta(0, 'more'), 'junk', '[DONE]'])),
    ['Hi'],
  );
});

test('events that are unknown, early, late or repeated change nothing', () => {
  const answer = read([
    { type: 'response.queued' },
    { type: 'keepalive', sequence_number: 2 },
    created,
    { type: 'response.something.new', output_index: 7, delta: 'x' },
    { type: 'response.web_search_call.searching', output_index: 8 },
    done(0, { type: 'image_generation_call', id: 'ig_1', result: 'abc' }),
    added(1, message('')),
    textDelta(1, 'Hi'),
    done(1, message('Hi')),
    done(1, message('Hi')),
    completed({ output: [message('Hi')] }),
  ]);
  assert.deepEqual(blocks(answer), ['Hi']);
});

test('whole answers that are none', () => {
  const decode = (body: unknown) => dialect('openai-responses').decodeResponse(body, decodeContext());
  for (const [body, kind] of [
    [{ error: { message: 'No.', code: 'rate_limit_exceeded' } }, 'rate-limit'],
    [{ status: 'failed', output: [], error: { message: 'No.', code: 'server_error' } }, 'server'],
    [{ choices: [] }, 'bad-stream'],
    [null, 'bad-stream'],
    ['text', 'bad-stream'],
  ] as const)
    assert.throws(
      () => decode(body),
      (thrown) => isUpstreamFailure(thrown) && thrown.failure.kind === kind,
      JSON.stringify(body),
    );
});

test('recorded searches show their sources', { skip: recordingsAbsent }, () => {
  for (const [id, searches, sources] of [
    ['openai-gpt-5-mini-web-search-streaming', 2, 1],
    ['xai-search-with-xai-grok-4-3-searches-cites-and-counts-the-sources-it-used', 2, 12],
  ] as const) {
    const recording = recordings('openai-responses').find((one) => one.id === id);
    assert.ok(recording);
    const context = decodeContext({ webSearchTool: 'web_search' });
    const answer = recording.stream
      ? accumulate(decodeEvents('openai-responses', split([recordedBytes(recording)]), context))
      : dialect('openai-responses').decodeResponse(recording.body, context);
    const urls = answer.content.flatMap((block) =>
      block.type === 'web_search_tool_result' && Array.isArray(block.content) ? block.content : [],
    );
    assert.equal(answer.usage.server_tool_use?.web_search_requests, searches);
    assert.equal(urls.length, sources, JSON.stringify(urls.map(({ url }) => url)));
  }
});
