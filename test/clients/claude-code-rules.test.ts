// Rules, profiles and clients, by what the real Claude Code CLI sends: the custom headers of a terminal, agent types,
// the tag in an agent's prompt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text, toolCalls } from '../tools/scripted-upstream.ts';
import { startBench } from './bench.ts';

const names = ['default', 'cheap', 'explore', 'folder', 'tagged', 'said'];
const config = {
  routes: { default: 'main/for-default' },
  rules: [
    { name: 'exploring', when: { agent_type: 'Explore', tokens: '< 100k' }, to: 'main/for-explore' },
    { when: { workspace: '/work/项目' }, to: 'main/for-folder' },
    { when: { class: 'main', text: '\\bpenguins?\\b' }, to: 'main/for-said', effort: 'low' },
  ],
  profiles: { cheap: { routes: { default: 'main/for-cheap' } } },
};

function startRules() {
  const models = names.map((name) => ({ id: `for-${name}` }));
  return startBench({ dialect: 'anthropic', provider: { models }, config });
}

test('the custom headers of a terminal name its profile and its folder', async (t) => {
  await using bench = await startRules();
  bench.upstream.otherwise = () => text('ok');
  const cases: [what: string, headers: string | undefined, model: string][] = [
    ['none', undefined, 'for-default'],
    ['a profile', 'X-Switchyard-Profile: cheap', 'for-cheap'],
    ['behind headers of the user', 'X-Mine: 1\nX-Switchyard-Profile: cheap', 'for-cheap'],
    // The editor can only append, and does not know whether there is something to append to.
    ['behind nothing', '\nX-Switchyard-Profile: cheap', 'for-cheap'],
    [
      'a folder',
      '\nX-Switchyard-Profile: cheap\nX-Switchyard-Workspace: /work/%E9%A1%B9%E7%9B%AE/app',
      'for-folder',
    ],
  ];
  for (const [what, headers, model] of cases)
    await t.test(what, async () => {
      bench.upstream.clear();
      await bench.claude.run('Hi', { env: { ANTHROPIC_CUSTOM_HEADERS: headers } });
      assert.deepEqual(
        bench.upstream.messages.map((request) => request.model),
        [model],
      );
      const sent = Object.keys(bench.upstream.messages[0]?.headers ?? {});
      assert.deepEqual(
        sent.filter((name) => name.startsWith('x-switchyard')),
        [],
      );
    });
});

test('agent types, what the user said, and the tag of a prompt', async () => {
  await using bench = await startRules();
  const agent = (type: string, prompt: string) =>
    toolCalls({
      tool: 'Agent',
      input: { description: 'look', prompt, subagent_type: type, run_in_background: false },
    });
  bench.upstream.answer(
    agent('Explore', 'Find the tests'),
    text('There.'),
    agent('general-purpose', '<CCR-SUBAGENT-MODEL>main,for-tagged</CCR-SUBAGENT-MODEL>\nCount the tests'),
    text('7.'),
    text('Done.'),
  );
  const run = await bench.claude.run('How many penguins are there?');
  assert.equal(run.text, 'Done.');
  const { messages } = bench.upstream;
  assert.deepEqual(
    messages.map((request) => request.model),
    ['for-said', 'for-explore', 'for-said', 'for-tagged', 'for-said'],
    'the rule holds for the whole task',
  );
  assert.ok(messages[3]?.text.includes('Count the tests'));
  assert.ok(!messages[3]?.text.includes('CCR-SUBAGENT-MODEL'));
  const { exchanges } = await bench.router.state();
  const reasons = exchanges.map((exchange) => exchange.reason).reverse();
  assert.equal(reasons[0], 'rule "rules[2]": class main, "\\bpenguins?\\b" in the text');
  assert.match(
    reasons[1] ?? '',
    /^rule "exploring": agent type Explore, (?:about|at most) [\d,]+ tokens < 100,000$/,
  );
  assert.equal(reasons[3], 'a subagent tag names main,for-tagged');
  assert.deepEqual(bench.upstream.refusals, []);
});
