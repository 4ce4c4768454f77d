// Files that are meant to hurt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest } from '../../../src/core/config/names.ts';
import { loadText, problemsOf } from './load-text.ts';
import { Chance } from './random-config.ts';

/** Generous for a slow machine, far below what an explosion takes. */
const patience = 20_000;

test('aliases that multiply are stopped', { timeout: patience }, async () => {
  const levels = 'abcdefghijklmnop'.split('');
  const lines = levels.map((name, index) => {
    const inner = index === 0 ? '1' : `*${levels[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
  });
  const problems = await problemsOf(`${lines.join('\n')}\n`);
  assert.equal(problems[0], 'error config.yaml:4:36 d[7]: aliases multiply into too many values');
});

test('maps that multiply by merge keys are stopped', { timeout: patience }, async () => {
  const lines = Array.from(
    { length: 30 },
    (_, index) =>
      `k${index}: &k${index} { x${index}: ${index === 0 ? 1 : `[*k${index - 1}, *k${index - 1}, *k${index - 1}]`} }`,
  );
  const problems = await problemsOf(lines.join('\n'));
  assert.ok(
    problems.some((line) => line.includes('aliases multiply')),
    problems[0],
  );
});

test('many aliases of one small value are fine', { timeout: patience }, async () => {
  const { problems } = await loadText(
    `providers:\n  p: { preset: ollama, models: [&m x] }\n  q: { preset: ollama, headers: { ${Array.from({ length: 2000 }, (_, index) => `h${index}: *m`).join(', ')} } }\nroutes: { default: p }\n`,
  );
  assert.deepEqual(
    problems.filter((problem) => problem.severity === 'error'),
    [],
  );
});

test('deep nesting is an error, not a crash', { timeout: patience }, async () => {
  for (const text of [
    '['.repeat(50_000),
    `a: ${'{a: '.repeat(3000)}`,
    `x: ${'['.repeat(500)}${']'.repeat(500)}`,
  ]) {
    const problems = await problemsOf(text);
    assert.ok(
      problems.some((line) => line.startsWith('error')),
      text.slice(0, 10),
    );
  }
});

test('a file that is far too large is refused', async () => {
  assert.deepEqual(await problemsOf(' '.repeat(4_000_001)), [
    'error config.yaml:1:1 the file is larger than 4 MB; this can not be a configuration',
  ]);
});

test('names of JavaScript are names like others', async () => {
  const { config, problems } = await loadText(`providers:
  constructor: { preset: ollama, models: [toString], headers: { hasOwnProperty: x } }
  toString: { preset: ollama, models: [{ id: valueOf, params: { constructor: 1 } }] }
groups:
  hasOwnProperty: { targets: [constructor/toString], aliases: [prototype] }
routes: { default: hasOwnProperty }
fallbacks: { hasOwnProperty: [toString/valueOf] }
`);
  assert.deepEqual(problems, []);
  assert.equal(config?.providers.size, 2);
  assert.deepEqual(config?.groups.get('hasOwnProperty')?.targets, [
    { kind: 'model', provider: 'constructor', model: 'toString', weight: 1 },
  ]);
});

test('unknown fields with such names are warnings, and nothing is polluted', async () => {
  const problems = await problemsOf(`constructor: { prototype: { polluted: 1 } }
providers:
  p: { preset: ollama, toString: 1, models: [{ id: x, params: { "__proto__": { polluted: 1 }, a: 1 } }] }
routes: { default: p }
`);
  assert.deepEqual(problems, [
    'error config.yaml:3:65 providers.p.models[0].params.__proto__: this name is not allowed',
  ]);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  assert.deepEqual(await problemsOf('constructor: 1\n__proto__x: 1\n'), [
    'warning config.yaml:1:1 constructor: unknown field, ignored',
    'warning config.yaml:2:1 __proto__x: unknown field, ignored',
  ]);
});

test('tags do not build anything', async () => {
  const { config } = await loadText(
    'server: !!js/function "function () {}"\nproviders: !!python/object:os.system { a: b }\n',
  );
  assert.equal(config, undefined);
});

test('anything at all gives problems, never an exception', { timeout: patience }, async () => {
  const pieces = [
    'providers',
    ':',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '"',
    "'",
    '|',
    '>',
    '#',
    '!!',
    '?',
    ',',
    'x',
    '\t',
    '\0',
    '\u2028',
    '<<',
    `\${env:A}`,
    '---',
    '%YAML',
    '@',
    '`',
    '\r',
  ];
  const chance = new Chance(7);
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: chance.below(25) }, () => chance.one(pieces)).join('');
    const loaded = await loadText(text);
    assert.ok(loaded.config !== undefined || loaded.problems.length > 0, JSON.stringify(text));
  }
});

test('proposals are near, or none', () => {
  const names = ['openrouter', 'deepseek', 'groq', 'a'];
  assert.equal(closest('openruter', names), 'openrouter');
  assert.equal(closest('opnerouter', names), 'openrouter');
  assert.equal(closest('Deep-Seek', names), 'deepseek');
  assert.equal(closest('grok', names), 'groq');
  assert.equal(closest('mistral', names), undefined);
  assert.equal(closest('zz', names), undefined);
  assert.equal(closest('x'.repeat(10_000), names), undefined);
});
