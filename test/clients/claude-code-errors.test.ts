// Failing upstreams, seen by the real Claude Code CLI: what the router survives, and what it must pass on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClaudeRun } from '../tools/claude-code.ts';
import { type Answer, failure, text } from '../tools/scripted-upstream.ts';
import { dialects, startBench } from './bench.ts';
import { seen } from './seen.ts';

/** How often the CLI itself tried again. */
function clientRetries(run: ClaudeRun): number {
  return run.messages.filter((message) => message.subtype === 'api_retry').length;
}

/** The router gives every failure to the client at once. */
const passOn = { retries: 0, max_wait: 0, max_attempts: 1, cooldown: 0 };
const pair = {
  groups: { both: { targets: ['main/main-model', 'spare/spare-model'] } },
  routes: { default: 'both' },
};
const once = { CLAUDE_CODE_MAX_RETRIES: '1' };

const tooLong = {
  anthropic: { message: 'prompt is too long: 210000 tokens > 200000 maximum' },
  'openai-chat': {
    message:
      "This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens. Please reduce the length of the messages.",
    code: 'context_length_exceeded',
  },
};

for (const dialect of dialects) {
  const passing: Record<string, Answer> = {
    '429 with retry-after': failure(429, { headers: { 'retry-after': '1' } }),
    '529': failure(529, { message: 'Overloaded' }),
    'an error before any content': {
      parts: [{ error: { type: 'overloaded_error', message: 'Overloaded' } }],
    },
  };

  test(`${dialect}: one target, passing trouble is not seen by the client`, async (t) => {
    await using bench = await startBench({ dialect });
    for (const [name, answer] of Object.entries(passing))
      await t.test(name, async () => {
        bench.upstream.clear();
        bench.upstream.answer(answer, text('Survived.'));
        const run = await bench.claude.run('Hi');
        assert.deepEqual([run.text, run.isError, clientRetries(run)], ['Survived.', false, 0]);
        assert.equal(bench.upstream.messages.length, 2);
      });
  });

  test(`${dialect}: two targets, the other one answers in the middle of a tool loop`, async () => {
    await using bench = await startBench({ dialect, config: pair });
    bench.upstream.answer(
      {
        parts: [
          { thinking: 'Hm.', signature: 'own' },
          { tool: 'Bash', input: { command: 'echo hi' } },
        ],
      },
      failure(429, { headers: { 'retry-after': '3600' } }),
    );
    bench.spare.answer(text('Spare here.'));
    const run = await bench.claude.run('Hi');
    assert.deepEqual([run.text, run.isError, clientRetries(run)], ['Spare here.', false, 0]);
    assert.equal(bench.upstream.messages.length, 2);
    const accepted = bench.spare.messages.filter((request) => request.refusal === undefined);
    assert.equal(accepted.length, 1);
    assert.match([...(accepted.map(seen)[0]?.results.values() ?? [])].join(), /hi/);
    // A signature of unknown origin is tried once: the spare may be the same Anthropic with another key.
    const invalid = 'messages.2.content.0: Invalid `signature` in `thinking` block';
    assert.deepEqual(bench.spare.refusals, dialect === 'anthropic' ? [invalid] : []);
    assert.deepEqual(bench.upstream.refusals, []);
  });

  test(`${dialect}: two targets, one not even listening`, async () => {
    await using bench = await startBench({ dialect, config: pair });
    await bench.upstream.close();
    bench.spare.answer(text('Spare here.'));
    const run = await bench.claude.run('Hi');
    assert.deepEqual([run.text, clientRetries(run)], ['Spare here.', 0]);
  });

  test(`${dialect}: the client's own retry after 429 and 529`, async () => {
    await using bench = await startBench({
      dialect,
      config: { routes: { default: 'main/main-model' }, resilience: passOn },
    });
    bench.upstream.answer(
      failure(529, { message: 'Overloaded' }),
      failure(429, { headers: { 'retry-after': '1' } }),
      text('Survived.'),
    );
    const run = await bench.claude.run('Hi');
    assert.deepEqual([run.text, run.isError], ['Survived.', false]);
    assert.equal(clientRetries(run), 2);
    const statuses = run.messages.flatMap((line) =>
      line.subtype === 'api_retry' ? [line.error_status] : [],
    );
    assert.deepEqual(statuses, [529, 429]);
  });

  test(`${dialect}: when nothing helps, the client learns what the upstream said`, async (t) => {
    const cases: [string, Answer, RegExp][] = [
      ['529', failure(529, { message: 'Everybody is here today' }), /529.*Everybody is here today/],
      ['429', failure(429, { message: 'Slow down, please' }), /429.*Slow down, please/],
      ['402', failure(402, { message: 'Insufficient Balance' }), /Insufficient Balance/],
      ['400', failure(400, { message: 'cannot do that, Dave' }), /400 .*cannot do that, Dave/],
    ];
    for (const [name, answer, expected] of cases)
      await t.test(name, async () => {
        await using bench = await startBench({
          dialect,
          config: { routes: { default: 'main/main-model' }, resilience: passOn },
        });
        bench.upstream.otherwise = () => answer;
        const run = await bench.claude.run('Hi', { env: once });
        assert.equal(run.isError, true);
        assert.match(run.text, expected);
      });
  });

  test(`${dialect}: a refused key is reported at once, not as the client's own login`, async () => {
    await using bench = await startBench({ dialect, upstream: { keys: ['another key'] } });
    const run = await bench.claude.run('Hi', { env: once, timeout: 20 });
    assert.equal(run.isError, true);
    assert.doesNotMatch(run.text, /run \/login/);
    assert.match(run.text, /main/, 'names the provider whose key is refused');
    assert.ok(!run.text.includes('key-of-main'));
  });

  test(`${dialect}: a stream that breaks after content is retried by the client, its text not doubled`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.answer({ parts: [{ text: 'Half of' }, { end: 'reset' }] }, text('The whole answer.'));
    const run = await bench.claude.run('Hi');
    assert.deepEqual([run.text, run.isError], ['The whole answer.', false]);
    assert.equal(bench.upstream.messages.length, 2);
    assert.deepEqual(bench.upstream.refusals, []);
  });

  test(`${dialect}: a stream cut without its end is not taken for an answer`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.answer({ parts: [{ text: 'Half of' }, { end: 'cut' }] }, text('The whole answer.'));
    const run = await bench.claude.run('Hi');
    assert.deepEqual([run.text, run.isError], ['The whole answer.', false]);
  });

  test(`${dialect}: an overload inside the stream`, async () => {
    await using bench = await startBench({ dialect });
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    bench.upstream.answer({ parts: [{ text: 'Half of' }, { error }] }, text('The whole answer.'));
    const run = await bench.claude.run('Hi');
    assert.deepEqual([run.text, run.isError], ['The whole answer.', false]);
  });

  test(`${dialect}: a first prompt that is too long is named as such`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.answer(failure(400, tooLong[dialect]));
    const run = await bench.claude.run('Hi');
    assert.equal(run.isError, true);
    assert.match(run.text, /Prompt is too long .* ~210000 tokens \(limit 200000\)/);
    assert.equal(bench.upstream.messages.length, 1, 'asked once');
  });

  test(`${dialect}: a conversation that grew too long is compacted by the client`, async () => {
    await using bench = await startBench({ dialect });
    bench.upstream.otherwise = (request) =>
      request.text.includes('Respond with TEXT ONLY')
        ? text('<analysis>x</analysis><summary>All was fine.</summary>')
        : text('fine '.repeat(500));
    const { sessionId } = await bench.claude.run('a '.repeat(3000));
    const args = ['--resume', sessionId];
    for (const letter of ['b', 'c', 'd']) await bench.claude.run(`${letter} `.repeat(3000), { args });
    bench.upstream.clear();
    bench.upstream.answer(failure(400, tooLong[dialect]));
    const run = await bench.claude.run('go on', { args });
    assert.equal(run.isError, false);
    const [refused, compaction, again, ...more] = bench.upstream.messages;
    assert.ok(refused && compaction && again && more.length === 0);
    assert.match(compaction.text, /Respond with TEXT ONLY/);
    assert.match(seen(again).user, /All was fine\./);
    assert.ok(again.text.length < refused.text.length);
    assert.deepEqual(bench.upstream.refusals, []);
  });
}
