import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTarget } from '../../../src/core/config/target.ts';
import { matchesGlob } from '../../../src/core/glob.ts';
import { lookUpModel } from '../../../src/core/routing/names.ts';
import { group, provider, routerConfig, target } from '../../tools/config-builder.ts';

const config = routerConfig({
  providers: [provider('openrouter', ['qwen/qwen3-coder', 'GLM-5']), provider('魔搭', ['Qwen/Qwen3'])],
  groups: [
    group('fast', [target('openrouter/GLM-5')], { aliases: ['claude-sonnet-4-5', 'claude-3-5-sonnet-*'] }),
    group('openrouter/odd', [target('openrouter/GLM-5')]),
  ],
});

const cases: { name: string; kind?: string; target?: string; hint?: boolean }[] = [
  { name: 'fast', kind: 'explicit', target: 'fast' },
  { name: 'claude-switchyard/fast', kind: 'explicit', target: 'fast' },
  { name: 'claude-switchyard/auto' },
  { name: 'FAST', kind: 'explicit', target: 'fast', hint: true },
  { name: 'openrouter/qwen/qwen3-coder', kind: 'explicit', target: 'openrouter/qwen/qwen3-coder' },
  { name: 'openrouter,qwen/qwen3-coder', kind: 'explicit', target: 'openrouter/qwen/qwen3-coder' },
  { name: 'openrouter/unlisted:free', kind: 'explicit', target: 'openrouter/unlisted:free' },
  { name: 'OpenRouter/glm-5', kind: 'explicit', target: 'openrouter/GLM-5', hint: true },
  { name: 'openrouter/odd', kind: 'explicit', target: 'openrouter/odd' },
  { name: '魔搭/Qwen/Qwen3', kind: 'explicit', target: '魔搭/Qwen/Qwen3' },
  { name: 'claude-sonnet-4-5', kind: 'alias', target: 'fast' },
  { name: 'claude-3-5-sonnet-20241022', kind: 'alias', target: 'fast' },
  { name: 'claude-opus-5-5' },
  { name: 'nobody/x' },
  { name: 'openrouter/' },
  { name: '' },
];

for (const each of cases) {
  test(`the model name "${each.name}" means ${each.target ?? 'nothing'}`, () => {
    const match = lookUpModel(config, each.name);
    assert.equal(match?.kind, each.kind);
    assert.equal(match && formatTarget(match.target), each.target);
    assert.equal(match?.hint !== undefined, each.hint === true);
  });
}

test('globs match whole names and overlapping parts are not counted twice', () => {
  assert.equal(matchesGlob('claude-*', 'claude-opus'), true);
  assert.equal(matchesGlob('*sonnet*', 'claude-sonnet-4'), true);
  assert.equal(matchesGlob('ab*ba', 'aba'), false);
  assert.equal(matchesGlob('a*b*c', 'axxbyyc'), true);
  assert.equal(matchesGlob('a*b*c', 'axxcyyb'), false);
  assert.equal(matchesGlob('exact', 'exactly'), false);
});
