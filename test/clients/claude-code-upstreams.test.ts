// The real Claude Code CLI over upstreams of OpenAI's Responses and of Gemini, as strict as these: long tool loops with
// reasoning that comes back signed, media, subagents, web searches, compaction, errors. What it does over the other two
// dialects is spread over its neighbours, feature by feature.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { failure, type RecordedRequest, text, toolCalls } from '../tools/scripted-upstream.ts';
import { startBench } from './bench.ts';
import { pdf, png } from './files.ts';
import { seen } from './seen.ts';

const dialects = ['openai-responses', 'gemini'] as const;
const signature = (name: string) => Buffer.from(name).toString('base64');
const searching = (request: RecordedRequest) => request.text.includes('Perform a web search for the query');

for (const dialect of dialects) {
  test(`${dialect}: files, commands and media in a long loop; reasoning comes back signed, after resuming too`, async () => {
    await using bench = await startBench({ dialect });
    const { upstream, claude } = bench;
    const file_path = join(claude.folder, 'plan.txt');
    const image = await claude.write('red.png', png);
    const letter = await claude.write('letter.pdf', pdf);
    upstream.answer(
      {
        parts: [
          { thinking: 'I should look.', signature: signature('one') },
          { text: 'I look at two things.' },
          { tool: 'Bash', input: { command: 'echo "out-$((40+2)) ä"' }, id: 'call_a' },
          { tool: 'Bash', input: { command: 'exit 3' }, id: 'call_b' },
        ],
        usage: { input: 5000, output: 90, cacheRead: 4000, reasoning: 50 },
      },
      {
        parts: [
          { thinking: 'Now write.', signature: signature('two') },
          { tool: 'Write', input: { file_path, content: 'first\nsecond “quoted”\n' }, id: 'call_a' },
        ],
      },
      toolCalls(
        { tool: 'Read', input: { file_path: image } },
        { tool: 'Read', input: { file_path: letter } },
      ),
      toolCalls({ tool: 'Edit', input: { file_path, old_string: 'first', new_string: 'erste' } }),
      { parts: [{ text: 'All done.' }], usage: { input: 6000, output: 9 } },
      text('Again.'),
    );
    const run = await claude.run('Go');
    assert.deepEqual(upstream.refusals, []);
    assert.deepEqual([run.text, run.isError], ['All done.', false]);
    assert.match(JSON.stringify(run.messages), /"thinking":"I should look\."/);
    assert.equal(await readFile(file_path, 'utf8'), 'erste\nsecond “quoted”\n');
    const resumed = await claude.run('More', { args: ['--resume', run.sessionId] });
    assert.equal(resumed.text, 'Again.');
    assert.deepEqual(upstream.refusals, []);
    const last = seen(await upstream.message(6));
    assert.deepEqual(
      last.calls.map(({ name }) => name),
      ['Bash', 'Bash', 'Write', 'Read', 'Read', 'Edit'],
    );
    const ids = last.calls.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'an id that the upstream gave twice is told apart');
    const results = ids.map((id) => last.results.get(id) ?? '');
    assert.match(String(results[0]), /out-42 ä/);
    assert.match(String(results[1]), /Exit code 3/);
    const own = last.signatures.filter((value) => value !== 'skip_thought_signature_validator');
    assert.deepEqual(own, [signature('one'), signature('two')]);
    assert.deepEqual(
      last.media.map(({ kind, data }) => [kind, data === (kind === 'pdf' ? pdf : png).toString('base64')]),
      [
        ['image', true],
        ['pdf', true],
      ],
    );
    assert.match(last.assistant, /I look at two things\.[\s\S]*All done\./);
    assert.match(last.user, /More/);
  });

  test(`${dialect}: a subagent, a web search, and a summary of it all`, async () => {
    await using bench = await startBench({ dialect });
    const { upstream, claude } = bench;
    const results = [{ title: 'Weather in Berlin', url: 'https://weather.example/berlin' }];
    upstream.answerWhen(searching, {
      parts: [{ webSearch: 'weather', results }, { text: 'It is sunny.' }],
    });
    const prompt = 'Count the files, little one';
    const agent = {
      description: 'count',
      prompt,
      subagent_type: 'general-purpose',
      run_in_background: false,
    };
    upstream.answer(
      toolCalls({ tool: 'Agent', input: agent }),
      toolCalls({ tool: 'Bash', input: { command: 'echo from-sub' } }),
      text('There are 7 files.'),
      toolCalls({ tool: 'ToolSearch', input: { query: 'select:WebSearch', max_results: 5 } }),
      toolCalls({ tool: 'WebSearch', input: { query: 'weather in Berlin' }, id: 'call_w' }),
      text('7 files, and sunny.'),
      text('<analysis>short</analysis>\n<summary>The colour is teal.</summary>'),
      text('Teal it is.'),
    );
    const run = await claude.run('Use an agent, then search');
    assert.deepEqual(upstream.refusals, []);
    assert.equal(run.text, '7 files, and sunny.');
    const sub = upstream.messages.filter(({ text: body }) => body.includes(prompt)).map(seen);
    assert.match([...(sub[1]?.results.values() ?? [])].join(), /from-sub/);
    const search = upstream.messages.find(searching);
    assert.match(search?.text ?? '', dialect === 'gemini' ? /"googleSearch":\{\}/ : /"type":"web_search"/);
    const found = seen(await upstream.message(7)).results.get('call_w') ?? '';
    // Gemini tells its sources behind the text.
    for (const part of [/https:\/\/weather\.example\/berlin/, /It is sunny\./]) assert.match(found, part);
    const args = ['--resume', run.sessionId];
    await claude.run('/compact', { args });
    assert.equal((await claude.run('Which colour?', { args })).text, 'Teal it is.');
    assert.deepEqual(upstream.refusals, []);
    const after = seen(await upstream.message(9));
    assert.match(after.user, /The colour is teal\./);
    assert.equal(after.calls.length, 0);
  });

  test(`${dialect}: a break after content is retried, a prompt that is too long is named as such`, async () => {
    await using bench = await startBench({ dialect });
    const { upstream, claude } = bench;
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    upstream.answer({ parts: [{ text: 'Half of' }, { error }] }, text('The whole answer.'));
    const run = await claude.run('Hi');
    assert.deepEqual([run.text, run.isError], ['The whole answer.', false]);
    upstream.answer(failure(400, tooLong[dialect]));
    const long = await claude.run('Hi');
    assert.equal(long.isError, true);
    assert.match(long.text, /Prompt is too long/);
    assert.equal(upstream.messages.length, 3, 'asked once');
  });
}

const tooLong = {
  'openai-responses': {
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    code: 'context_length_exceeded',
  },
  gemini: {
    message: 'The input token count (1210000) exceeds the maximum number of tokens allowed (1048576).',
  },
};
