// The real Claude Code CLI through the real router: conversation and tools, over upstreams of both dialects.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  anthropicBody,
  openAiBody,
  type RecordedRequest,
  text,
  toolCalls,
} from '../tools/scripted-upstream.ts';
import { defaultModel, dialects, startBench } from './bench.ts';
import { seen } from './seen.ts';

for (const dialect of dialects) {
  test(`${dialect}: a plain question and its answer`, async () => {
    await using bench = await startBench({ dialect });
    const answer = 'Grüße 👋, this is a longer answer in several pieces.';
    bench.upstream.answer({ parts: [{ text: answer }], usage: { input: 4321, output: 21, cacheRead: 4000 } });
    const run = await bench.claude.run('Say hello, please 你好');
    assert.deepEqual([run.text, run.isError, run.exitCode], [answer, false, 0]);
    assert.deepEqual(run.models, [defaultModel]);
    assert.partialDeepStrictEqual(run.result, {
      usage: { input_tokens: 321, cache_read_input_tokens: 4000, output_tokens: 21 },
    });
    assert.deepEqual(bench.upstream.refusals, []);
    const [request, ...others] = bench.upstream.messages;
    assert.ok(request !== undefined && others.length === 0);
    assert.deepEqual([request.model, request.stream, request.key], ['main-model', true, 'key-of-main']);
    const got = seen(request);
    assert.match(got.system, /Claude Agent SDK/);
    assert.match(got.system, /working with the user toward their goals/);
    assert.match(got.system, /# Environment/, 'the role:system entry inside messages');
    assert.match(got.user, /Say hello, please 你好/);
    for (const tool of ['Bash', 'Read', 'Edit', 'Write', 'Agent', 'ToolSearch'])
      assert.ok(got.tools.includes(tool), tool);
  });

  test(`${dialect}: the Bash tool runs and its output goes up`, async () => {
    await using bench = await startBench({ dialect });
    const command = 'echo "out-$((40+2)) ä"; echo problem >&2; exit 3';
    bench.upstream.answer(
      toolCalls({ tool: 'Bash', input: { command, description: 'try' }, id: 'call_1' }),
      text('It failed.'),
    );
    const run = await bench.claude.run('Run it');
    assert.equal(run.text, 'It failed.');
    assert.deepEqual(bench.upstream.refusals, []);
    const got = seen(await bench.upstream.message(2));
    assert.deepEqual(got.calls, [{ id: 'call_1', name: 'Bash', input: { command, description: 'try' } }]);
    const result = got.results.get('call_1') ?? '';
    assert.match(result, /out-42 ä/);
    assert.match(result, /Exit code 3/);
    assert.match(result, /problem/);
  });

  test(`${dialect}: Write, Read and Edit change the user's files`, async () => {
    await using bench = await startBench({ dialect });
    const file = join(bench.claude.folder, 'notes', 'plan.txt');
    bench.upstream.answer(
      toolCalls({ tool: 'Write', input: { file_path: file, content: 'first\nsecond “quoted” \\n\n' } }),
      toolCalls({ tool: 'Read', input: { file_path: file } }),
      toolCalls({ tool: 'Edit', input: { file_path: file, old_string: 'first', new_string: 'erste' } }),
      text('Changed.'),
    );
    const run = await bench.claude.run('Make a plan');
    assert.equal(run.text, 'Changed.');
    assert.equal(await readFile(file, 'utf8'), 'erste\nsecond “quoted” \\n\n');
    assert.deepEqual(bench.upstream.refusals, []);
    const got = seen(await bench.upstream.message(4));
    assert.deepEqual(
      got.calls.map((call) => call.name),
      ['Write', 'Read', 'Edit'],
    );
    assert.equal(got.results.size, 3);
    assert.match([...got.results.values()][1] ?? '', /1\tfirst/);
  });

  test(`${dialect}: several tools in one turn, each with its own result`, async () => {
    await using bench = await startBench({ dialect });
    const file = await bench.claude.write('a.txt', 'alpha\n');
    bench.upstream.answer(
      {
        parts: [
          { text: 'I look at three things.' },
          { tool: 'Bash', input: { command: 'echo one' }, id: 'call_a' },
          { tool: 'Read', input: { file_path: file }, id: 'call_b' },
          { tool: 'Bash', input: { command: 'echo three' }, id: 'call_c' },
        ],
      },
      text('Seen.'),
    );
    const run = await bench.claude.run('Look');
    assert.equal(run.text, 'Seen.');
    assert.equal(run.toolResults.length, 3);
    assert.deepEqual(bench.upstream.refusals, []);
    const got = seen(await bench.upstream.message(2));
    assert.match(got.assistant, /I look at three things\./);
    assert.deepEqual(
      got.calls.map((call) => call.id),
      ['call_a', 'call_b', 'call_c'],
    );
    assert.match(got.results.get('call_a') ?? '', /one/);
    assert.match(got.results.get('call_b') ?? '', /alpha/);
    assert.match(got.results.get('call_c') ?? '', /three/);
  });

  test(`${dialect}: ToolSearch loads a deferred tool`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.answer(
      toolCalls({
        tool: 'ToolSearch',
        input: { query: 'select:NotebookEdit', max_results: 5 },
        id: 'call_s',
      }),
      text('I have it now.'),
    );
    const run = await bench.claude.run('Find a tool');
    assert.equal(run.text, 'I have it now.');
    assert.deepEqual(bench.upstream.refusals, []);
    const before = seen(await bench.upstream.message(1));
    const after = seen(await bench.upstream.message(2));
    assert.ok(!before.tools.includes('NotebookEdit') && after.tools.includes('NotebookEdit'));
    assert.match(after.results.get('call_s') ?? '', /NotebookEdit/);
    const hidden = dialect === 'anthropic';
    assert.equal(
      before.tools.includes('DeferredToolPlaceholder'),
      hidden,
      'only Anthropic knows the placeholder',
    );
    assert.equal((await bench.upstream.message(2)).text.includes('defer_loading'), hidden);
  });

  test(`${dialect}: a resumed session brings its history`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.answer(
      { parts: [{ text: 'The word is “Zephyr”.' }, { tool: 'Bash', input: { command: 'echo kept' } }] },
      text('First turn done.'),
      text('Second turn done.'),
    );
    const first = await bench.claude.run('Remember the first question');
    const second = await bench.claude.run('And the second', { args: ['--resume', first.sessionId] });
    assert.equal(second.text, 'Second turn done.');
    assert.deepEqual(bench.upstream.refusals, []);
    const got = seen(await bench.upstream.message(3));
    assert.match(got.user, /Remember the first question[\s\S]*And the second/);
    assert.match(got.assistant, /Zephyr[\s\S]*First turn done\./);
    assert.match([...got.results.values()].join(), /kept/);
  });

  test(`${dialect}: the effort changes while a session goes on`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.otherwise = () => text('ok');
    const { sessionId } = await bench.claude.run('One');
    // Each change leaves a system entry without content between the turns.
    const efforts = [];
    for (const effort of ['max', 'low']) {
      const run = await bench.claude.run('Go on', { args: ['--resume', sessionId, '--effort', effort] });
      assert.equal(run.text, 'ok');
      const { body } = bench.upstream.messages.at(-1) ?? {};
      efforts.push(dialect === 'anthropic' ? body?.output_config : body?.reasoning_effort);
    }
    assert.deepEqual(bench.upstream.refusals, []);
    const expected = { anthropic: [{ effort: 'max' }, { effort: 'low' }], 'openai-chat': ['high', 'low'] };
    assert.deepEqual(efforts, expected[dialect]);
  });

  test(`${dialect}: an answer cut at the output limit is continued`, async () => {
    await using bench = await startBench({ dialect });
    const stopReason = dialect === 'anthropic' ? 'max_tokens' : 'length';
    bench.upstream.answer({ parts: [{ text: 'One, two,' }], stopReason }, text(' three.'));
    const run = await bench.claude.run('Count');
    assert.match(run.text, /three\./);
    assert.deepEqual(bench.upstream.refusals, []);
    assert.match(seen(await bench.upstream.message(2)).assistant, /One, two,/);
  });
}

test('anthropic: what only Anthropic understands passes unchanged', async () => {
  await using bench = await startBench({ dialect: 'anthropic' });
  bench.upstream.answer(text('ok'));
  await bench.claude.run('Hi');
  const request = await bench.upstream.message(1);
  const body = anthropicBody(request);
  assert.equal(request.path, '/v1/messages?beta=true');
  assert.match(String(request.headers['anthropic-beta']), /context-management-2025-06-27/);
  assert.match(String(request.headers['user-agent']), /^claude-cli\/2\.1\.330/);
  assert.match(JSON.stringify(body.system), /x-anthropic-billing-header/);
  assert.match(String(body.metadata?.user_id), /session_id/);
  assert.equal(body.thinking?.type, 'adaptive');
  assert.deepEqual(body.output_config, { effort: 'medium' });
  assert.match(request.text, /"cache_control":\{"type":"ephemeral"\}/);
  assert.match(request.text, /"context_management":\{"edits":/);
});

test('anthropic: an older model that takes no system entries in messages', async () => {
  await using bench = await startBench({ dialect: 'anthropic', upstream: { systemRole: false } });
  bench.upstream.otherwise = () => text('ok');
  const run = await bench.claude.run('Hi');
  assert.equal(run.text, 'ok');
  assert.match(bench.upstream.refusals[0] ?? '', /Unexpected role "system"/);
  assert.match(seen(bench.upstream.messages.at(-1) as RecordedRequest).user, /# Environment/);
});

test("settings of the user's own do not lead away from the router", async () => {
  await using bench = await startBench({ dialect: 'anthropic' });
  bench.upstream.otherwise = () => text('ok');
  const settings = { env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', ANTHROPIC_AUTH_TOKEN: 'other' } };
  await writeFile(bench.claude.configFile('settings.json'), JSON.stringify(settings));
  assert.equal((await bench.claude.run('Hi')).text, 'ok');
});

test('openai-chat: the request is plain chat completions', async () => {
  await using bench = await startBench({ dialect: 'openai-chat' });
  bench.upstream.answer(text('ok'));
  await bench.claude.run('Hi');
  const request = await bench.upstream.message(1);
  const body = openAiBody(request);
  assert.deepEqual(bench.upstream.refusals, []);
  assert.equal(request.path, '/v1/chat/completions');
  assert.equal(request.headers['anthropic-version'], undefined);
  assert.equal(request.headers['anthropic-beta'], undefined);
  assert.equal(
    request.headers['x-claude-code-session-id'],
    undefined,
    'the client is none of their business',
  );
  assert.doesNotMatch(request.text, /x-anthropic-billing-header|cache_control|tool_reference/);
  assert.deepEqual(body.stream_options, { include_usage: true });
  assert.equal(body.reasoning_effort, 'medium');
  const bash = body.tools?.find((tool) => tool.type === 'function' && tool.function.name === 'Bash');
  assert.ok(bash?.type === 'function');
  assert.match(bash.function.description ?? '', /bash/i);
  assert.partialDeepStrictEqual(bash.function.parameters, {
    type: 'object',
    properties: { command: { type: 'string' } },
    required: ['command'],
  });
});

test('openai-chat: broken tool arguments end in an error that the model gets to see', async () => {
  await using bench = await startBench({ dialect: 'openai-chat' });
  bench.upstream.answer(
    toolCalls({ tool: 'Bash', input: '{"command": "echo', id: 'call_1' }),
    text('Sorry.'),
  );
  const run = await bench.claude.run('Go');
  assert.equal(run.text, 'Sorry.');
  assert.deepEqual(bench.upstream.refusals, []);
  assert.match(seen(await bench.upstream.message(2)).results.get('call_1') ?? '', /error|invalid|missing/i);
});
