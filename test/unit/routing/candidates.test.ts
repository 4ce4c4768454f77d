import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import { candidatesOf, contextOf } from '../../../src/core/routing/candidates.ts';
import { group, key, model, provider, routerConfig, target } from '../../tools/config-builder.ts';

const idsOf = (config: RouterConfig, name: string) =>
  candidatesOf(config, target(name)).map((each) => each.id);

test('members come first, then fallbacks of the groups, then the general ones; each once', () => {
  const config = routerConfig({
    providers: ['a', 'b', 'c', 'd', 'e'].map((name) => provider(name, ['m'])),
    groups: [
      group('outer', [target('inner'), target('b/m'), target('a/m')], { fallbacks: [target('d/m')] }),
      group('inner', [target('a/m')], { fallbacks: [target('c/m'), target('outer')] }),
      group('last', [target('e/m')]),
    ],
    fallbacks: { '*': ['last', 'a/m'] },
  });
  assert.deepEqual(idsOf(config, 'outer'), ['a/main/m', 'b/main/m', 'c/main/m', 'd/main/m', 'e/main/m']);
  assert.deepEqual(idsOf(config, 'b/m'), ['b/main/m', 'e/main/m', 'a/main/m']);
});

test('fallbacks of a group replace the general ones', () => {
  const config = routerConfig({
    providers: ['a', 'b', 'c'].map((name) => provider(name, ['m'])),
    groups: [group('g', [target('a/m')])],
    fallbacks: { '*': ['b/m'], g: ['c/m'] },
  });
  assert.deepEqual(idsOf(config, 'g'), ['a/main/m', 'c/main/m']);
});

test('every key is a deployment; providers without keys have one, switched-off ones none', () => {
  const keys = [key('one'), key('two')];
  const config = routerConfig({
    providers: [
      provider('p', ['m'], { keys }),
      provider('local', ['m'], { keys: [] }),
      provider('off', ['m'], { enabled: false }),
    ],
    groups: [group('g', [target('off/m'), target('p/m'), target('local/unlisted')])],
  });
  assert.deepEqual(idsOf(config, 'g'), ['p/one/m', 'p/two/m', 'local/none/unlisted']);
});

test("a target's window is the smallest known one of its own members", () => {
  const config = routerConfig({
    providers: [
      provider('p', [model('big', { context: 1_000_000 }), model('small', { context: 32_000 }), 'unknown']),
    ],
    groups: [
      group('g', [target('p/big'), target('p/unknown')], { fallbacks: [target('p/small')] }),
      group('h', [target('p/unknown')]),
    ],
  });
  assert.equal(contextOf(config, target('p/big')), 1_000_000);
  assert.equal(contextOf(config, target('h')), undefined);
  assert.equal(contextOf(config, target('g')), 1_000_000);
});
