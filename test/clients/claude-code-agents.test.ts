// Requests that Claude Code makes beside the conversation: subagents, web search, titles, compaction, counting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAiBody, type RecordedRequest, text, toolCalls } from '../tools/scripted-upstream.ts';
import { dialects, startBench } from './bench.ts';
import { seen } from './seen.ts';

const results = [
  { title: 'Weather in Berlin', url: 'https://weather.example/berlin' },
  { title: 'Forecast', url: 'https://forecast.example/?q=1' },
];
/** What the main conversation answers: the tool is deferred, hence loaded first. */
const useWebSearch = [
  toolCalls({ tool: 'ToolSearch', input: { query: 'select:WebSearch', max_results: 5 } }),
  toolCalls({ tool: 'WebSearch', input: { query: 'weather in Berlin' }, id: 'call_w' }),
  text('Sunny.'),
];
const searching = (request: RecordedRequest) => request.text.includes('Perform a web search for the query');

for (const dialect of dialects) {
  test(`${dialect}: a subagent works and reports`, async () => {
    await using bench = await startBench({ dialect });
    const isSub = (request: RecordedRequest) => request.text.includes('Count the files, little one');
    const input = {
      description: 'count',
      prompt: 'Count the files, little one',
      subagent_type: 'general-purpose',
      run_in_background: false,
    };
    bench.upstream.answer(toolCalls({ tool: 'Agent', input, id: 'call_1' }));
    bench.upstream.answer(toolCalls({ tool: 'Bash', input: { command: 'echo from-sub' }, id: 'call_2' }));
    bench.upstream.answer(text('There are 7 files.'), text('The agent says 7.'));
    const run = await bench.claude.run('Use an agent');
    assert.equal(run.text, 'The agent says 7.');
    assert.deepEqual(bench.upstream.refusals, []);
    const requests = bench.upstream.messages;
    assert.deepEqual(requests.map(isSub), [false, true, true, true], 'the last one holds the call');
    const [main, sub, loop, end] = requests.map(seen);
    assert.ok(main && sub);
    assert.match(sub.user, /Count the files, little one/);
    assert.doesNotMatch(sub.user, /Use an agent/);
    assert.ok(sub.tools.includes('Bash') && sub.tools.length < main.tools.length);
    assert.equal(sub.calls.length, 0, 'a subagent starts without the history');
    assert.match(loop?.results.get('call_2') ?? '', /from-sub/);
    assert.match(end?.results.get('call_1') ?? '', /There are 7 files/);
    if (dialect === 'anthropic') {
      assert.match(String(requests[1]?.headers['x-claude-code-agent-id']), /^\w+$/);
      assert.match(String(requests[1]?.text), /cc_is_subagent=true/);
    }
  });

  test(`${dialect}: web search links reach the model`, async () => {
    await using bench = await startBench({
      dialect,
      provider: dialect === 'openai-chat' ? { quirks: { web_search: 'web_search_options' } } : {},
    });
    bench.upstream.answerWhen(searching, {
      parts: [{ webSearch: 'weather', results }, { text: 'It is sunny.' }],
    });
    bench.upstream.answer(...useWebSearch);
    const run = await bench.claude.run('How is the weather?');
    assert.equal(run.text, 'Sunny.');
    assert.deepEqual(bench.upstream.refusals, []);
    const search = bench.upstream.messages.find(searching);
    assert.ok(search);
    if (dialect === 'anthropic') assert.match(search.text, /"type":"web_search_20\d+"/);
    else assert.deepEqual(openAiBody(search).web_search_options, {});
    const result = seen(await bench.upstream.message(4)).results.get('call_w') ?? '';
    for (const { title, url } of results) assert.ok(result.includes(title) && result.includes(url), result);
    assert.match(result, /It is sunny\./);
  });

  test(`${dialect}: a title is asked for as JSON`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.otherwise = (request) =>
      request.text.includes('<session>') ? text('{"title":"Login bug"}') : text('ok');
    const run = await bench.claude.run(titleRequest, { args: ['--input-format', 'stream-json'] });
    assert.deepEqual(bench.upstream.refusals, []);
    const answer = run.messages.find((message) => message.type === 'control_response');
    assert.match(JSON.stringify(answer), /Login bug/);
    const request = bench.upstream.messages.find((candidate) => candidate.text.includes('<session>'));
    assert.ok(request);
    assert.match(request.text, /"json_schema"/);
    if (dialect === 'openai-chat') assert.equal(openAiBody(request).tools, undefined);
  });

  test(`${dialect}: /compact sums up and the session goes on`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.answer(
      { parts: [{ text: 'Noted: teal.' }, { tool: 'Bash', input: { command: 'echo teal' } }] },
      text('Fine.'),
      text('<analysis>short</analysis>\n<summary>The colour is teal.</summary>'),
      text('Teal it is.'),
    );
    const { sessionId } = await bench.claude.run('My colour is teal');
    const args = ['--resume', sessionId];
    await bench.claude.run('/compact', { args });
    const run = await bench.claude.run('Which colour?', { args });
    assert.equal(run.text, 'Teal it is.');
    assert.deepEqual(bench.upstream.refusals, []);
    const last = seen(await bench.upstream.message(4));
    assert.match(last.user, /The colour is teal\./);
    assert.doesNotMatch(last.assistant, /Noted: teal/);
  });

  test(`${dialect}: /context gets its counts from the router`, async () => {
    await using bench = await startBench({ dialect });
    const run = await bench.claude.run('/context');
    assert.match(run.text, /Context Usage/);
    assert.match(run.text, /\| System tools \| [1-9]/);
    assert.deepEqual(bench.upstream.messages, []);
    const counted = bench.upstream.requests.filter((request) => request.kind === 'count-tokens').length;
    assert.equal(counted > 0, dialect === 'anthropic', 'only Anthropic upstreams can count');
  });
}

test('openai-chat: without a web search of its own the upstream still answers', async () => {
  await using bench = await startBench({ dialect: 'openai-chat' });
  bench.upstream.answerWhen(searching, text('I know that it is sunny.'));
  bench.upstream.answer(...useWebSearch);
  const run = await bench.claude.run('How is the weather?');
  assert.equal(run.text, 'Sunny.');
  assert.deepEqual(bench.upstream.refusals, []);
  assert.match(seen(await bench.upstream.message(4)).results.get('call_w') ?? '', /I know that it is sunny/);
});

const titleRequest = [
  {
    type: 'control_request',
    request_id: 'r1',
    request: { subtype: 'generate_session_title', description: 'Fix the login bug', persist: false },
  },
  { type: 'user', message: { role: 'user', content: 'hi' } },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');
