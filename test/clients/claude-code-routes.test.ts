// Each route, taken by what the real Claude Code CLI really sends. All models live on one upstream; their names tell
// which route led there.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { type RecordedRequest, text, toolCalls } from '../tools/scripted-upstream.ts';
import { type Bench, defaultModel, startBench } from './bench.ts';
import { pdf, png } from './files.ts';
import { seen } from './seen.ts';

const routes = {
  default: 'main/for-default',
  background: 'main/for-background',
  think: 'main/for-think',
  longContext: { to: 'main/for-long', threshold: 40_000 },
  webSearch: 'main/for-web',
  subagent: 'main/for-subagent',
  compaction: 'main/for-compaction',
  classifier: 'main/for-classifier',
  image: 'main/for-image',
};
const groups = {
  fast: { targets: ['main/for-fast'] },
  sonnet: { targets: ['main/for-sonnet'], aliases: ['claude-sonnet-5-5'] },
};
const models = [
  ...[
    'default',
    'background',
    'think',
    'long',
    'web',
    'subagent',
    'compaction',
    'classifier',
    'fast',
    'sonnet',
  ].map((name) => ({ id: `for-${name}`, vision: false, pdf: false })),
  { id: 'for-image', vision: true, pdf: true },
];

function startRoutes(): Promise<Bench> {
  return startBench({ dialect: 'anthropic', provider: { models }, config: { groups, routes } });
}

/** Which models were asked, in order. */
function asked(bench: Bench): string[] {
  return bench.upstream.messages.map((request) => request.model.replace('for-', ''));
}

test('default and unknown names, think by effort, long context by size', async (t) => {
  await using bench = await startRoutes();
  bench.upstream.otherwise = () => text('ok');
  const cases: [string, string, { model?: string; args?: string[] }, string][] = [
    ['no model named', 'Hi', {}, 'default'],
    ['a name that nobody knows', 'Hi', { model: 'gpt-99-ultra' }, 'default'],
    ['effort medium', 'Hi', { args: ['--effort', 'medium'] }, 'default'],
    ['effort xhigh', 'Hi', { args: ['--effort', 'xhigh'] }, 'think'],
    ['effort max', 'Hi', { args: ['--effort', 'max'] }, 'think'],
    ['a long prompt', 'many words '.repeat(20_000), {}, 'long'],
    ['long beats think', 'many words '.repeat(20_000), { args: ['--effort', 'max'] }, 'long'],
    ['provider/model', 'Hi', { model: 'main/for-explicit' }, 'explicit'],
    ['provider,model', 'Hi', { model: 'main,for-explicit' }, 'explicit'],
    ['a group', 'Hi', { model: 'fast' }, 'fast'],
    ['a group from the picker', 'Hi', { model: 'claude-switchyard/fast' }, 'fast'],
    ['explicit beats long', 'many words '.repeat(20_000), { model: 'claude-switchyard/fast' }, 'fast'],
    ['as if no model was named', 'Hi', { model: 'claude-switchyard/auto' }, 'default'],
    ['an alias', 'Hi', { model: 'sonnet' }, 'sonnet'],
    ['an alias is not explicit', 'Hi', { model: 'sonnet', args: ['--effort', 'max'] }, 'think'],
  ];
  for (const [name, prompt, options, expected] of cases)
    await t.test(name, async () => {
      bench.upstream.clear();
      const run = await bench.claude.run(prompt, options);
      assert.equal(run.text, 'ok');
      assert.deepEqual(asked(bench), [expected]);
      const name = options.model === 'sonnet' ? 'claude-sonnet-5-5' : (options.model ?? defaultModel);
      assert.deepEqual(run.models, [name], 'the answer bears the name that was asked for');
    });
  assert.deepEqual(bench.upstream.refusals, []);
});

test('background: session titles; without hint headers also by the small model', async () => {
  await using bench = await startRoutes();
  bench.upstream.otherwise = () => text('{"title":"T"}');
  const title = { subtype: 'generate_session_title', description: 'Fix the login bug', persist: false };
  const lines = [
    { type: 'control_request', request_id: 'r1', request: title },
    { type: 'user', message: { role: 'user', content: 'hi' } },
  ];
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const args = ['--input-format', 'stream-json'];
  for (const hints of ['1', undefined]) {
    bench.upstream.clear();
    await bench.claude.run(input, { args, env: { CLAUDE_CODE_GATEWAY_HINT_HEADERS: hints } });
    assert.deepEqual(asked(bench).sort(), ['background', 'default']);
  }
});

test('subagent, with and without hint headers', async () => {
  await using bench = await startRoutes();
  const input = {
    description: 'count',
    prompt: 'Count the files',
    subagent_type: 'general-purpose',
    run_in_background: false,
  };
  for (const hints of ['1', undefined]) {
    bench.upstream.clear();
    bench.upstream.answer(toolCalls({ tool: 'Agent', input }), text('7'), text('It says 7.'));
    const run = await bench.claude.run('Use an agent', { env: { CLAUDE_CODE_GATEWAY_HINT_HEADERS: hints } });
    assert.equal(run.text, 'It says 7.');
    assert.deepEqual(asked(bench), ['default', 'subagent', 'default']);
  }
});

test('webSearch, compaction and the model probe', async () => {
  await using bench = await startRoutes();
  const results = [{ title: 'T', url: 'https://e.example/' }];
  bench.upstream.answerWhen((request) => request.model === 'for-web', {
    parts: [{ webSearch: 'weather', results }, { text: 'Sunny.' }],
  });
  bench.upstream.answer(
    toolCalls({ tool: 'ToolSearch', input: { query: 'select:WebSearch', max_results: 5 } }),
    toolCalls({ tool: 'WebSearch', input: { query: 'weather' } }),
    text('Done.'),
    text('<analysis>x</analysis><summary>All fine.</summary>'),
  );
  const { sessionId } = await bench.claude.run('Weather?');
  assert.deepEqual(asked(bench), ['default', 'default', 'web', 'default']);
  await bench.claude.run('/compact', { args: ['--resume', sessionId] });
  assert.equal(asked(bench).at(-1), 'compaction');
  bench.upstream.answer(text('Hi'), text('Hi'));
  const known = await bench.claude.run('/model main/for-fast');
  assert.match(known.text, /Set model to/);
  assert.equal(asked(bench).at(-1), 'fast');
  const unknown = await bench.claude.run('/model gpt-99-ultra');
  assert.match(unknown.text, /Set model to/);
  assert.deepEqual(bench.upstream.refusals, []);
});

test('classifier: the permission check of auto mode', async () => {
  await using bench = await startRoutes();
  // The first stage asks for a severity from 0 to 100; above 50, the second thinks about it again.
  bench.upstream.answerWhen(isCheck, text('<severity>80'));
  bench.upstream.answerWhen(isCheck, text('<thinking>The user wants it.</thinking><severity>10</severity>'));
  bench.upstream.answerWhen(
    (request) => request.stream,
    toolCalls({ tool: 'Bash', input: { command: 'curl -s http://127.0.0.1:9/x || touch made' } }),
  );
  bench.upstream.answerWhen((request) => request.stream, text('Done.'));
  const run = await bench.claude.run('Do it', { args: ['--permission-mode', 'auto'] });
  assert.equal(run.text, 'Done.');
  assert.deepEqual(asked(bench), ['default', 'classifier', 'classifier', 'default']);
  assert.equal(await readFile(`${bench.claude.folder}/made`, 'utf8'), '', 'the tool ran');
  assert.deepEqual(bench.upstream.refusals, []);
});

function isCheck(request: RecordedRequest): boolean {
  return !request.stream && request.text.includes('security monitor for autonomous AI coding agents');
}

test('image: to the image route when the target cannot see, and back afterwards', async () => {
  await using bench = await startRoutes();
  const image = await bench.claude.write('red.png', png);
  const document = await bench.claude.write('letter.pdf', pdf);
  bench.upstream.answer(
    toolCalls({ tool: 'Read', input: { file_path: image } }),
    toolCalls({ tool: 'Read', input: { file_path: document } }),
    toolCalls({ tool: 'Bash', input: { command: 'echo on' } }),
    text('Seen.'),
  );
  const run = await bench.claude.run('Look');
  assert.equal(run.text, 'Seen.');
  assert.deepEqual(asked(bench), ['default', 'image', 'image', 'default']);
  const views = bench.upstream.messages.map(seen);
  assert.deepEqual(
    views.map((view) => view.media.map(({ kind }) => kind)),
    [[], ['image'], ['image', 'pdf'], []],
  );
  assert.deepEqual(bench.upstream.refusals, []);
});

test('a switch of the route while a session runs', async () => {
  await using bench = await startRoutes();
  bench.upstream.otherwise = () => text('ok');
  const { sessionId } = await bench.claude.run('One');
  await bench.configure({ groups, routes: { ...routes, default: 'fast' } });
  const run = await bench.claude.run('Two', { args: ['--resume', sessionId] });
  assert.deepEqual(asked(bench), ['default', 'fast']);
  assert.equal(run.models.at(-1), defaultModel);
});

test('discovery: the picker offers the groups', async () => {
  await using bench = await startRoutes();
  bench.upstream.otherwise = () => text('ok');
  await bench.claude.run('Hi');
  const cache: unknown = JSON.parse(
    await readFile(bench.claude.configFile('cache/gateway-models.json'), 'utf8'),
  );
  const listed = JSON.stringify(cache);
  for (const id of ['claude-switchyard/fast', 'claude-switchyard/sonnet', 'claude-switchyard/auto'])
    assert.ok(listed.includes(`"${id}"`), `${id} in ${listed}`);
});
