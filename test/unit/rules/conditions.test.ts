// Each key of `when`, with what meets it and what doesn't.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anyOf,
  conditionNames,
  headerCondition,
  imageCondition,
  makeCondition,
} from '../../../src/core/rules/conditions.ts';
import type { RuleFacts } from '../../../src/core/rules/rule.ts';

/** Local time: a Wednesday, shortly before midnight. */
const wednesday = new Date(2026, 5, 3, 23, 30).getTime();

function facts(more: Partial<RuleFacts> = {}): RuleFacts {
  return {
    model: 'claude-opus-5-5',
    requestClass: 'subagent',
    agentType: 'Explore',
    effort: 'high',
    image: false,
    clientName: 'Cherry Studio',
    workspace: '/home/me/work/secret/app',
    now: wednesday,
    tokens: () => 12_300,
    mostTokens: 40_000,
    toolNames: () => ['Bash', 'mcp__github__search'],
    header: (name) => (name === 'x-team' ? 'Red-7' : undefined),
    lastText: () => 'Please refactor this.',
    ...more,
  };
}

type Name = (typeof conditionNames)[number];
const cases: [name: Name, value: string, words: string | undefined][] = [
  ['model', 'claude-opus-*', 'model claude-opus-5-5'],
  ['model', 'CLAUDE-*', 'model claude-opus-5-5'],
  ['model', 'gpt-*', undefined],
  ['class', 'subagent', 'class subagent'],
  ['class', 'main', undefined],
  ['agent_type', 'explore', 'agent type Explore'],
  ['agent_type', 'Plan', undefined],
  ['effort', 'high', 'effort high'],
  ['effort', '>= high', 'effort high'],
  ['effort', '>=medium', 'effort high'],
  ['effort', '> high', undefined],
  ['effort', '<= high', 'effort high'],
  ['effort', '< high', undefined],
  ['effort', 'low', undefined],
  ['tokens', '< 20000', 'about 12,300 tokens < 20,000'],
  ['tokens', '<20k', 'about 12,300 tokens < 20,000'],
  ['tokens', '>= 12_300', 'about 12,300 tokens >= 12,300'],
  ['tokens', '> 12,300', undefined],
  ['tokens', '10000-20000', 'about 12,300 tokens between 10,000 and 20,000'],
  ['tokens', '12.3k..1m', 'about 12,300 tokens between 12,300 and 1,000,000'],
  ['tokens', '13k-20k', undefined],
  ['tools', 'Bash', 'tool Bash'],
  ['tools', 'mcp__github__*', 'tool mcp__github__search'],
  ['tools', 'Read', undefined],
  ['tools', 'none', undefined],
  ['tools', '> 1', '2 tools > 1'],
  ['tools', '> 2', undefined],
  ['text', '\\brefactor\\b', '"\\brefactor\\b" in the text'],
  ['text', 'rename', undefined],
  ['client', 'cherry*', 'client Cherry Studio'],
  ['client', 'cline', undefined],
  ['workspace', '/home/me/work', 'workspace /home/me/work'],
  ['workspace', '/home/me/work/secret/app/', 'workspace /home/me/work/secret/app/'],
  ['workspace', '/home/*/secret', 'workspace /home/*/secret'],
  ['workspace', '/home/me/wor', undefined],
  ['time', '22:00-06:00', 'time 22:00-06:00'],
  ['time', '09:00-18:00', undefined],
];

for (const [name, value, words] of cases)
  test(`${name}: ${value} ${words === undefined ? 'does not hold' : 'holds'}`, () => {
    assert.equal(makeCondition(name, value)(facts()), words);
  });

test('every key has a case that holds and one that does not', () => {
  for (const name of conditionNames) {
    const own = cases.filter(([each]) => each === name);
    assert.ok(
      own.some(([, , words]) => words !== undefined) && own.some(([, , words]) => words === undefined),
      name,
    );
  }
});

test('what a request does not say meets no condition', () => {
  const bare = facts({ model: '', toolNames: () => [], lastText: () => '' });
  for (const key of ['requestClass', 'agentType', 'effort', 'clientName', 'workspace'] as const)
    delete bare[key];
  for (const name of ['class', 'agent_type', 'client', 'workspace', 'tools'] as const)
    assert.equal(makeCondition(name, '*')(bare), undefined, name);
  assert.equal(makeCondition('effort', '<= max')(bare), undefined);
  assert.equal(makeCondition('tools', 'none')(bare), 'no tools');
});

test('headers: the value is compared and never told', () => {
  assert.equal(headerCondition('X-Team', 'red-*')(facts()), 'header X-Team');
  assert.equal(headerCondition('x-team', 'blue')(facts()), undefined);
  assert.equal(headerCondition('x-other', '*')(facts()), undefined);
});

test('images', () => {
  assert.equal(imageCondition(true)(facts()), undefined);
  assert.equal(imageCondition(false)(facts()), 'no image or document');
  assert.equal(imageCondition(true)(facts({ image: true })), 'an image or document');
});

test('of a list any may hold', () => {
  const any = anyOf([makeCondition('model', 'gpt-*'), makeCondition('model', '*opus*')]);
  assert.equal(any(facts()), 'model claude-opus-5-5');
  assert.equal(any(facts({ model: 'gemini' })), undefined);
});

test('tokens are not counted where the size of the request answers', () => {
  const uncounted = { tokens: () => assert.fail('counted'), mostTokens: 5_000 };
  assert.equal(makeCondition('tokens', '>= 60000')(facts(uncounted)), undefined);
  assert.equal(makeCondition('tokens', '< 20000')(facts(uncounted)), 'at most 5,000 tokens < 20,000');
});

test('Windows folders', () => {
  const at = facts({ workspace: 'C:/Users/me/work/app' });
  assert.equal(makeCondition('workspace', 'c:\\users\\me\\work')(at), 'workspace c:\\users\\me\\work');
});
